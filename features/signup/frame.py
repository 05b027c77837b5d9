"""People who just signed up, before the market they meet, as columns.

Everything is asked as of one instant: the profile then in force, the jobs posted and the
people who joined before it. What they did themselves is not asked: a newcomer did nothing yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from features.signup.outlook import Outlook
from matcher.ports import Column, Rows
from matcher.ragged import Ragged
from matcher.roster import Freelancers

NEAREST = 20
_BLOCK = 512  # profiles compared with all recent jobs at once

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class SignupFrame:
    """n people as of one instant.

    Attributes:
        outlook: The market that they meet.
        rows: [n] freelancer rows.
    """

    outlook: Outlook
    rows: Rows

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def freelancers(self) -> Freelancers:
        """The roster that the rows belong to."""
        return self.outlook.snapshot.freelancers

    @cached_property
    def versions(self) -> Rows:
        """[n] the profile in force, -1 for none."""
        return self.outlook.versions[self.rows]

    def profile(self, name: str) -> Column:
        """[n] a number of the profile in force; NaN where there is none."""
        values: Column = getattr(self.freelancers, name)
        if len(values) == 0:
            return self.unknown()
        found = np.where(self.versions >= 0, values[np.maximum(self.versions, 0)], np.nan)
        return found.astype(np.float32)

    def unknown(self) -> Column:
        """[n] NaN."""
        return np.full(len(self), np.nan, np.float32)

    @cached_property
    def skills(self) -> Ragged:
        """[n] codes of the skills that each lists."""
        return self.freelancers.skills.take(self.versions)

    @cached_property
    def languages(self) -> Ragged:
        """[n] codes of the languages that each speaks."""
        return self.freelancers.languages.take(self.versions)

    @cached_property
    def skill_owner(self) -> Rows:
        """The person of each of `skills.codes`."""
        return np.repeat(np.arange(len(self)), np.diff(self.skills.ends))

    def over_skills(self, values: Floats) -> Column:
        """[n] mean over the skills listed of [s] values, unknown ones left out; NaN for none."""
        each = values[self.skills.codes]
        known = np.isfinite(each)
        owner = self.skill_owner[known]
        count = np.bincount(owner, minlength=len(self))
        total = np.bincount(owner, each[known], minlength=len(self))
        out = np.full(len(self), np.nan, np.float32)
        np.divide(total, count, out=out, where=count > 0, casting="same_kind")
        return out

    @cached_property
    def nearest(self) -> tuple[Rows, Column]:
        """[n, k] recent jobs nearest to each profile, and [n, k] how alike; k is at most 20.

        All NaN for whoever has no words. In no particular order.
        """
        jobs = self.outlook.recent
        k = min(NEAREST, len(jobs))
        places = np.zeros((len(self), k), np.int64)
        alike = np.full((len(self), k), np.nan, np.float32)
        has_words = (self.versions >= 0) & self.outlook.has_words(self.versions)
        vectors = self.outlook.snapshot.job_vectors[jobs]
        for start in range(0, len(self) if k else 0, _BLOCK):
            block = np.flatnonzero(has_words[start : start + _BLOCK]) + start
            profiles = self.outlook.snapshot.profile_vectors[self.versions[block]]
            similarity = profiles @ vectors.T
            best = np.argpartition(-similarity, k - 1, axis=1)[:, :k]
            places[block] = best
            alike[block] = np.take_along_axis(similarity, best, axis=1)
        return places, alike

    def near(self, per_job: Floats) -> Column:
        """[n] mean over the nearest recent jobs of a value each; NaN without words or jobs."""
        places, alike = self.nearest
        if places.shape[1] == 0:
            return self.unknown()
        means = per_job[places].mean(axis=1)
        return np.asarray(np.where(np.isfinite(alike).all(axis=1), means, np.nan), np.float32)

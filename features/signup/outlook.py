"""What a newcomer meets at an instant: recent jobs, and the people already there.

Made once an instant and shared by all who are looked at as of it. Only jobs posted, people
who joined, profiles in force and events strictly before the instant are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from features.signup.postings import Postings
from matcher.domain import DAY_US
from matcher.ports import Instants, Mask, Rows
from matcher.ragged import spans
from matcher.snapshot import Snapshot

LATELY_DAYS = 90.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A market just before an instant.

    Attributes:
        postings: The snapshot's jobs in the freelancers' own codes.
    """

    snapshot: Snapshot
    postings: Postings
    as_of: int

    @cached_property
    def recent(self) -> Rows:
        """[m] job rows posted in the last 90 days, oldest first."""
        since = self.as_of - round(LATELY_DAYS * DAY_US)
        edges = np.searchsorted(self.snapshot.jobs.posted_at, [since, self.as_of])
        return np.arange(*edges)

    @cached_property
    def days(self) -> float:
        """How many days the recent jobs span: 90, or as many as the market has had."""
        posted = self.snapshot.jobs.posted_at
        seen = (self.as_of - posted[0]) / DAY_US if len(posted) else 0.0
        return float(min(max(seen, 1.0), LATELY_DAYS))

    @cached_property
    def versions(self) -> Rows:
        """[F] the profile in force, -1 for none and for whoever has not joined."""
        freelancers = self.snapshot.freelancers
        return np.where(
            freelancers.joined_before(self.as_of), freelancers.versions(self.as_of), -1
        ).astype(np.int64)

    @cached_property
    def pool(self) -> Rows:
        """[p] the profiles in force of everybody who has joined."""
        return self.versions[self.versions >= 0]

    def has_words(self, versions: Rows) -> Mask:
        """[n] whether profiles say anything; a negative one does not."""
        if len(self.snapshot.has_words) == 0:
            return np.zeros(len(versions), np.bool_)
        return (versions >= 0) & self.snapshot.has_words[np.maximum(versions, 0)]

    @cached_property
    def named(self) -> Floats:
        """[s] how often recent jobs name each skill, a month."""
        skills = self.postings.skills.take(self.recent)
        count = np.bincount(skills.codes, minlength=self._width)
        return np.asarray(count * 30.0 / self.days, np.float64)

    @cached_property
    def offered(self) -> Floats:
        """[s] how many people list each skill."""
        codes = self.snapshot.freelancers.skills.take(self.pool).codes
        return np.bincount(codes, minlength=self._width).astype(np.float64)

    @cached_property
    def usual_rates(self) -> Floats:
        """[s] median rate of those who list each skill; NaN where none is known."""
        skills = self.snapshot.freelancers.skills.take(self.pool)
        owner = np.repeat(self.pool, np.diff(skills.ends))
        return medians(skills.codes, self.snapshot.freelancers.rate[owner], width=self._width)

    @cached_property
    def usual_budgets(self) -> Floats:
        """[s] median hourly budget of the recent jobs that name each skill; NaN likewise."""
        skills = self.postings.skills.take(self.recent)
        owner = np.repeat(self.recent, np.diff(skills.ends))
        return medians(skills.codes, self.postings.hourly_budget[owner], width=self._width)

    @cached_property
    def usual_rate(self) -> float:
        """Median rate of everybody; NaN where none is known."""
        rates = self.snapshot.freelancers.rate[self.pool]
        known = rates[np.isfinite(rates)]
        return float(np.median(known)) if len(known) else np.nan

    @cached_property
    def wanted(self) -> Floats:
        """[m] how many people applied for each recent job, or accepted an invitation."""
        interests = self.snapshot.history.interests
        return self._counted(interests.ends, at=interests.at, who=interests.freelancer)

    @cached_property
    def first_hires(self) -> Floats:
        """[m] how many people got their first job ever with each recent job."""
        engagements = self.snapshot.history.engagements
        first = self.postings.first_hired_at
        return self._counted(engagements.ends, at=first, who=engagements.freelancer)

    def _counted(self, ends: Rows, *, at: Instants, who: Rows) -> Floats:
        """[m] what happened with each recent job before the instant, of those who had joined."""
        positions, owner = spans(ends[self.recent], ends[self.recent + 1])
        joined_at = self.snapshot.freelancers.joined_at[who[positions]]
        past = (at[positions] < self.as_of) & (joined_at < self.as_of)
        return np.bincount(owner[past], minlength=len(self.recent)).astype(np.float64)

    @property
    def _width(self) -> int:
        return len(self.snapshot.freelancers.skill_names)


def medians(keys: Rows, values: NDArray[np.float32], *, width: int) -> Floats:
    """[width] median of the known values of each key; NaN where none is.

    >>> medians(np.array([0, 0, 2]), np.array([1, 3, 5], np.float32), width=3).tolist()
    [2.0, nan, 5.0]
    """
    known = np.isfinite(values)
    keys, found = keys[known], values[known].astype(np.float64)
    order = np.lexsort((found, keys))
    keys, found = keys[order], found[order]
    starts = np.searchsorted(keys, np.arange(width))
    sizes = np.searchsorted(keys, np.arange(width), side="right") - starts
    out = np.full(width, np.nan)
    some = sizes > 0
    low = starts[some] + (sizes[some] - 1) // 2
    high = starts[some] + sizes[some] // 2
    out[some] = (found[low] + found[high]) / 2
    return out

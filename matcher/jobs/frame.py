"""The jobs of one freelancer's list beside that freelancer, as columns.

The pairs are those of the other direction, (job, freelancer), and each is asked
about as of the query's instant; here the freelancer is the same in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain import DAY_US
from matcher.evidence import Evidence
from matcher.interests import Interests
from matcher.jobs.columns import JobColumns
from matcher.jobs.past import Past
from matcher.jobs.precedents import Field
from matcher.jobs.query import JobsQuery
from matcher.ports import Column, Rows
from matcher.ragged import Ragged
from matcher.snapshot import Snapshot

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsFrame:
    """n pairs of a job and the freelancer who asks.

    Attributes:
        constants: What is usual in this market, learned before `until`.
        rarity: [S] worth of every skill that jobs list, by code.
        rows: [n] job rows.
        parts: Per source, [n] scores; NaN where it did not find the job.
        fused: [n] the fused score.
        evidence: Per memory; a pair's past jobs come nearest first.
        field: What the market's latest jobs like each one say.
        momentum: [n] hires lately in the job's category over all; NaN without a category.
        skills: [n] skill codes that each job lists.
        listed: [l] the skills that the freelancer lists, as codes of the jobs' own list.
    """

    query: JobsQuery
    snapshot: Snapshot
    columns: JobColumns
    constants: Mapping[str, float]
    rarity: Floats
    rows: Rows
    parts: Mapping[str, Column]
    fused: Column
    evidence: Mapping[str, Evidence]
    field: Field
    momentum: Column
    skills: Ragged
    listed: Rows

    def __len__(self) -> int:
        return len(self.rows)

    def unknown(self) -> Column:
        """[n] NaN."""
        return np.full(len(self), np.nan, np.float32)

    def profile(self, name: str) -> float:
        """A numeric column of `Freelancers` in the profile in force; NaN unknown."""
        version = self.query.version
        return float(getattr(self.snapshot.freelancers, name)[version]) if version >= 0 else np.nan

    def in_category(self, past: Past, half_life_days: float) -> Column:
        """[n] decayed past jobs of the same category; NaN for a job without one."""
        return self._shared(past, self.snapshot.jobs.category, half_life_days)

    def for_client(self, past: Past, half_life_days: float) -> Column:
        """[n] decayed past jobs of the same client; NaN for an unknown client."""
        return self._shared(past, self.snapshot.jobs.client, half_life_days)

    def skill_jobs(self, past: Past, half_life_days: float) -> Column:
        """[n] decayed past jobs that list a required skill, summed over skills."""
        listed = self.snapshot.jobs.skills.take(past.jobs)
        worth = np.repeat(past.decayed(half_life_days), np.diff(listed.ends))
        size = len(self.snapshot.jobs.skill_names)
        total = np.bincount(listed.codes, worth, minlength=size)
        return self.skills.overlap(np.arange(size), weights=np.asarray(total, np.float64))

    def so_far(self, of: Interests) -> Column:
        """[n] signs of a kind that each job had got from anybody."""
        _, owner = of.of_jobs(self.rows, as_of=self.query.as_of)
        return np.bincount(owner, minlength=len(self)).astype(np.float32)

    def of_mine(self, of: Interests) -> Column:
        """[n] one where the freelancer had given or got that sign, else 0."""
        positions, owner = of.of_jobs(self.rows, as_of=self.query.as_of)
        mine = owner[of.freelancer[positions] == self.query.freelancer]
        return (np.bincount(mine, minlength=len(self)) > 0).astype(np.float32)

    def age_days(self) -> Column:
        """[n] days since the posting; NaN for a job that is posted later."""
        posted = self.snapshot.jobs.posted_at[self.rows]
        days = ((self.query.as_of - posted) / DAY_US).astype(np.float32)
        return np.where(days > 0, days, np.float32(np.nan))

    def is_mine(self) -> Column:
        """[n] one where the freelancer is the client, else 0; NaN for an unknown client."""
        client = self.snapshot.jobs.client[self.rows]
        own = self.snapshot.history.row_client[self.query.freelancer]
        return np.where(client >= 0, client == own, np.nan).astype(np.float32)

    def languages_spoken(self) -> Column:
        """[n] share of each job's languages that the freelancer speaks; NaN unknown."""
        freelancers, version = self.snapshot.freelancers, self.query.version
        codes = freelancers.languages.take(np.array([version])).codes
        if len(codes) == 0:
            return self.unknown()
        names = (freelancers.language_names.names[code] for code in codes)
        wanted = self.columns.languages.take(self.rows)
        spoken = wanted.overlap(self.columns.language_names.wanted(names))
        asked = wanted.row_sizes
        return np.divide(spoken, asked, out=self.unknown(), where=asked > 0)

    def same_country(self) -> Column:
        """[n] one where job and freelancer share a country, else 0; NaN unknown."""
        freelancers, version = self.snapshot.freelancers, self.query.version
        code = int(freelancers.country[version]) if version >= 0 else -1
        if code < 0:
            return self.unknown()
        own = self.columns.countries.code(freelancers.countries.names[code])
        country = self.columns.country[self.rows]
        return np.where(country >= 0, country == own, np.nan).astype(np.float32)

    def _shared(self, past: Past, codes: Rows, half_life_days: float) -> Column:
        wanted = codes[self.rows]
        shared = past.by_code(codes, wanted, half_life_days=half_life_days)
        return np.where(wanted >= 0, shared, np.nan).astype(np.float32)

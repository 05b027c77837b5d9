"""What the market's latest jobs like an open one say of it: who delivers such jobs, and how many.

A freelancer's own past says what they might want; these say whether others are nearer
to it, and whether such jobs hire one person or a team.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain import DAY_US
from matcher.engagements import Engagements
from matcher.ports import Column, Rows
from matcher.ragged import spans

EXPONENT = 6.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedents:
    """Past jobs that resemble each of [c] jobs, as of an instant.

    Attributes:
        asked: [c] job rows, rising.
        ends: [c + 1] int64; what resembles `asked[i]` is `ends[i]:ends[i + 1]`.
        jobs: [m] job rows.
        similarity: [m] float32 in 0..1.
    """

    as_of: int
    asked: Rows
    ends: Rows
    jobs: Rows
    similarity: Column

    @classmethod
    def of(
        cls, asked: Rows, owner: Rows, jobs: Rows, similarity: Column, *, as_of: int
    ) -> Precedents:
        """From what an index found; `owner` is the place in `asked`, rising."""
        return cls(
            as_of=as_of,
            asked=asked,
            ends=np.searchsorted(owner, np.arange(len(asked) + 1)),
            jobs=jobs,
            similarity=np.clip(similarity, 0, 1),
        )

    def field(self, rows: Rows, engagements: Engagements, *, freelancer: int) -> Field:
        """What they say of [n] of the jobs asked about, to one freelancer."""
        place = np.searchsorted(self.asked, rows)
        positions, pair = spans(self.ends[place], self.ends[place + 1])
        hires, owner = engagements.of_jobs(self.jobs[positions], as_of=self.as_of)
        likeness = self.similarity[positions].astype(np.float64) ** EXPONENT
        return Field(
            pairs=len(rows),
            likeness=np.asarray(np.bincount(pair, likeness, minlength=len(rows)), np.float64),
            pair=pair[owner],
            vote=likeness[owner],
            age_days=(self.as_of - engagements.at[hires]) / DAY_US,
            is_own=engagements.freelancer[hires] == freelancer,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """m hires for the precedents of n jobs.

    Attributes:
        likeness: [n] of all precedents of a job together.
        pair: [m] which job each hire's precedent resembles; `vote` how much.
        is_own: [m] whether the freelancer was the one hired.
    """

    pairs: int
    likeness: Floats
    pair: Rows
    vote: Floats
    age_days: Floats
    is_own: NDArray[np.bool_]

    def own_share(self, half_life_days: float) -> Column:
        """[n] the freelancer's part of all votes, halved with age; NaN without any."""
        vote = self.vote * np.exp2(-self.age_days / half_life_days)
        every = np.bincount(self.pair, vote, minlength=self.pairs)
        own = np.bincount(self.pair, vote * self.is_own, minlength=self.pairs)
        out = np.full(self.pairs, np.nan)
        np.divide(own, every, out=out, where=every > 0)
        return out.astype(np.float32)

    def votes(self, half_life_days: float) -> Column:
        """[n] the votes of everybody's hires, halved with age."""
        vote = self.vote * np.exp2(-self.age_days / half_life_days)
        return np.bincount(self.pair, vote, minlength=self.pairs).astype(np.float32)

    def team(self) -> Column:
        """[n] hires a precedent, weighted by likeness; NaN without any."""
        every = np.bincount(self.pair, self.vote, minlength=self.pairs)
        out = np.full(self.pairs, np.nan)
        np.divide(every, self.likeness, out=out, where=self.likeness > 0)
        return out.astype(np.float32)

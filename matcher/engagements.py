"""Who was hired for what, job by job, with how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.domain import Kind
from matcher.inserted import Inserted, place_of, spread
from matcher.outgrown import Outgrown
from matcher.ports import Column, Instants, Rows
from matcher.ragged import spans

NEVER = np.iinfo(np.int64).max
CANCELLED_WEIGHT = 0.3
ENDINGS = (Kind.CANCELLED, Kind.RATED_FREELANCER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagements:
    """Who was hired for what, job by job, with how it went.

    Attributes:
        ends: [N + 1] int64; engagements of job row j are `ends[j]:ends[j + 1]`, in time order.
        freelancer: [m] rows.
        at: [m] instants of the hire.
        cancelled_at: [m] instants; `NEVER` where it was not broken off.
        rated_at: [m] instants; `NEVER` without a public rating.
        stars: [m] float32 in 1..5; NaN without one.
        loose: Jobs and freelancers, by row, of ratings and cancellations without a hire.
    """

    ends: Rows
    freelancer: Rows
    job: Rows
    at: Instants
    cancelled_at: Instants
    rated_at: Instants
    stars: Column
    loose: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(
        cls,
        at: Instants,
        who: Rows,
        what: Rows,
        value: NDArray[np.float64],
        of_kind: Mapping[Kind, NDArray[np.bool_]],
        *,
        jobs: int,
    ) -> Engagements:
        """One a (job, freelancer): the first hire, the first cancellation, the first stars."""
        pair = what * (int(who.max(initial=0)) + 1) + who

        def first(kind: Kind) -> Rows:
            rows = np.flatnonzero(of_kind[kind])
            rows = rows[np.lexsort((value[rows], at[rows], pair[rows]))]
            return rows[np.unique(pair[rows], return_index=True)[1]]

        hires = first(Kind.HIRED)
        cancelled, rated = first(Kind.CANCELLED), first(Kind.RATED_FREELANCER)
        hires = hires[np.lexsort((who[hires], at[hires], what[hires]))]

        def matched(rows: Rows) -> Rows:
            if len(rows) == 0:
                return np.full(len(hires), -1)
            place = np.minimum(np.searchsorted(pair[rows], pair[hires]), len(rows) - 1)
            return np.where(pair[rows][place] == pair[hires], rows[place], -1)

        ended, starred = matched(cancelled), matched(rated)
        loose = np.setdiff1d(np.append(cancelled, rated), np.append(ended, starred))
        return cls(
            ends=np.searchsorted(what[hires], np.arange(jobs + 1)),
            freelancer=who[hires],
            job=what[hires],
            at=at[hires],
            cancelled_at=np.where(ended >= 0, at[ended], NEVER) if len(at) else at[hires],
            rated_at=np.where(starred >= 0, at[starred], NEVER) if len(at) else at[hires],
            stars=np.where(starred >= 0, value[starred], np.nan).astype(np.float32)
            if len(at)
            else np.zeros(0, np.float32),
            loose=frozenset(zip(what[loose].tolist(), who[loose].tolist(), strict=True)),
        )

    def of_jobs(self, jobs: Rows, *, as_of: int) -> tuple[Rows, Rows]:
        """Engagements begun before `as_of` for some jobs, and the place of each one's job."""
        positions, owner = spans(self.ends[jobs], self.ends[jobs + 1])
        past = self.at[positions] < as_of
        return positions[past], owner[past]

    def weight(self, positions: Rows, *, as_of: int) -> Column:
        """[n] in (0, 1]: how much an engagement recommends, by what was known of its outcome.

        One while nothing speaks against it; `CANCELLED_WEIGHT` once broken off; with s
        stars, (1 + s) / 6.
        """
        out = np.ones(len(positions))
        rated = self.rated_at[positions] < as_of
        out[rated] = (1 + self.stars[positions][rated]) / 6
        out[self.cancelled_at[positions] < as_of] *= CANCELLED_WEIGHT
        return out.astype(np.float32)

    def grown(
        self, new: Engagements, *, jobs: int, place: Rows, endings: Mapping[Kind, Endings]
    ) -> tuple[Engagements, Inserted]:
        """The same with more hires and endings, and where the hires went.

        Args:
            new: Of the new events alone.
            jobs: How many there are by now.
            place: [F] place of each freelancer in the order of ids.
            endings: Per kind that ends an engagement, the new events of it.

        Raises:
            Outgrown: Something came before what was known to be the first.
        """
        pairs = zip(new.job.tolist(), new.freelancer.tolist(), strict=True)
        if not self.loose.isdisjoint(pairs):
            raise Outgrown("a hire of somebody who was rated for it before")
        known = place_of(self, new.job, new.freelancer)
        again = known >= 0
        if (new.at[again] < self.at[known[again]]).any():
            raise Outgrown("an earlier hire for the same job")
        fresh = np.flatnonzero(~again)
        inserted = Inserted.among(
            self, new.job[fresh], new.freelancer[fresh], new.at[fresh], place=place
        )
        nothing_ends = not any(len(ended.at) for ended in endings.values())
        if len(inserted) == 0 and nothing_ends and jobs == len(self.ends) - 1:
            return self, inserted
        unending = np.full(len(fresh), NEVER)
        grown = Engagements(
            ends=spread(self.ends, inserted, jobs=jobs),
            freelancer=inserted.into(self.freelancer, inserted.freelancer),
            job=inserted.into(self.job, inserted.job),
            at=inserted.into(self.at, inserted.at),
            cancelled_at=inserted.into(self.cancelled_at, unending),
            rated_at=inserted.into(self.rated_at, unending),
            stars=inserted.into(self.stars, np.full(len(fresh), np.nan, np.float32)),
        )
        loose = [grown._end(kind, endings[kind]) for kind in ENDINGS]
        return replace(grown, loose=self.loose.union(*loose)), inserted

    def _end(self, kind: Kind, ended: Endings) -> set[tuple[int, int]]:
        """Note endings in arrays that nobody else has seen yet; the first one counts.

        Returns:
            Jobs and freelancers of those that end nothing.
        """
        known = place_of(self, ended.job, ended.freelancer)
        ends = self.cancelled_at if kind is Kind.CANCELLED else self.rated_at
        begun = known >= 0
        if ((ends[known[begun]] != NEVER) & (ended.at[begun] <= ends[known[begun]])).any():
            raise Outgrown("an earlier ending")
        order = np.lexsort((ended.value, ended.at))[::-1]  # the first is written last
        order = order[begun[order]]
        order = order[ends[known[order]] == NEVER]
        ends[known[order]] = ended.at[order]
        if kind is Kind.RATED_FREELANCER:
            self.stars[known[order]] = ended.value[order]
        return set(zip(ended.job[~begun].tolist(), ended.freelancer[~begun].tolist(), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """m new events of one kind that end an engagement."""

    job: Rows
    freelancer: Rows
    at: Instants
    value: NDArray[np.float64]

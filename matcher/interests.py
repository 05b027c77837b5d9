"""Who wanted which job: applied for it, or accepted an invitation to it.

Far more people apply than are hired, newcomers among them; so what somebody
applied for tells their trade before any hire does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.domain import Kind
from matcher.inserted import Inserted, place_of, spread
from matcher.outgrown import Outgrown
from matcher.ports import Column, Instants, Rows
from matcher.ragged import spans

WANTING = (Kind.APPLIED, Kind.INVITE_ACCEPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interests:
    """The first sign of interest of a freelancer in a job, job by job.

    Attributes:
        ends: [N + 1] int64; interests in job row j are `ends[j]:ends[j + 1]`, in time order.
        freelancer: [m] rows.
        at: [m] instants.
    """

    ends: Rows
    freelancer: Rows
    at: Instants

    @classmethod
    def of(cls, at: Instants, who: Rows, what: Rows, *, jobs: int) -> Interests:
        """From events that show interest, in any order."""
        at, who, what = first_signs(at, who, what)
        order = np.lexsort((who, at, what))
        return cls(
            ends=np.searchsorted(what[order], np.arange(jobs + 1)),
            freelancer=who[order],
            at=at[order],
        )

    def grown(
        self, at: Instants, who: Rows, what: Rows, *, jobs: int, place: Rows
    ) -> tuple[Interests, Inserted]:
        """The same with more signs, and where those went that are the first of their pair.

        Args:
            jobs: How many there are by now.
            place: [F] place of each freelancer in the order of ids.

        Raises:
            Outgrown: A sign came before what was known to be the first.
        """
        at, who, what = first_signs(at, who, what)
        known = place_of(self, what, who)
        again = known >= 0
        if (at[again] < self.at[known[again]]).any():
            raise Outgrown("an earlier sign of interest in the same job")
        fresh = ~again
        inserted = Inserted.among(self, what[fresh], who[fresh], at[fresh], place=place)
        if len(inserted) == 0 and jobs == len(self.ends) - 1:
            return self, inserted
        grown = Interests(
            ends=spread(self.ends, inserted, jobs=jobs),
            freelancer=inserted.into(self.freelancer, inserted.freelancer),
            at=inserted.into(self.at, inserted.at),
        )
        return grown, inserted

    def of_jobs(self, jobs: Rows, *, as_of: int) -> tuple[Rows, Rows]:
        """Interests shown before `as_of` in some jobs, and the place of each one's job."""
        positions, owner = spans(self.ends[jobs], self.ends[jobs + 1])
        past = self.at[positions] < as_of
        return positions[past], owner[past]

    def weight(self, positions: Rows, *, as_of: int) -> Column:  # noqa: ARG002  (a `Record`'s)
        """[n] one each: nothing is known of an interest but that it was shown before `as_of`."""
        return np.ones(len(positions), np.float32)


def first_signs(at: Instants, who: Rows, what: Rows) -> tuple[Instants, Rows, Rows]:
    """Instant, freelancer and job of the first of each pair among some signs in any order."""
    order = np.lexsort((at, who, what))
    at, who, what = at[order], who[order], what[order]
    is_first = np.ones(len(at), np.bool_)
    is_first[1:] = (what[1:] != what[:-1]) | (who[1:] != who[:-1])
    return at[is_first], who[is_first], what[is_first]

"""Where new entries go in a record that lies job by job, in time order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.ports import Instants, Rows
from matcher.ragged import spans

Scalar = TypeVar("Scalar", bound=np.generic)


class ByJob(Protocol):
    """A record of people and jobs: `Engagements` or `Interests`."""

    @property
    def ends(self) -> Rows:
        """[N + 1]: what concerns job row j is `ends[j]:ends[j + 1]`, by time and then by id."""
        ...

    @property
    def freelancer(self) -> Rows:
        """[m] rows."""
        ...

    @property
    def at(self) -> Instants:
        """[m] instants."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Inserted:
    """k new entries, in the order of their places.

    Attributes:
        points: [k] position in the record before that each is put in front of, rising.
        job: [k] job rows; `freelancer` and `at` likewise.
    """

    points: Rows
    job: Rows
    freelancer: Rows
    at: Instants

    @classmethod
    def among(
        cls, record: ByJob, job: Rows, freelancer: Rows, at: Instants, *, place: Rows
    ) -> Inserted:
        """Find the places of [k] new entries in any order; none of them is on record.

        Args:
            place: [F] place of each freelancer in the order of ids; it breaks ties in time.
        """
        order = np.lexsort((place[freelancer], at, job))
        job, freelancer, at = job[order], freelancer[order], at[order]
        last = len(record.ends) - 1
        inside = np.minimum(job, last)
        start, stop = record.ends[inside], record.ends[np.minimum(inside + 1, last)]
        positions, owner = spans(start, stop)
        then, who = record.at[positions], place[record.freelancer[positions]]
        own, mine = at[owner], place[freelancer][owner]
        ahead = (then < own) | ((then == own) & (who < mine))
        before = np.bincount(owner, ahead, minlength=len(job)).astype(np.int64)
        return cls(points=start + before, job=job, freelancer=freelancer, at=at)

    def __len__(self) -> int:
        return len(self.points)

    def into(self, column: NDArray[Scalar], values: NDArray[Scalar]) -> NDArray[Scalar]:
        """A column of the record with the values of the new entries in their places."""
        return np.insert(column, self.points, values)

    def shifted(self, positions: Rows) -> Rows:
        """Where the entries at some positions of the record before lie now."""
        return positions + np.searchsorted(self.points, positions, side="right")

    @property
    def positions(self) -> Rows:
        """[k] where the new entries lie."""
        return self.points + np.arange(len(self.points))


def spread(ends: Rows, inserted: Inserted, *, jobs: int) -> Rows:
    """[jobs + 1] the ends of a record that holds the new entries, over more jobs."""
    longer = np.append(ends, np.full(jobs + 1 - len(ends), ends[-1]))
    longer[1:] += np.cumsum(np.bincount(inserted.job, minlength=jobs))
    return longer


def place_of(record: ByJob, jobs: Rows, people: Rows) -> Rows:
    """[k] positions of jobs and freelancers in a record that has each pair once; -1 without.

    A job row beyond the record has none.
    """
    last = len(record.ends) - 1
    inside = np.minimum(jobs, last)
    positions, owner = spans(record.ends[inside], record.ends[np.minimum(inside + 1, last)])
    same = record.freelancer[positions] == people[owner]
    out = np.full(len(jobs), -1)
    out[owner[same]] = positions[same]
    return out

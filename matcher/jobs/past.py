"""What one freelancer had to do with jobs before an instant.

The records of a history lie job by job; a `Ledger` turns one round, so that a
freelancer's own part of it is a range in time order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.domain import DAY_US
from matcher.inserted import Inserted
from matcher.ports import Instants, Rows
from matcher.ragged import spans
from matcher.retrieval.memory import Record

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Jobs that a freelancer delivered, or wanted, before an instant; the oldest first.

    Attributes:
        jobs: [p] job rows.
        age_days: [p] days from then to the instant, above 0.
        weight: [p] how much each recommends, in (0, 1].
    """

    jobs: Rows
    age_days: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.jobs)

    def latest(self, most: int) -> Past:
        """The `most` latest of them."""
        start = max(len(self) - most, 0)
        return Past(
            jobs=self.jobs[start:], age_days=self.age_days[start:], weight=self.weight[start:]
        )

    def decayed(self, half_life_days: float) -> Floats:
        """[p] the weight of each, halved with every half-life of age."""
        return self.weight * np.exp2(-self.age_days / half_life_days)

    def by_code(self, codes: Rows, wanted: Rows, *, half_life_days: float) -> Floats:
        """[n] decayed jobs that share a code with each wanted one; 0 for an unknown code.

        Args:
            codes: [N] the code of every job row, -1 unknown.
            wanted: [n] codes, -1 unknown.
        """
        size = int(max(codes.max(initial=-1), wanted.max(initial=-1))) + 2
        total = np.bincount(
            codes[self.jobs] + 1, self.decayed(half_life_days), minlength=size
        )  # the first place is that of the unknown
        total[0] = 0.0
        return np.asarray(total[wanted + 1], np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """A `Record`, freelancer by freelancer.

    Attributes:
        ends: [F + 1] int64; row f's entries are `ends[f]:ends[f + 1]`, in time order.
        positions: [m] places in the record.
        jobs: [m] job rows.
        at: [m] instants.
    """

    record: Record
    ends: Rows
    positions: Rows
    jobs: Rows
    at: Instants

    @classmethod
    def of(cls, record: Record, *, freelancers: int) -> Ledger:
        """Ties in time by job row, so by (posted_at, job_id)."""
        jobs = np.repeat(np.arange(len(record.ends) - 1), np.diff(record.ends))
        order = np.lexsort((jobs, record.at, record.freelancer))
        return cls(
            record=record,
            ends=np.searchsorted(record.freelancer[order], np.arange(freelancers + 1)),
            positions=order,
            jobs=jobs[order],
            at=record.at[order],
        )

    def grown(self, record: Record, inserted: Inserted, *, freelancers: int) -> Ledger:
        """The same of a record that has grown, and of more freelancers."""
        ends = np.append(self.ends, np.full(freelancers + 1 - len(self.ends), self.ends[-1]))
        if len(inserted) == 0:
            return replace(self, record=record, ends=ends)
        order = np.lexsort((inserted.job, inserted.at, inserted.freelancer))
        who, job, at = (one[order] for one in (inserted.freelancer, inserted.job, inserted.at))
        positions, owner = spans(ends[who], ends[who + 1])
        then, mine = self.at[positions], at[owner]
        ahead = (then < mine) | ((then == mine) & (self.jobs[positions] < job[owner]))
        points = ends[who] + np.bincount(owner, ahead, minlength=len(who)).astype(np.int64)
        ends[1:] += np.cumsum(np.bincount(who, minlength=freelancers))
        return Ledger(
            record=record,
            ends=ends,
            positions=np.insert(
                inserted.shifted(self.positions), points, inserted.positions[order]
            ),
            jobs=np.insert(self.jobs, points, job),
            at=np.insert(self.at, points, at),
        )

    def before(self, freelancer: int, as_of: int) -> Past:
        """What is on record of a freelancer row strictly before an instant."""
        start, stop = int(self.ends[freelancer]), int(self.ends[freelancer + 1])
        stop = start + int(np.searchsorted(self.at[start:stop], as_of))
        weight = self.record.weight(self.positions[start:stop], as_of=as_of)
        return Past(
            jobs=self.jobs[start:stop],
            age_days=(as_of - self.at[start:stop]) / DAY_US,
            weight=weight.astype(np.float64),
        )

    def within(self, start: int, stop: int) -> tuple[Rows, Rows]:
        """Freelancer rows and job rows of what fell into [start, stop), by freelancer and time."""
        inside = np.flatnonzero((self.at >= start) & (self.at < stop))
        owner = np.searchsorted(self.ends, inside, side="right") - 1
        return owner, self.jobs[inside]

"""Past jobs vote for the people who delivered them, or who wanted them.

A job joins a memory with its first hire (its first sign of interest), so the
memory lies in time order and "before this instant" is a range. Each neighbour
found hands its similarity, halved with every half-life of age and weighed by how
the engagement went, to everyone hired for it (to everyone who wanted it).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from matcher.candidates import Hits, Neighbours, Query
from matcher.domain import DAY_US
from matcher.engagements import NEVER
from matcher.evidence import Evidence
from matcher.outgrown import Outgrown
from matcher.ports import Column, Instants, Mask, Rows
from matcher.snapshot import Snapshot


class Record(Protocol):
    """What people had to do with jobs: `Engagements` or `Interests`."""

    @property
    def ends(self) -> Rows:
        """[N + 1]: what concerns job row j is `ends[j]:ends[j + 1]`, in time order."""
        ...

    @property
    def freelancer(self) -> Rows:
        """[m] rows."""
        ...

    @property
    def at(self) -> Instants:
        """[m] instants."""
        ...

    def of_jobs(self, jobs: Rows, *, as_of: int) -> tuple[Rows, Rows]:
        """Positions of what came before `as_of` for some jobs, and the place of each one's job."""
        ...

    def weight(self, positions: Rows, *, as_of: int) -> Column:
        """[n] in (0, 1]: how much each of them recommends."""
        ...


def record_of(source: str, snapshot: Snapshot) -> Record:
    """What the neighbours of a source vote with."""
    history = snapshot.history
    records: dict[str, Record] = {"interest": history.interests, "shortlist": history.shortlists}
    return records.get(source, history.engagements)


class Reach(NamedTuple):
    """Which positions of a memory lie before an instant.

    Attributes:
        first: How many of those that were there at first.
        later: Which of those that came later; None where none did.
    """

    first: int
    later: Mask | None


Finder = Callable[[Query, Reach], tuple[Rows, Column]]


@dataclass(frozen=True, slots=True)
class MemoryOrder:
    """The jobs that anything is on record of, in the order of its first entry.

    Those that came later follow, in the order in which they came.

    Attributes:
        jobs: [m] job rows.
        at: [m] instants of the first entry, rising but for those that came later.
        first: How many were there at first.
        places: [m] place of each in the order of time; None where they are in that order.
    """

    jobs: Rows
    at: Instants
    first: int
    places: Rows | None = None

    @classmethod
    def of(cls, record: Record) -> MemoryOrder:
        """Ties in time by job row, so by (posted_at, job_id)."""
        first = np.full(len(record.ends) - 1, NEVER)
        has = np.flatnonzero(np.diff(record.ends))
        first[has] = record.at[record.ends[has]]
        jobs = has[np.argsort(first[has], kind="stable")]
        return cls(jobs, first[jobs], len(jobs))

    def grown(self, before: Record, record: Record, touched: Rows) -> MemoryOrder:
        """The same with the jobs that have their first entry now.

        Args:
            before: What this is the order of.
            record: The same with more entries.
            touched: Rows of the jobs that these concern.

        Raises:
            Outgrown: A job has an entry now that precedes the first one it had.
        """
        jobs = np.unique(touched)
        known = jobs[jobs < len(before.ends) - 1]
        had = known[before.ends[known + 1] > before.ends[known]]
        if (record.at[record.ends[had]] < before.at[before.ends[had]]).any():
            raise Outgrown("an entry before the first of its job")
        new = np.setdiff1d(jobs, had)
        if len(new) == 0:
            return self
        at = np.append(self.at, record.at[record.ends[new]])
        jobs = np.append(self.jobs, new)
        places = np.empty(len(jobs), np.int64)
        places[np.lexsort((jobs, at))] = np.arange(len(jobs))
        return MemoryOrder(jobs, at, self.first, places)

    def before(self, as_of: int) -> Reach:
        """Which had their first entry strictly before an instant."""
        first = int(np.searchsorted(self.at[: self.first], as_of))
        later = self.at[self.first :] < as_of
        return Reach(first, later if len(later) else None)

    def latest(self, as_of: int, *, most: int) -> Rows:
        """Rows of the `most` latest jobs that had their first entry strictly before an instant."""
        if self.places is None:
            return self.jobs[: self.before(as_of).first][-most:]
        earlier = np.flatnonzero(self.at < as_of)
        return self.jobs[earlier[np.argsort(self.places[earlier])]][-most:]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorySource:
    """A `CandidateSource` of people hired for jobs like this one, or who wanted such jobs.

    Attributes:
        find: Gives positions in `order` and similarities in 0..1, of the first `stop` only.
        exponent: Power of the similarity in a vote; higher trusts the nearest more.
        neighbours: How many past jobs vote, and are kept as evidence.
        half_life_days: After which a vote weighs half.
    """

    name: str
    snapshot: Snapshot
    order: MemoryOrder
    find: Finder
    exponent: float
    neighbours: int = 1000
    half_life_days: float = 120.0

    def search(self, query: Query, *, pool: int) -> Hits:
        """At most `pool` eligible freelancers by votes, best first; ties by id."""
        positions, near = self.find(query, self.order.before(query.as_of))
        jobs = self.order.jobs[positions[: self.neighbours]]
        similarity = np.clip(near[: self.neighbours], 0, 1)
        # A job asked about again, later, must not be its own precedent: training never sees that.
        others = jobs != self.snapshot.jobs.rows.get(query.job.job_id or "", -1)
        found = Neighbours(jobs=jobs[others], similarity=similarity[others])
        record = record_of(self.name, self.snapshot)
        evidence = gathered(found, record, snapshot=self.snapshot, as_of=query.as_of)
        scores = evidence.votes(
            size=self.neighbours, exponent=self.exponent, half_life_days=self.half_life_days
        )
        return Hits.best(
            scores,
            eligible=query.eligible,
            pool=pool,
            neighbours={self.name: found},
            place=query.place,
        )


def gathered(neighbours: Neighbours, record: Record, *, snapshot: Snapshot, as_of: int) -> Evidence:
    """What is on record of the neighbours from before an instant, of everybody.

    Returns:
        Evidence whose `pair` is a freelancer row.
    """
    positions, owner = record.of_jobs(neighbours.jobs, as_of=as_of)
    age_days = (as_of - record.at[positions]) / DAY_US
    return Evidence(
        pairs=len(snapshot.freelancers),
        pair=record.freelancer[positions],
        similarity=neighbours.similarity[owner],
        rank=owner,
        age_days=age_days.astype(np.float32),
        weight=record.weight(positions, as_of=as_of),
    )

"""Past jobs vote for the people who delivered them.

A job joins the memory with its first hire, so the memory lies in time order
and "before this instant" is a range. Each neighbour found hands its
similarity, halved with every half-life of age and weighed by how the
engagement went, to everyone hired for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.candidates import Hits, Neighbours, Query
from matcher.domain import DAY_US
from matcher.evidence import Evidence
from matcher.history import NEVER
from matcher.ports import Column, Rows
from matcher.snapshot import Snapshot

Finder = Callable[[Query, int], tuple[Rows, Column]]


@dataclass(frozen=True, slots=True)
class MemoryOrder:
    """The jobs that ended in a hire, in the order of their first one.

    Attributes:
        jobs: [m] job rows.
        at: [m] instants of the first hire, rising.
    """

    jobs: Rows
    at: Rows

    @classmethod
    def of(cls, snapshot: Snapshot) -> MemoryOrder:
        """Ties in time by job row, so by (posted_at, job_id)."""
        first = snapshot.history.first_hire_at
        jobs = np.flatnonzero(first < NEVER)
        jobs = jobs[np.argsort(first[jobs], kind="stable")]
        return cls(jobs, first[jobs])

    def before(self, as_of: int) -> int:
        """How many had their first hire strictly before an instant."""
        return int(np.searchsorted(self.at, as_of))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorySource:
    """A `CandidateSource` of people hired for jobs like this one.

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
        similarity = np.clip(near[: self.neighbours], 0, 1)
        found = Neighbours(
            jobs=self.order.jobs[positions[: self.neighbours]], similarity=similarity
        )
        hires = gathered(found, snapshot=self.snapshot, as_of=query.as_of)
        scores = hires.votes(
            size=self.neighbours, exponent=self.exponent, half_life_days=self.half_life_days
        )
        return Hits.best(
            scores,
            eligible=query.eligible,
            pool=pool,
            neighbours={self.name: found},
        )


def gathered(neighbours: Neighbours, *, snapshot: Snapshot, as_of: int) -> Evidence:
    """The hires for the neighbours that began before an instant, of everybody.

    Returns:
        Evidence whose `pair` is a freelancer row.
    """
    engagements = snapshot.history.engagements
    positions, owner = engagements.of_jobs(neighbours.jobs, as_of=as_of)
    age_days = (as_of - engagements.at[positions]) / DAY_US
    return Evidence(
        pairs=len(snapshot.freelancers),
        pair=engagements.freelancer[positions],
        similarity=neighbours.similarity[owner],
        rank=owner,
        age_days=age_days.astype(np.float32),
        weight=engagements.weight(positions, as_of=as_of),
    )

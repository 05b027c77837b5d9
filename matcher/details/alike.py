"""The past jobs that resemble the one asked about, and who was hired for them.

They are the neighbours that voted in retrieval; nothing is searched for again.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matcher.candidates import Matches, Neighbours
from matcher.domain import moment_of
from matcher.ports import Rows
from matcher.snapshot import Snapshot

MOST_SIMILAR = 8
MOST_PRECEDENTS = 3
DEPTH = 250  # neighbours, nearest first, that a precedent may be
LEAST_SIMILARITY = 0.3  # below, two jobs share a trade's words at most
SOURCES = ("memory", "lexical")  # by meaning; by words where nothing means anything alike


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarJob:
    """A past job; `hires` counts those before the instant."""

    job_id: str
    title: str
    similarity: float
    posted_at: datetime
    hires: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """A past job that somebody was hired for."""

    job_id: str
    title: str
    similarity: float
    hired_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Past jobs alike enough to be told, most alike first, as of an instant.

    Attributes:
        found: Jobs that were posted before the instant, and that may be shown.
    """

    snapshot: Snapshot
    as_of: int
    found: Neighbours

    @classmethod
    def of(cls, matches: Matches, snapshot: Snapshot, *, hidden: AbstractSet[str]) -> Alike:
        """From what a list rests on.

        Args:
            hidden: Ids of jobs that are not to be told of.
        """
        as_of = matches.query.as_of
        found = (_near(matches, source) for source in SOURCES)
        near = next((one for one in found if len(one.jobs)), _near(matches, ""))
        records = snapshot.jobs.records
        shown = np.array([records[row].job_id not in hidden for row in near.jobs], np.bool_)
        shown &= snapshot.jobs.posted_at[near.jobs] < as_of
        kept = Neighbours(jobs=near.jobs[shown], similarity=near.similarity[shown])
        return cls(snapshot=snapshot, as_of=as_of, found=kept)

    def jobs(self) -> tuple[SimilarJob, ...]:
        """The most alike."""
        rows = self.found.jobs[:MOST_SIMILAR]
        _, owner = self.snapshot.history.engagements.of_jobs(rows, as_of=self.as_of)
        hires = np.bincount(owner, minlength=len(rows)).tolist()
        return tuple(
            SimilarJob(
                job_id=self._id(row),
                title=self.snapshot.jobs.records[row].title,
                similarity=self._similarity(place),
                posted_at=moment_of(int(self.snapshot.jobs.posted_at[row])),
                hires=hires[place],
            )
            for place, row in enumerate(rows.tolist())
        )

    def precedents(self, people: Rows) -> dict[int, tuple[Precedent, ...]]:
        """For each of some freelancer rows, the most alike jobs that they were hired for."""
        engagements = self.snapshot.history.engagements
        positions, owner = engagements.of_jobs(self.found.jobs, as_of=self.as_of)
        who = engagements.freelancer[positions]
        told: dict[int, tuple[Precedent, ...]] = dict.fromkeys(people.tolist(), ())
        for at in np.flatnonzero(np.isin(who, people)).tolist():
            person, place = int(who[at]), int(owner[at])
            if len(told[person]) < MOST_PRECEDENTS:
                told[person] += (self._precedent(place, int(engagements.at[positions[at]])),)
        return told

    def _precedent(self, place: int, hired_at: int) -> Precedent:
        row = int(self.found.jobs[place])
        return Precedent(
            job_id=self._id(row),
            title=self.snapshot.jobs.records[row].title,
            similarity=self._similarity(place),
            hired_at=moment_of(hired_at),
        )

    def _id(self, row: int) -> str:
        return self.snapshot.jobs.records[row].job_id or ""

    def _similarity(self, place: int) -> float:
        return round(float(self.found.similarity[place]), 4)


def _near(matches: Matches, source: str) -> Neighbours:
    """The nearest neighbours of a source that are alike enough; none of one without memory."""
    found = matches.neighbours.get(source)
    if found is None:
        return Neighbours(jobs=np.zeros(0, np.int64), similarity=np.zeros(0, np.float32))
    alike = found.similarity[:DEPTH] >= LEAST_SIMILARITY
    return Neighbours(jobs=found.jobs[:DEPTH][alike], similarity=found.similarity[:DEPTH][alike])

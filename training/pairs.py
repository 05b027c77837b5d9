"""Training pairs, drawn by the live engine as of each job's posting.

Hard negatives are what retrieval really returns. Someone hired whom retrieval
missed is added for the ranker to learn from, and marked, so that whatever speaks of
retrieved candidates alone can leave them out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.engine import Engine
from matcher.frame import PairFrame
from matcher.ports import Mask, Matrix, Rows
from matcher.ranking.columns import Columns
from matcher.ranking.gbdt import Lists
from training.labels import Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Labelled lists, one a job, in the order of the jobs.

    Attributes:
        jobs: [q] job rows.
        sizes: [q] pairs a list.
        rows: [n] freelancer rows.
        retrieved: [n] False for someone hired whom retrieval missed.
        paces: [q] hires a job on the market of late.
    """

    jobs: Rows
    sizes: Rows
    rows: Rows
    retrieved: Mask
    matrix: Matrix
    grades: NDArray[np.int32]
    paces: NDArray[np.float64]

    def lists(self, columns: Columns) -> Lists:
        """What the ranker learns from: some columns of every pair."""
        return Lists(matrix=columns.take(self.matrix), grades=self.grades, sizes=self.sizes)

    def part(self, start: int, stop: int) -> Drawn:
        """The lists `start:stop`."""
        ends = np.append(0, np.cumsum(self.sizes))
        pairs = slice(int(ends[start]), int(ends[stop]))
        return Drawn(
            jobs=self.jobs[start:stop],
            sizes=self.sizes[start:stop],
            rows=self.rows[pairs],
            retrieved=self.retrieved[pairs],
            matrix=self.matrix[pairs],
            grades=self.grades[pairs],
            paces=self.paces[start:stop],
        )


def draw(
    engine: Engine,
    jobs: Sequence[int],
    *,
    labels: Labels,
    advance: Callable[[int], None] | None = None,
) -> Drawn:
    """One list a job; an empty one where nobody was in the pool."""
    width = len(engine.features.names)
    matrices, grades, rows, retrieved, sizes = [], [], [], [], []
    for job in jobs:
        frame, matrix, found = pairs_of(engine, job, also=labels.hired(job))
        matrices.append(matrix)
        grades.append(labels.grades(job, frame.rows))
        rows.append(frame.rows)
        retrieved.append(np.arange(len(frame)) < found)
        sizes.append(len(frame))
        if advance is not None:
            advance(1)
    return Drawn(
        jobs=np.array(jobs, np.int64),
        sizes=np.array(sizes, np.int64),
        rows=np.concatenate(rows) if rows else np.zeros(0, np.int64),
        retrieved=np.concatenate(retrieved) if rows else np.zeros(0, np.bool_),
        matrix=np.concatenate(matrices) if rows else np.zeros((0, width), np.float32),
        grades=np.concatenate(grades) if rows else np.zeros(0, np.int32),
        paces=np.array([pace_at(engine, job) for job in jobs], np.float64),
    )


def pairs_of(engine: Engine, job: int, *, also: Rows) -> tuple[PairFrame, Matrix, int]:
    """The frame of a job's pool as of its posting, its features, and how many were retrieved.

    Args:
        also: Rows that follow those retrieved, where they were in the pool and were missed.
    """
    query = engine.ask(
        engine.snapshot.jobs.records[job], as_of=int(engine.snapshot.jobs.posted_at[job])
    )
    hits = engine.retrieve(query)
    missed = np.setdiff1d(also[query.eligible[also]], hits.rows)
    frame = engine.pairs(query, hits, missed=missed)
    matrix = engine.features.transform(frame)
    if len(missed):  # a column that compares must not see whom serving will not see
        matrix[: len(hits)] = engine.features.transform(engine.pairs(query, hits))
    return frame, matrix, len(hits)


def pace_at(engine: Engine, job: int) -> float:
    """Hires a job on the market of late, as of a job's posting."""
    snapshot = engine.snapshot
    return snapshot.history.clientele.per_job("hires", as_of=int(snapshot.jobs.posted_at[job]))


def learnable(engine: Engine, *, labels: Labels, limit: int) -> list[int]:
    """The latest `limit` jobs, oldest first, that hired someone who was in their pool."""
    snapshot = engine.snapshot
    chosen: list[int] = []
    for job in range(len(snapshot.jobs) - 1, -1, -1):
        if len(chosen) == limit:
            break
        hired = labels.hired(job)
        if len(hired) and np.any(
            snapshot.freelancers.joined_at[hired] < snapshot.jobs.posted_at[job]
        ):
            chosen.append(job)
    return chosen[::-1]

"""The retrieved lists of jobs that have had time to end, and what became of every pair on them.

Jobs that hired nobody are among them. Each list is drawn by the live engine as of its posting.
Hires are rare among the many pairs of a list: of older lists only the telling pairs need to be
kept, or those and a tenth of the others, which then count tenfold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matcher.engine import Engine
from matcher.heads import ACCEPT, FACTORS, HIRE, offsets
from matcher.ports import Column, Mask, Matrix, Rows
from matcher.run import Run
from training.outcomes import Maturity

Kept = Literal["all", "wanted", "sampled"]
ONE_IN = 10  # of the pairs that did not end in a hire, where they are sampled


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """n retrieved pairs of lists in order of time, and what became of them.

    Attributes:
        jobs: [n] job rows, rising in time.
        rows: [n] freelancer rows.
        wanted: [n] applied or accepted an invitation.
        hired: [n].
        weights: [n] how many pairs each stands for.
        starts: Per head, [n] log-odds to start from.
    """

    jobs: Rows
    rows: Rows
    matrix: Matrix
    wanted: Mask
    hired: Mask
    weights: Column
    starts: dict[str, Column]

    def part(self, kept: Mask) -> Pairs:
        """Some of them."""
        return Pairs(
            jobs=self.jobs[kept],
            rows=self.rows[kept],
            matrix=self.matrix[kept],
            wanted=self.wanted[kept],
            hired=self.hired[kept],
            weights=self.weights[kept],
            starts={name: start[kept] for name, start in self.starts.items()},
        )

    @classmethod
    def joined(cls, parts: Sequence[Pairs], *, width: int) -> Pairs:
        """One after another; `width` columns, where there is none."""

        def whole(name: str, empty: np.ndarray) -> np.ndarray:
            return np.concatenate([empty, *(getattr(one, name) for one in parts)])

        none = np.zeros(0, np.float32)
        return cls(
            jobs=whole("jobs", np.zeros(0, np.int64)),
            rows=whole("rows", np.zeros(0, np.int64)),
            matrix=whole("matrix", np.zeros((0, width), np.float32)),
            wanted=whole("wanted", np.zeros(0, np.bool_)),
            hired=whole("hired", np.zeros(0, np.bool_)),
            weights=whole("weights", none),
            starts={
                name: np.concatenate([none, *(one.starts[name] for one in parts)])
                for name in FACTORS
            },
        )


def mature_jobs(engine: Engine, maturity: Maturity, *, limit: int) -> list[int]:
    """The latest jobs, oldest first, that have had time to be wanted and to hire."""
    posted = engine.snapshot.jobs.posted_at
    mature = maturity.is_mature(ACCEPT, posted) & maturity.is_mature(HIRE, posted)
    return np.flatnonzero(mature)[-limit:].tolist() if limit else []


def draw_pairs(
    engine: Engine,
    jobs: list[int],
    *,
    kept: Kept = "all",
    advance: Callable[[int], None] | None = None,
) -> Pairs:
    """The retrieved list of each job as of its posting, and what became of it since.

    Args:
        kept: Of each list everybody, who applied or accepted an invitation, or the hired and a
            tenth of the others.
    """
    snapshot, history = engine.snapshot, engine.snapshot.history
    wanting = len(history.interests.at) > 0
    parts = []
    for job in jobs:
        query = engine.ask(snapshot.jobs.records[job], as_of=int(snapshot.jobs.posted_at[job]))
        frame = engine.pairs(query, engine.retrieve(query))
        wanted, hired = wanted_of(engine, job, frame.rows), hired_of(engine, job, frame.rows)
        weights = _weights(kept, wanted=wanted, hired=hired, turn=job)
        taken = weights > 0
        parts.append(
            Pairs(
                jobs=np.full(int(taken.sum()), job),
                rows=frame.rows[taken],
                matrix=engine.features.transform(frame)[taken],  # compared with the whole list
                wanted=wanted[taken],
                hired=hired[taken],
                weights=weights[taken],
                starts={
                    name: np.full(int(taken.sum()), start, np.float32)
                    for name, start in offsets(frame, wanting=wanting).items()
                },
            )
        )
        if advance is not None:
            advance(1)
    return Pairs.joined(parts, width=len(engine.features.names))


def wanted_of(engine: Engine, job: int, rows: Rows) -> Mask:
    """[n] who applied or accepted an invitation; who was hired must have."""
    interests = engine.snapshot.history.interests
    came = interests.freelancer[interests.ends[job] : interests.ends[job + 1]]
    return np.isin(rows, came) | hired_of(engine, job, rows)


def hired_of(engine: Engine, job: int, rows: Rows) -> Mask:
    """[n] who was hired."""
    hires = engine.snapshot.history.engagements
    return np.isin(rows, hires.freelancer[hires.ends[job] : hires.ends[job + 1]])


def slice_starts(pairs: Pairs, run: Run) -> tuple[int, int]:
    """The first pair of the slice that says when to stop, and of the one that calibrates."""
    jobs = np.unique(pairs.jobs)
    starts = np.append(np.searchsorted(pairs.jobs, jobs), len(pairs.jobs))
    valid, calibration = cuts(len(jobs), run)
    return int(starts[valid]), int(starts[calibration])


def cuts(count: int, run: Run) -> list[int]:
    """Where validation starts, and where calibration does."""
    calibration = count - round(count * run.training.calibration_share)
    return [max(calibration - round(count * run.training.valid_share), 0), calibration]


def _weights(kept: Kept, *, wanted: Mask, hired: Mask, turn: int) -> Column:
    """[n] how many pairs each stands for; 0 for one that is not kept."""
    if kept == "all":
        return np.ones(len(hired), np.float32)
    if kept == "wanted":
        return wanted.astype(np.float32)
    drawn = (np.arange(len(hired)) + turn) % ONE_IN == 0  # every rank has its turn
    return np.where(hired, 1, np.where(drawn, ONE_IN, 0)).astype(np.float32)

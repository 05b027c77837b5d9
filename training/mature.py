"""The retrieved lists of jobs that have had time to end, and what became of every pair on them.

Jobs that hired nobody are among them. Each list is drawn by the live engine as of its posting.
Of older lists only the pairs that tell something may be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.engine import Engine
from matcher.heads import ACCEPT, FACTORS, HIRE, offsets
from matcher.ports import Column, Mask, Matrix, Rows
from matcher.run import Run
from training.outcomes import Maturity


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """n retrieved pairs of lists in order of time, and what became of them.

    Attributes:
        jobs: [n] job rows, rising in time.
        rows: [n] freelancer rows.
        wanted: [n] applied or accepted an invitation.
        hired: [n].
        starts: Per head, [n] log-odds to start from.
    """

    jobs: Rows
    rows: Rows
    matrix: Matrix
    wanted: Mask
    hired: Mask
    starts: dict[str, Column]

    def part(self, kept: Mask) -> Pairs:
        """Some of them."""
        return Pairs(
            jobs=self.jobs[kept],
            rows=self.rows[kept],
            matrix=self.matrix[kept],
            wanted=self.wanted[kept],
            hired=self.hired[kept],
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
    only_wanted: bool = False,
    advance: Callable[[int], None] | None = None,
) -> Pairs:
    """The retrieved list of each job as of its posting, and what became of it since.

    Args:
        only_wanted: Keep of each list only who applied or accepted an invitation.
    """
    snapshot = engine.snapshot
    parts = []
    for job in jobs:
        query = engine.ask(snapshot.jobs.records[job], as_of=int(snapshot.jobs.posted_at[job]))
        frame = engine.pairs(query, engine.retrieve(query))
        wanted = wanted_of(engine, job, frame.rows)
        kept = wanted if only_wanted else np.ones_like(wanted)
        rows, count = frame.rows[kept], int(kept.sum())
        parts.append(
            Pairs(
                jobs=np.full(count, job),
                rows=rows,
                matrix=engine.features.transform(frame)[kept],  # compared with the whole list
                wanted=wanted[kept],
                hired=hired_of(engine, job, rows),
                starts={
                    name: np.full(count, start, np.float32)
                    for name, start in offsets(frame).items()
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

"""Fit the ranker of the other direction, on lists of jobs that freelancers chose from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.jobs.engine import JobsEngine
from matcher.ports import Rows
from matcher.ranking.gbdt import Boosting, GbdtRanker, Lists
from matcher.run import Run
from training.labels import Labels
from training.windows import Window, taken, windows

WANTED_GRADE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLists:
    """Labelled lists of jobs, one a freelancer and window, the earliest window first."""

    lists: Lists

    def part(self, start: int, stop: int) -> Lists:
        """The lists `start:stop`."""
        ends = np.append(0, np.cumsum(self.lists.sizes))
        pairs = slice(int(ends[start]), int(ends[stop]))
        return Lists(
            matrix=self.lists.matrix[pairs],
            grades=self.lists.grades[pairs],
            sizes=self.lists.sizes[start:stop],
        )

    def __len__(self) -> int:
        return len(self.lists.sizes)


def draw_jobs(
    engine: JobsEngine,
    *,
    labels: Labels,
    limit: int,
    advance: Callable[[int], None] | None = None,
) -> JobLists:
    """The latest `limit` lists in which a freelancer took, or went for, a job of the pool."""
    history = engine.snapshot.history
    first = int(history.engagements.at.min(initial=history.last_at))
    drawn: list[list[Lists]] = []
    left = limit
    for window in reversed(windows(engine, start=first, stop=history.last_at + 1)):
        of_window = _lists_of(engine, window, labels=labels, most=left, advance=advance)
        drawn.append(of_window)
        left -= len(of_window)
        if left <= 0:
            break
    return JobLists(lists=_joined([one for part in reversed(drawn) for one in part], engine))


def fit_jobs_ranker(
    drawn: JobLists, *, run: Run, engine: JobsEngine, seed: int
) -> tuple[GbdtRanker | None, dict[str, float]]:
    """LambdaRank with as many trees as serve the latest lists best.

    Returns:
        The ranker, None where there is too little to learn from; and figures for the record.
    """
    figures: dict[str, float] = {"jobs_lists": len(drawn), "jobs_pairs": len(drawn.lists.grades)}
    cut = len(drawn) - round(len(drawn) * run.training.valid_share)
    if len(drawn) < run.training.least_jobs or not 0 < cut < len(drawn):
        return None, figures
    ranker = GbdtRanker.fit(
        drawn.part(0, cut),
        drawn.part(cut, len(drawn)),
        names=engine.features.names,
        monotone=engine.features.monotone(),
        boosting=Boosting(**run.ranker.model_dump()),
        seed=seed,
    )
    return ranker, {**figures, "jobs_trees": ranker.trees}


def _lists_of(
    engine: JobsEngine,
    window: Window,
    *,
    labels: Labels,
    most: int,
    advance: Callable[[int], None] | None,
) -> list[Lists]:
    delivered, wanted = (taken(engine, window, name) for name in ("delivered", "wanted"))
    out: list[Lists] = []
    for freelancer in sorted({*delivered, *wanted}):
        if len(out) == most:
            break
        query = engine.ask(
            engine.snapshot.freelancers.ids[freelancer], as_of=window.start, among=window.jobs
        )
        chosen = {int(job): WANTED_GRADE for job in wanted.get(freelancer, ())}
        for job in delivered.get(freelancer, ()):
            chosen[int(job)] = int(labels.grades(int(job), np.array([freelancer]))[0])
        if not chosen.keys() & set(query.pool.tolist()):
            continue
        hits = engine.retrieve(query)
        grades = np.array([chosen.get(int(job), 0) for job in hits.rows], np.int32)
        matrix = engine.features.transform(engine.frame(query, hits))
        out.append(Lists(matrix=matrix, grades=grades, sizes=_one(len(hits))))
        if advance is not None:
            advance(1)
    return out


def _joined(lists: list[Lists], engine: JobsEngine) -> Lists:
    width = len(engine.features.names)
    return Lists(
        matrix=np.concatenate(
            [np.zeros((0, width), np.float32), *(one.matrix for one in lists)], axis=0
        ),
        grades=np.concatenate([np.zeros(0, np.int32), *(one.grades for one in lists)]),
        sizes=np.concatenate([np.zeros(0, np.int64), *(one.sizes for one in lists)]),
    )


def _one(size: int) -> Rows:
    return np.array([size], np.int64)

"""Fit the ranker of the other direction, on lists of jobs that freelancers chose from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matcher.jobs.engine import JobsEngine
from matcher.ports import JobsFeatureSet
from matcher.ranking.gbdt import Boosting, GbdtRanker, Lists
from matcher.run import Run
from training.labels import Labels
from training.windows import Window, open_at, taken, windows

WANTED_GRADE = 1
# A list holds one relevant job in a hundred, chosen by chance as much as by reason: small
# trees, slowly, and as many as any later lists called for; which number of them serves
# best, no few hundred lists can tell.
BOOSTING = Boosting(rounds=120, learning_rate=0.03, num_leaves=7, lambda_l2=50.0)


def draw_jobs(
    engine: JobsEngine,
    *,
    labels: Labels,
    limit: int,
    advance: Callable[[int], None] | None = None,
) -> Lists:
    """The latest `limit` lists in which a freelancer took, or went for, a job of the pool."""
    history = engine.snapshot.history
    first = int(history.engagements.at.min(initial=history.last_at))
    drawn: list[list[Lists]] = []
    left = limit
    for window in windows(engine, start=first, stop=history.last_at + 1):
        of_window = _lists_of(engine, window, labels=labels, most=left, advance=advance)
        drawn.append(of_window)
        left -= len(of_window)
        if left <= 0:
            break
    return _joined([one for part in reversed(drawn) for one in part], engine)


def fit_jobs_ranker(
    drawn: Lists, *, run: Run, features: JobsFeatureSet, seed: int
) -> tuple[GbdtRanker | None, dict[str, float]]:
    """LambdaRank over the lists.

    Returns:
        The ranker, None where there is too little to learn from; and figures for the record.
    """
    figures: dict[str, float] = {
        "jobs_lists": len(drawn.sizes),
        "jobs_pairs": len(drawn.grades),
    }
    if len(drawn.sizes) < run.training.least_jobs:
        return None, figures
    least = min(BOOSTING.min_data_in_leaf, run.ranker.min_data_in_leaf)
    ranker = GbdtRanker.grown(
        drawn,
        names=features.names,
        monotone=features.monotone(),
        boosting=replace(BOOSTING, min_data_in_leaf=least),
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
    people = sorted({*delivered, *(wanted if window.with_wishes else ())})
    if not people:
        return []
    precedents = engine.sources.precedents(open_at(engine, window), window.start)
    out: list[Lists] = []
    for freelancer in people:
        if len(out) == most:
            break
        query = engine.ask(
            engine.snapshot.freelancers.ids[freelancer], as_of=window.start, among=window.jobs
        )
        chosen = {int(job): WANTED_GRADE for job in wanted.get(freelancer, ())}
        for job in delivered.get(freelancer, ()):
            chosen[int(job)] = int(labels.grades(int(job), np.array([freelancer]))[0])
        if np.isin(list(chosen), query.pool).sum() == 0:  # all dealt with before
            continue
        hits = engine.retrieve(query)
        grades = np.array([chosen.get(int(job), 0) for job in hits.rows], np.int32)
        matrix = engine.features.transform(engine.frame(query, hits, precedents=precedents))
        out.append(Lists(matrix=matrix, grades=grades, sizes=np.array([len(hits)], np.int64)))
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

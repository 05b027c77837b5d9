"""Fit the heads: who comes, who is hired, how it goes.

The lists are cut in time as the ranker's are: the earlier ones grow trees, later ones say when to
stop, the latest calibrate. Few are hired, so that the head of the hire reads more of the past. The
quality to expect is learned from the people hired on the ranker's own lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from matcher.engine import Engine
from matcher.heads import ACCEPT, HIRE, QUALITY, Head, Heads
from matcher.ports import Column, FeatureSet, Mask, Matrix
from matcher.ranking.calibration import Level
from matcher.ranking.classifier import GbdtClassifier, Outcomes
from matcher.ranking.gbdt import Boosting
from matcher.run import Run
from training.mature import Pairs, cuts, draw_pairs, mature_jobs, slice_starts
from training.outcomes import Contracts, Maturity
from training.pairs import Drawn

LEAST_POSITIVE = 30  # outcomes of either kind, to grow trees on and to calibrate


def fit_heads(
    engine: Engine,
    drawn: Drawn,
    pairs: Pairs,
    *,
    calibrated: bool,
    maturity: Maturity,
    run: Run,
    seed: int,
    advance: Callable[[int], None] | None = None,
) -> Heads:
    """Every head that there is enough to learn from; none of them orders anything yet.

    Args:
        engine: Over the market cut where the maturity says; its ranker is not asked.
        drawn: The ranker's own lists.
        pairs: Whole lists of the latest jobs that have had time to end.
        calibrated: Whether there is a p_hire to speak for the hire, where nobody's coming is
            on record.
    """
    if not run.heads.jobs:
        return Heads()
    wanting = len(engine.snapshot.history.interests.at) > 0
    found: dict[str, Head] = {}
    if wanting:
        earlier = mature_jobs(engine, maturity, limit=run.heads.hire_jobs)
        earlier = earlier[: max(len(earlier) - run.heads.jobs, 0)]
        more = draw_pairs(engine, earlier, only_wanted=True, advance=advance)
        came = Pairs.joined([more, pairs.part(pairs.wanted)], width=pairs.matrix.shape[1])
        found = _head(ACCEPT, pairs, pairs.wanted, features=engine.features, run=run, seed=seed)
        found |= _head(HIRE, came, came.hired, features=engine.features, run=run, seed=seed)
    contracts = Contracts.of(engine.snapshot, engine.learned.quality)
    found |= fit_quality(drawn, contracts, maturity, features=engine.features, run=run, seed=seed)
    heads = Heads(by_name=found, willing=calibrated and not wanting)
    waits = {name: days for name, days in maturity.days().items() if name in heads.names}
    return replace(heads, maturity_days=waits)


def fit_quality(
    drawn: Drawn,
    contracts: Contracts,
    maturity: Maturity,
    *,
    features: FeatureSet,
    run: Run,
    seed: int,
) -> dict[str, Head]:
    """The head of the quality to expect, from people hired on the ranker's lists."""
    job = np.repeat(drawn.jobs, drawn.sizes)
    pairs = list(zip(job.tolist(), drawn.rows.tolist(), strict=True))
    quality = np.array([contracts.quality.get(pair, np.nan) for pair in pairs])
    rated = np.flatnonzero(np.isfinite(quality))
    begun = np.array([contracts.begun_at[pairs[row]] for row in rated], np.int64)
    rated = rated[maturity.is_mature(QUALITY, begun)]
    if len(rated) < 2 * LEAST_POSITIVE or np.ptp(quality[rated]) == 0:
        return {}
    slices = np.split(rated, cuts(len(rated), run))
    parts = [_shares(drawn.matrix[part], quality[part]) for part in slices]
    trees = _grown(parts[0], parts[1], features=features, run=run, seed=seed)
    later = slices[2]
    level = Level.fit(trees.log_odds(drawn.matrix[later]), quality[later].astype(np.float32))
    return {QUALITY: Head(trees=trees, level=level)}


def _head(
    name: str,
    pairs: Pairs,
    happened: Mask,
    *,
    features: FeatureSet,
    run: Run,
    seed: int,
) -> dict[str, Head]:
    """One head; nothing where a slice holds too few outcomes of either kind."""
    slices = np.split(np.arange(len(pairs.jobs)), slice_starts(pairs, run))
    for rows in slices:
        count = int(happened[rows].sum())
        if min(count, len(rows) - count) < LEAST_POSITIVE:
            return {}
    start = pairs.starts[name]
    train, valid = (
        Outcomes(
            matrix=pairs.matrix[rows],
            happened=happened[rows],
            offsets=start[rows],
        )
        for rows in slices[:2]
    )
    trees = _grown(train, valid, features=features, run=run, seed=seed)
    later = slices[2]
    log_odds = trees.log_odds(pairs.matrix[later]) + start[later]
    return {name: Head(trees=trees, level=Level.fit(log_odds, happened[later]))}


def _grown(
    train: Outcomes, valid: Outcomes, *, features: FeatureSet, run: Run, seed: int
) -> GbdtClassifier:
    ranker = run.ranker
    return GbdtClassifier.fit(
        train,
        valid,
        names=features.names,
        monotone=tuple(0 for _ in features.names),
        boosting=Boosting(
            rounds=run.heads.rounds,
            patience=min(ranker.patience, 30),
            learning_rate=run.heads.learning_rate,
            num_leaves=ranker.num_leaves,
            min_data_in_leaf=min(ranker.min_data_in_leaf, max(len(train) // 20, 1)),
            feature_fraction=ranker.feature_fraction,
            bagging_fraction=ranker.bagging_fraction,
            lambda_l2=ranker.lambda_l2,
        ),
        seed=seed,
    )


def _shares(matrix: Matrix, quality: Column) -> Outcomes:
    """A share of q as a yes of weight q and a no of weight 1 - q."""
    return Outcomes(
        matrix=np.concatenate([matrix, matrix]),
        happened=np.repeat([True, False], len(quality)),
        weights=np.concatenate([quality, 1 - quality]).astype(np.float32),
    )

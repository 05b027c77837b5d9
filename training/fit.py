"""Fit a ranker on lists drawn in time order.

The earlier lists grow trees, later ones say when to stop, the latest are kept for what must
not have been seen: each slice lies wholly after the one before, and none reaches `until`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.errors import UsageError
from matcher.learned import Learned
from matcher.model import Model
from matcher.ports import FeatureSet
from matcher.ranking.baseline import WeightedSum
from matcher.ranking.calibration import Untrained
from matcher.ranking.columns import Columns
from matcher.ranking.gbdt import Boosting, GbdtRanker
from matcher.run import Run
from training.labels import HIRED_GRADE
from training.metrics import mean, per_job
from training.pairs import Drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Slices:
    """Drawn lists, earliest first, cut in time."""

    train: Drawn
    valid: Drawn
    calibration: Drawn

    @classmethod
    def of(cls, drawn: Drawn, run: Run) -> Slices:
        """The latest share calibrates, the share before it validates."""
        lists = len(drawn.jobs)
        calibration = lists - round(lists * run.training.calibration_share)
        valid = max(calibration - round(lists * run.training.valid_share), 0)
        return cls(
            train=drawn.part(0, valid),
            valid=drawn.part(valid, calibration),
            calibration=drawn.part(calibration, lists),
        )


def fit_ranker(
    slices: Slices,
    *,
    run: Run,
    features: FeatureSet,
    seed: int,
    on_round: Callable[[], None] | None = None,
) -> GbdtRanker:
    """LambdaRank with as many trees as serve the later slice best.

    Raises:
        UsageError: The run leaves out a family of features that there is not.
    """
    settings = run.ranker.model_dump()
    columns = read_by_ranker(run, features)
    return GbdtRanker.fit(
        slices.train.lists(columns),
        slices.valid.lists(columns),
        names=columns.names,
        monotone=columns.monotone,
        boosting=Boosting(**{key: one for key, one in settings.items() if key != "leave_out"}),
        seed=seed,
        on_round=on_round,
    ).reading(columns)


def read_by_ranker(run: Run, features: FeatureSet) -> Columns:
    """The columns that the run lets the ranker see.

    Raises:
        UsageError: It leaves out a family of features that there is not, or all of them.
    """
    try:
        return Columns.of(features, leave_out=run.ranker.leave_out)
    except ValueError as error:
        raise UsageError(f"ranker.leave_out is {list(run.ranker.leave_out)}: {error}") from error


def held_out(ranker: GbdtRanker, later: Drawn) -> dict[str, float]:
    """Mean NDCG@10, recall@100 and MRR on lists that the ranker has not seen.

    Someone hired whom retrieval missed counts as not found.
    """
    lists: dict[str, list[str]] = {}
    relevant: dict[str, list[str]] = {}
    for place, job in enumerate(later.jobs):
        one = later.part(place, place + 1)
        hired = one.rows[one.grades >= HIRED_GRADE]
        order = np.lexsort((one.rows, -ranker.score(one.matrix)))
        found = order[one.retrieved[order]]
        relevant[str(job)] = [str(row) for row in hired]
        lists[str(job)] = [str(row) for row in one.rows[found]]
    return {f"later_{name}": mean(values) for name, values in per_job(lists, relevant).items()}


def fit_model(
    base: Model,
    drawn: Drawn,
    *,
    seed: int,
    on_round: Callable[[], None] | None = None,
) -> tuple[Model, dict[str, float]]:
    """A model with a trained ranker, or `base` itself where there is too little to learn from.

    Returns:
        The model, not calibrated yet, and figures of the fit for the record.
    """
    run = base.run
    figures: dict[str, float] = {"lists": len(drawn.jobs), "pairs": len(drawn.rows)}
    if len(drawn.jobs) < run.training.least_jobs:
        return base, figures
    slices = Slices.of(drawn, run)
    if min(len(slices.train.rows), len(slices.valid.rows)) == 0:
        return base, figures
    ranker = fit_ranker(slices, run=run, features=base.features, seed=seed, on_round=on_round)
    figures |= {
        "trees": ranker.trees,
        "train_lists": len(slices.train.jobs),
        "valid_lists": len(slices.valid.jobs),
        "calibration_lists": len(slices.calibration.jobs),
        **held_out(ranker, slices.calibration),
    }
    model = Model(
        run=run,
        learned=base.learned,
        ranker=ranker,
        calibrator=Untrained(),
        features=base.features,
    )
    return model, figures


def untrained(run: Run, *, learned: Learned, features: FeatureSet) -> Model:
    """The model that serves before anything was learned of rankings."""
    return Model(
        run=run,
        learned=learned,
        ranker=WeightedSum.of(features.names),
        calibrator=Untrained(),
        features=features,
    )

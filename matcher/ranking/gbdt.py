"""LambdaRank on gradient-boosted trees, with LightGBM.

The model is LightGBM's own text: readable, and safe to open once `treetext` has read it.

Source: Burges, From RankNet to LambdaRank to LambdaMART, MSR-TR-2010-82;
Ke et al., LightGBM, NeurIPS 2017. Contributions are TreeSHAP: Lundberg et al.,
Nature Machine Intelligence 2020, doi:10.1038/s42256-019-0138-9
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from matcher.errors import BundleError
from matcher.ports import Column, Matrix
from matcher.ranking.columns import Columns
from matcher.ranking.treetext import checked

SHORT = 1_000  # rows; waking a thread for them costs more than it does, where others work too

Labels = NDArray[np.int32]
Sizes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Labelled pairs, list after list.

    Attributes:
        matrix: [n, d] float32 features.
        grades: [n] int32 graded relevance, 0 for none.
        sizes: [q] pairs a list; they add up to n.
        weights: [n] how much each pair's pull counts; 1 each where None.
        seats: [n] where each was shown, 1 = top; LightGBM then learns how much of the grades a
            seat explains by itself (`Boosting.seat_regularization`). None: nothing is known of it.
    """

    matrix: Matrix
    grades: Labels
    sizes: Sizes
    weights: Column | None = None
    seats: Sizes | None = None

    def followed_by(self, later: Lists) -> Lists:
        """These lists and then those; weights and seats are not carried over."""
        return Lists(
            matrix=np.concatenate([self.matrix, later.matrix]),
            grades=np.concatenate([self.grades, later.grades]),
            sizes=np.concatenate([self.sizes, later.sizes]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Boosting:
    """How trees are grown; the names are LightGBM's.

    `truncation`, `label_gain` and `seat_regularization` concern lists alone.
    """

    rounds: int = 400
    patience: int = 80
    learning_rate: float = 0.06
    num_leaves: int = 15
    min_data_in_leaf: int = 200
    feature_fraction: float = 0.3
    bagging_fraction: float = 0.8
    lambda_l2: float = 5.0
    truncation: int = 30
    label_gain: tuple[float, ...] = (0.0, 0.1, 0.7, 1.0, 1.3)
    seat_regularization: float = 0.0

    def growing(self, *, monotone: tuple[int, ...], seed: int) -> dict[str, object]:
        """What LightGBM is told of the trees, whatever their objective; the same bytes again."""
        return {
            "learning_rate": self.learning_rate,
            "num_leaves": self.num_leaves,
            "min_data_in_leaf": self.min_data_in_leaf,
            "feature_fraction": self.feature_fraction,
            "bagging_fraction": self.bagging_fraction,
            "bagging_freq": 1,
            "lambda_l2": self.lambda_l2,
            "monotone_constraints": list(monotone),
            "seed": seed,
            "deterministic": True,
            "force_col_wise": True,
            "verbosity": -1,
        }


class GbdtRanker:
    """A `Ranker` of boosted trees.

    Args:
        text: LightGBM's own.
        columns: Which of a matrix it reads; all of it where None.
    """

    def __init__(self, text: str, *, columns: Columns | None = None) -> None:
        try:
            self._booster = lgb.Booster(model_str=text)
        except lgb.basic.LightGBMError as error:
            raise BundleError(
                f"the ranker's text is not a LightGBM model ({error}); train the bundle again"
            ) from error
        self.text, self._columns = text, columns

    def reading(self, columns: Columns) -> GbdtRanker:
        """The same trees over wider matrices, of which they read some columns."""
        return GbdtRanker(self.text, columns=columns)

    @classmethod
    def fit(
        cls,
        train: Lists,
        valid: Lists,
        *,
        names: tuple[str, ...],
        monotone: tuple[int, ...],
        boosting: Boosting,
        seed: int,
        on_round: Callable[[], None] | None = None,
    ) -> GbdtRanker:
        """Grow trees on `train` until NDCG@10 on `valid` stops improving, then on both.

        The later lists first say how many trees serve best, and are then learned from too:
        the newest outcomes tell most about the next.
        """
        parameters = _parameters(boosting, monotone, seed)
        callbacks = [] if on_round is None else [ticking(on_round)]
        sample = _dataset(train, names)
        stopped = lgb.train(
            parameters,
            sample,
            num_boost_round=boosting.rounds,
            valid_sets=[_dataset(valid, names, reference=sample)],
            callbacks=[lgb.early_stopping(boosting.patience, verbose=False), *callbacks],
        )
        whole = lgb.train(
            parameters,
            _dataset(train.followed_by(valid), names),
            num_boost_round=stopped.best_iteration,
            callbacks=callbacks,
        )
        return cls(checked(whole.model_to_string(), names=names))

    @classmethod
    def grown(
        cls,
        lists: Lists,
        *,
        names: tuple[str, ...],
        monotone: tuple[int, ...],
        boosting: Boosting,
        seed: int,
    ) -> GbdtRanker:
        """Grow `boosting.rounds` trees on all lists, where too few could say when to stop."""
        sample = _dataset(lists, names)
        whole = lgb.train(
            _parameters(boosting, monotone, seed), sample, num_boost_round=boosting.rounds
        )
        return cls(checked(whole.model_to_string(), names=names))

    def score(self, matrix: Matrix) -> Column:
        """[n] raw scores, higher is better."""
        if len(matrix) == 0:
            return np.zeros(0, np.float32)
        read = matrix if self._columns is None else self._columns.take(matrix)
        return np.asarray(self._booster.predict(read, num_threads=threads_for(read)), np.float32)

    def contributions(self, matrix: Matrix) -> Matrix:
        """[n, d]: what each column added to each score."""
        if len(matrix) == 0:
            return np.zeros(matrix.shape, np.float32)
        read = matrix if self._columns is None else self._columns.take(matrix)
        parts = self._booster.predict(read, pred_contrib=True, num_threads=threads_for(read))
        added = np.asarray(parts, np.float32)[:, :-1]
        return added if self._columns is None else self._columns.spread(added)

    @property
    def trees(self) -> int:
        """How many trees were kept."""
        return int(self._booster.num_trees())

    def importance(self) -> NDArray[np.float64]:
        """[d] share of the total gain that each column brought."""
        gain = np.asarray(self._booster.feature_importance("gain"), np.float64)
        share = np.asarray(gain / max(float(gain.sum()), 1e-12), np.float64)
        return share if self._columns is None else self._columns.share(share)


def threads_for(matrix: Matrix) -> int:
    """How many threads go through a matrix."""
    return 1 if len(matrix) <= SHORT else min(2, os.cpu_count() or 1)


def ticking(on_round: Callable[[], None]) -> Callable[[lgb.callback.CallbackEnv], None]:
    """A LightGBM callback that tells of every round."""

    def tick(_: lgb.callback.CallbackEnv) -> None:
        on_round()

    return tick


def _dataset(
    lists: Lists, names: tuple[str, ...], reference: lgb.Dataset | None = None
) -> lgb.Dataset:
    return lgb.Dataset(
        lists.matrix,
        lists.grades,
        group=lists.sizes,
        weight=lists.weights,
        position=lists.seats,
        feature_name=list(names),
        reference=reference,
        free_raw_data=True,
    )


def _parameters(boosting: Boosting, monotone: tuple[int, ...], seed: int) -> dict[str, object]:
    return {
        "objective": "lambdarank",
        "metric": "ndcg",
        "eval_at": [10],
        "label_gain": list(boosting.label_gain),
        "lambdarank_truncation_level": boosting.truncation,
        "lambdarank_position_bias_regularization": boosting.seat_regularization,
        **boosting.growing(monotone=monotone, seed=seed),
    }

"""The probability of a yes or no, on gradient-boosted trees, with LightGBM.

Where a ranker orders one list, a classifier says how likely something is, comparably
anywhere. Its sums are log-odds, and what each column added to them is exact. The model is
LightGBM's own text, safe to open once `treetext` has read it.

Source: Ke et al., LightGBM, NeurIPS 2017. Contributions are TreeSHAP: Lundberg et al.,
Nature Machine Intelligence 2020, doi:10.1038/s42256-019-0138-9
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from matcher.errors import BundleError
from matcher.ports import Column, Mask, Matrix
from matcher.ranking.gbdt import Boosting, threads_for, ticking
from matcher.ranking.treetext import BINARY, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """Rows with a known outcome.

    Attributes:
        matrix: [n, d] float32 features; NaN unknown.
        happened: [n] whether it came to pass.
        weights: [n] how much each row counts; 1 each where None.
        offsets: [n] log-odds that the trees start from; theirs to find where None.
    """

    matrix: Matrix
    happened: Mask
    weights: Column | None = None
    offsets: Column | None = None

    def __len__(self) -> int:
        return len(self.happened)

    def followed_by(self, later: Outcomes) -> Outcomes:
        """These rows and then those."""
        is_weighted = self.weights is not None or later.weights is not None
        starts = [one.offsets for one in (self, later) if one.offsets is not None]
        return Outcomes(
            matrix=np.concatenate([self.matrix, later.matrix]),
            happened=np.concatenate([self.happened, later.happened]),
            weights=np.concatenate([self.counting(), later.counting()]) if is_weighted else None,
            offsets=np.concatenate(starts) if len(starts) == 2 else None,
        )

    def counting(self) -> Column:
        """[n] the weights, 1 where none were given."""
        return np.ones(len(self), np.float32) if self.weights is None else self.weights


class GbdtClassifier:
    """Boosted trees for a yes or no."""

    def __init__(self, text: str) -> None:
        try:
            self._booster = lgb.Booster(model_str=text)
        except lgb.basic.LightGBMError as error:
            raise BundleError(
                f"the classifier's text is not a LightGBM model ({error}); train the bundle again"
            ) from error
        self.text = text

    @classmethod
    def opened(cls, text: str, *, names: tuple[str, ...]) -> GbdtClassifier:
        """From a text of unknown origin.

        Raises:
            BundleError: It is no classifier over these columns.
        """
        return cls(checked(text, names=names, objective=BINARY))

    @classmethod
    def fit(
        cls,
        train: Outcomes,
        valid: Outcomes | None = None,
        *,
        names: tuple[str, ...],
        monotone: tuple[int, ...],
        boosting: Boosting,
        seed: int,
        on_round: Callable[[], None] | None = None,
    ) -> GbdtClassifier:
        """Grow trees on `train`, at least one row, by log loss.

        With `valid`, until its log loss stops improving, and then on both with that many trees:
        the newest outcomes tell most about the next. Without, `boosting.rounds` of them. Where
        all outcomes are alike, there is nothing to grow: one leaf says so.
        """
        parameters: dict[str, object] = {
            "objective": "binary",
            "metric": "binary_logloss",
            **boosting.growing(monotone=monotone, seed=seed),
        }
        if len(train) == 1:
            parameters["bagging_freq"] = 0  # LightGBM would draw no row at all
        ticks = [] if on_round is None else [ticking(on_round)]
        rounds, whole = boosting.rounds, train
        if valid is not None and len(valid):
            sample = _dataset(train, names)
            stopping = lgb.early_stopping(boosting.patience, verbose=False)
            stopped = lgb.train(
                parameters,
                sample,
                num_boost_round=rounds,
                valid_sets=[_dataset(valid, names, reference=sample)],
                callbacks=[stopping, *ticks],
            )
            rounds, whole = max(stopped.best_iteration, 1), train.followed_by(valid)
        grown = lgb.train(
            parameters, _dataset(whole, names), num_boost_round=rounds, callbacks=ticks
        )
        return cls.opened(grown.model_to_string(), names=names)

    def probabilities(self, matrix: Matrix) -> Column:
        """[n] in 0..1, not yet calibrated on what the trees have not seen."""
        return np.asarray(1 / (1 + np.exp(-self._sums(matrix))), np.float32)

    def log_odds(self, matrix: Matrix) -> Column:
        """[n] what the trees add up to, without any offset; higher is likelier."""
        return self._sums(matrix).astype(np.float32)

    def contributions(self, matrix: Matrix) -> Matrix:
        """[n, d]: what each column added to the log-odds of each row."""
        if len(matrix) == 0:
            return np.zeros(matrix.shape, np.float32)
        parts = self._booster.predict(matrix, pred_contrib=True, num_threads=threads_for(matrix))
        return np.asarray(parts, np.float32)[:, :-1]

    @property
    def trees(self) -> int:
        """How many trees were kept."""
        return int(self._booster.num_trees())

    def importance(self) -> NDArray[np.float64]:
        """[d] share of the total gain that each column brought; all 0 where nothing was grown."""
        gain = np.asarray(self._booster.feature_importance("gain"), np.float64)
        return np.asarray(gain / max(float(gain.sum()), 1e-12), np.float64)

    def _sums(self, matrix: Matrix) -> NDArray[np.float64]:
        if len(matrix) == 0:
            return np.zeros(0, np.float64)
        sums = self._booster.predict(matrix, raw_score=True, num_threads=threads_for(matrix))
        return np.asarray(sums, np.float64)


def _dataset(
    outcomes: Outcomes, names: tuple[str, ...], reference: lgb.Dataset | None = None
) -> lgb.Dataset:
    return lgb.Dataset(
        outcomes.matrix,
        outcomes.happened.astype(np.float32),
        weight=outcomes.weights,
        init_score=outcomes.offsets,
        feature_name=list(names),
        reference=reference,
        free_raw_data=True,
    )

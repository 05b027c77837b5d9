"""From scores to honest probabilities.

A LambdaRank score means nothing across lists, so a score is first set against its own list: its
softmax share of the hires that a job makes on this market of late. Isotonic regression on a later
slice of time gives each such share of hires the frequency seen there. A market that hires more than
it did is followed at once. A classifier's log-odds mean the same anywhere, so for those the
regression is all (`Level`).

Source: Zadrozny & Elkan, KDD 2002, doi:10.1145/775047.775151
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ports import Column, Mask

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Untrained:
    """A `Calibrator` that knows nothing."""

    def probabilities(self, scores: Column, *, pace: float) -> Column:  # noqa: ARG002  # the port
        """[n] NaN."""
        return np.full(len(scores), np.nan, np.float32)


@dataclass(frozen=True, slots=True)
class Isotonic:
    """A `Calibrator` of breakpoints, interpolated between them.

    Attributes:
        expected: [b] rising, the logarithm of a share of the hires that a job makes.
        rates: [b] non-decreasing, in 0..1.
    """

    expected: Floats
    rates: Floats

    @classmethod
    def fit(
        cls, scores: Sequence[Column], hired: Sequence[Column], *, paces: Sequence[float]
    ) -> Isotonic:
        """From the scores of q lists and, for each pair, whether it ended in a hire.

        Args:
            paces: [q] hires a job of late, as of each list.
        """
        lists = zip(scores, paces, strict=True)
        share = np.concatenate([log_shares(one) + np.log(pace) for one, pace in lists])
        return cls(*_rising(share, np.concatenate(list(hired))))

    def probabilities(self, scores: Column, *, pace: float) -> Column:
        """[n] in 0..1, non-decreasing in the score and in the pace."""
        if len(scores) == 0:
            return np.zeros(0, np.float32)
        share = log_shares(scores) + np.log(pace)
        return np.asarray(np.interp(share, self.expected, self.rates), np.float32)


@dataclass(frozen=True, slots=True)
class Level:
    """The same for scores that mean the same anywhere, such as log-odds.

    Attributes:
        scores: [b] rising.
        rates: [b] non-decreasing, in 0..1.
    """

    scores: Floats
    rates: Floats

    @classmethod
    def fit(cls, scores: Column, happened: Mask | Column) -> Level:
        """From n scores, at least one, and whether each came to pass, or how much of it (0..1)."""
        return cls(*_rising(scores, happened.astype(np.float32)))

    def probabilities(self, scores: Column) -> Column:
        """[n] in 0..1, non-decreasing in the score, each by itself."""
        return np.interp(scores, self.scores, self.rates).astype(np.float32)


def log_shares(scores: Column) -> Floats:
    """[n] logarithm of each score's softmax share of its list, at most 0."""
    shifted = scores.astype(np.float64) - scores.max(initial=-np.inf)
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), np.float64)


def _rising(scores: Floats | Column, outcomes: Column) -> tuple[Floats, Floats]:
    from sklearn.isotonic import IsotonicRegression  # training alone needs it

    model = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
    model.fit(scores, outcomes)
    return (
        np.asarray(model.X_thresholds_, np.float64),
        np.asarray(model.y_thresholds_, np.float64),
    )

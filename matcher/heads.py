"""Both sides' consent, and how well it will go: three probabilities of one pair.

P(the freelancer accepts or applies) times P(hired | that) times the quality to expect of the
work, if hired. Each is boosted trees with isotonic calibration on a later slice; the product is the
expected value of a proposal. A head that could not be trained is left out of it. Where a market
records only who was hired, everybody found is taken to be willing, and the hire of those who come
is `p_hire` itself.

The trees start from the pace of the market, hires or wants a job of late over the length of the
list, so that a market which hires more than it did is followed at once, not at the next training.

Source: Zadrozny & Elkan, KDD 2002, doi:10.1145/775047.775151 (calibration)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from matcher.frame import PairFrame
from matcher.ports import Column, Matrix
from matcher.ranking.calibration import Level
from matcher.ranking.classifier import GbdtClassifier

ACCEPT, HIRE, QUALITY = "p_accept", "p_hire_given_accept", "quality"
FACTORS = (ACCEPT, HIRE, QUALITY)
TILT = 1e-3  # of the uncalibrated probability: calibrated steps would tie
Policy = Literal["ranker", "expected_value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One factor.

    Attributes:
        trees: Over all columns; their sums are log-odds, on top of an offset.
        level: From those log-odds to the frequency that was seen.
    """

    trees: GbdtClassifier
    level: Level

    def probabilities(self, matrix: Matrix, offset: float | Column) -> Column:
        """[n] in 0..1, rising with the log-odds."""
        log_odds = self.trees.log_odds(matrix) + np.asarray(offset, np.float32)
        plain = 1 / (1 + np.exp(-log_odds.astype(np.float64)))
        calibrated = self.level.probabilities(log_odds).astype(np.float64)
        return ((1 - TILT) * calibrated + TILT * plain).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """What the heads say of n pairs.

    Attributes:
        by_name: Per trained head, [n] in 0..1.
        expected_value: [n] their product; NaN where there is none.
    """

    by_name: Mapping[str, Column]
    expected_value: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """The heads that could be trained, and whether their product orders lists.

    Attributes:
        by_name: Of `FACTORS`.
        willing: Whether everybody found is taken to come, so that p_hire is the hire of them.
        policy: What orders lists: the ranker's score or the expected value.
        maturity_days: Per head, how long outcomes were waited for before a pair counted.
    """

    by_name: Mapping[str, Head] = field(default_factory=dict)
    willing: bool = False
    policy: Policy = "ranker"
    maturity_days: Mapping[str, float] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The factors that are told, in the order of `FACTORS`."""
        return tuple(
            name for name in FACTORS if name in self.by_name or (self.willing and name == HIRE)
        )

    def factors(self, frame: PairFrame, matrix: Matrix, *, p_hire: Column) -> Factors:
        """The factors of every pair of a list, and their product."""
        each = self._each(matrix, offsets(frame))
        found = {name: each.get(name, p_hire) for name in self.names}
        return Factors(by_name=found, expected_value=_product(found, len(frame)))

    def value(self, matrix: Matrix, starts: Mapping[str, float | Column]) -> Column:
        """[n] the product of the trained heads; NaN without any.

        Args:
            starts: Per head, log-odds to start from: one for all, or [n].
        """
        return _product(self._each(matrix, starts), len(matrix))

    def _each(self, matrix: Matrix, starts: Mapping[str, float | Column]) -> dict[str, Column]:
        return {
            name: self.by_name[name].probabilities(matrix, starts[name])
            for name in FACTORS
            if name in self.by_name
        }


def offsets(frame: PairFrame) -> dict[str, float]:
    """Log-odds that each head starts from: the pace of the market, spread over the list."""
    clientele, as_of = frame.snapshot.history.clientele, frame.query.as_of
    seats = max(len(frame), 1)
    hires = clientele.per_job("hires", as_of=as_of)
    wants = clientele.per_job("wants", as_of=as_of)
    return {
        ACCEPT: _log_odds(wants / seats),
        HIRE: _log_odds(hires / wants),
        QUALITY: 0.0,
    }


def _product(factors: Mapping[str, Column], n: int) -> Column:
    if not factors:
        return np.full(n, np.nan, np.float32)
    return np.asarray(np.prod(np.stack(list(factors.values())), axis=0), np.float32)


def _log_odds(share: float) -> float:
    inside = min(max(share, 1e-4), 0.9)
    return float(np.log(inside / (1 - inside)))

"""Learn who gets a first job, from earlier joiners of whom it is known.

What was learned must prove itself before it is told: on the latest fifth of those joiners, unseen,
the order has to be better than chance can explain. Otherwise a transparent rule orders, and no
chance is told at all.

Source: Mann & Whitney, Annals of Mathematical Statistics 1947, doi:10.1214/aoms/1177730491 (how far
an order strays by chance).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from features.signup.catalog import SIGNUP_FEATURES
from matcher.ports import Column, Mask, Matrix
from matcher.ranking.calibration import Level
from matcher.ranking.classifier import GbdtClassifier, Outcomes
from matcher.ranking.gbdt import Boosting
from training.screening import rule

Floats = NDArray[np.float64]

LEAST = 30  # people with a first job, and without one, below which nothing is learned
LEAST_TO_CALIBRATE = 20  # likewise in the latest fifth
LATER_SHARE = 0.2
PROVEN = 1.645  # standard errors above 1/2: 1 in 20 by chance
BOOSTING = Boosting(
    rounds=300,
    patience=40,
    learning_rate=0.05,
    num_leaves=6,
    min_data_in_leaf=20,
    feature_fraction=0.5,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What was learned of earlier joiners.

    Attributes:
        trees: None where nothing was learned that proved itself.
        level: From log-odds to frequencies; None where the latest fifth holds too few hires.
        earlier: [known, d] features of those whose outcome was known.
        hired: How many of them got a first job in time.
        proof: Area under the curve on the latest fifth, unseen; None where nothing was grown.
        why_not: Why the rule orders; None where the trees do.
    """

    trees: GbdtClassifier | None
    level: Level | None
    earlier: Matrix
    hired: int
    proof: float | None
    why_not: str | None

    def scores(self, matrix: Matrix) -> Column:
        """[n] log-odds of a first job in time, or what the rule says; higher first."""
        if self.trees is None:
            return rule.scores(matrix, SIGNUP_FEATURES.names)
        return self.trees.log_odds(matrix)

    def probabilities(self, matrix: Matrix) -> Column:
        """[n] chance of a first job in time; NaN where nothing was learned."""
        if self.trees is None:
            return np.full(len(matrix), np.nan, np.float32)
        if self.level is None:
            return self.trees.probabilities(matrix)
        return self.level.probabilities(self.trees.log_odds(matrix))

    def contributions(self, matrix: Matrix) -> Matrix:
        """[n, d] what each column added to each score."""
        if self.trees is None:
            usual = np.concatenate([self.earlier, matrix])
            return rule.contributions(matrix, SIGNUP_FEATURES.names, usual=usual)
        return self.trees.contributions(matrix)

    @property
    def base_rate(self) -> float | None:
        """Share of those known who got a first job in time; None where nobody is known."""
        return self.hired / self.known if self.known else None

    @property
    def known(self) -> int:
        """Of how many people the outcome was known."""
        return len(self.earlier)


def fit(matrix: Matrix, happened: Mask, *, seed: int) -> Screen:
    """From people in the order of joining, whose outcomes are all known.

    The first three fifths grow trees, the next says how many, and the latest proves and calibrates
    them: no outcome of it is learned from.
    """
    people, hired = len(happened), int(happened.sum())
    valid, later = (round(people * (1 - n * LATER_SHARE)) for n in (2, 1))
    lacking = Screen(trees=None, level=None, earlier=matrix, hired=hired, proof=None, why_not=None)
    if _fewer(happened) < LEAST or not _fewer(happened[:valid]) or not _fewer(happened[later:]):
        return replace(lacking, why_not=_too_few(people, hired))
    trees = GbdtClassifier.fit(
        Outcomes(matrix=matrix[:valid], happened=happened[:valid]),
        Outcomes(matrix=matrix[valid:later], happened=happened[valid:later]),
        names=SIGNUP_FEATURES.names,
        monotone=SIGNUP_FEATURES.monotone(),
        boosting=BOOSTING,
        seed=seed,
    )
    unseen = trees.log_odds(matrix[later:])
    proof = area(unseen, happened[later:])
    if (proof - 0.5) / _by_chance(happened[later:]) < PROVEN:
        return replace(lacking, proof=proof, why_not=_unproven(people - later, proof))
    enough = _fewer(happened[later:]) >= LEAST_TO_CALIBRATE
    return Screen(
        trees=trees,
        level=Level.fit(unseen, happened[later:]) if enough else None,
        earlier=matrix,
        hired=hired,
        proof=proof,
        why_not=None,
    )


def area(scores: Column | Floats, happened: Mask) -> float:
    """Share of pairs, one who was hired and one who was not, in the right order; ties half.

    NaN where all outcomes are alike.

    >>> area(np.array([3.0, 1.0, 2.0]), np.array([True, False, True]))
    1.0
    """
    others = np.sort(scores[~happened])
    below = np.searchsorted(others, scores[happened])
    upto = np.searchsorted(others, scores[happened], side="right")
    pairs = int(happened.sum()) * len(others)
    return float((below + upto).sum() / (2 * pairs)) if pairs else float("nan")


def _by_chance(happened: Mask) -> float:
    """Standard deviation of the area where an order knows nothing."""
    hired, people = int(happened.sum()), len(happened)
    return float(np.sqrt((people + 1) / (12 * hired * (people - hired))))


def _fewer(happened: Mask) -> int:
    """How many there are of the rarer outcome."""
    hired = int(happened.sum())
    return min(hired, len(happened) - hired)


def _too_few(people: int, hired: int) -> str:
    return (
        f"of {people:,} earlier joiners whose outcome is known, {hired:,} got a first job in time; "
        f"learning takes {LEAST} who did and {LEAST} who did not, early and late among them"
    )


def _unproven(people: int, proof: float) -> str:
    return (
        f"what was learned orders the latest {people:,} joiners whose outcome is known no better "
        f"than chance may (area under the curve {proof:.2f})"
    )

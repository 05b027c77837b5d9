"""How much less a seat is looked at than the first, told from the record alone.

A click takes a look and a liking. Who sits high is liked more, so the share of clicks by seat is
no measure of looking, unless luck filled the seats. Three ways, the plainest first:

- `looked_at`: the market records looks, and says at which seat;
- `drawn_by_luck`: seats whose holders more likely than not would have had none. Sound where such
  seats lie in any order, as on a list drawn uniformly; not where they all stand at the end;
- `inferred`: neither; a model of liking and the curve explain the clicks of all lists together.

Every curve is 1 at the first seat and never rises. A seat that nobody had is as the one before it.

Source: Joachims, Swaminathan & Schnabel, WSDM 2017, doi:10.1145/3018661.3018699 (propensities from
randomised lists); Wang et al., WSDM 2018, doi:10.1145/3159652.3159732 (regression EM)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcher.ports import Mask, Matrix
from matcher.ranking.classifier import GbdtClassifier, Outcomes
from matcher.ranking.columns import Columns
from matcher.ranking.gbdt import Boosting
from training.impressions import Impressions
from training.metrics import Floats

LUCKY = 0.5  # a smaller chance of a seat than that, and it was luck
LEAST_CLICKS = 100  # fewer than that tell no curve
NEVER_LESS = 0.01  # the least chance that a curve tells
STEPS = 15  # of expectation and maximisation
LIKING = Boosting(rounds=20, learning_rate=0.15, num_leaves=7, min_data_in_leaf=100)

# Gives the chance that each seat is liked, from how likely each is to have been, as of now.
Regression = Callable[[Floats], Floats]


def looked_at(shown: Impressions) -> Floats | None:
    """[seats] from the looks; None where they are not recorded, or too few."""
    if shown.looked.all() or shown.looked.sum() < LEAST_CLICKS:
        return None
    return curve_of(shown.looked, shown, where=np.ones(len(shown.rows), np.bool_))


def drawn_by_luck(shown: Impressions) -> Floats | None:
    """[seats] from the clicks on seats that luck filled; None where those are too few."""
    lucky = shown.propensity < LUCKY
    if shown.clicked[lucky].sum() < LEAST_CLICKS:
        return None
    return curve_of(shown.clicked, shown, where=lucky)


def inferred(shown: Impressions, liking: Regression) -> Floats | None:
    """[seats] by regression EM; None where clicks are too few."""
    if shown.clicked.sum() < LEAST_CLICKS:
        return None
    place, clicked = shown.seat - 1, shown.clicked
    number = np.bincount(place).astype(np.float64)
    looks = np.bincount(place, weights=clicked) / np.maximum(number, 1)
    looks = looks / looks.max()
    likes = np.full(len(place), clicked.mean())
    for _ in range(STEPS):
        look = looks[place]
        neither = np.maximum(1 - look * likes, 1e-9)
        liked = np.where(clicked, 1.0, (1 - look) * likes / neither)
        seen = np.where(clicked, 1.0, look * (1 - likes) / neither)
        looks = np.bincount(place, weights=seen) / np.maximum(number, 1)
        likes = np.clip(liking(liked), 1e-6, 1 - 1e-6)
    return falling(looks, number)


def liking_from(matrix: Matrix, columns: Columns, *, seed: int) -> Regression:
    """A classifier of liking over some columns, fitted anew at every step."""
    read = columns.take(matrix)
    twice = np.concatenate([read, read])
    happened = np.repeat([True, False], len(read))

    def liking(liked: Floats) -> Floats:
        weights = np.concatenate([liked, 1 - liked]).astype(np.float32)
        trees = GbdtClassifier.fit(
            Outcomes(matrix=twice, happened=happened, weights=weights),
            names=columns.names,
            monotone=columns.monotone,
            boosting=LIKING,
            seed=seed,
        )
        return trees.probabilities(read).astype(np.float64)

    return liking


def curve_of(happened: Mask, shown: Impressions, *, where: Mask) -> Floats:
    """[seats] how often it happened at each seat, beside the first; never rising."""
    seats = int(shown.seat.max(initial=0))
    place = shown.seat[where] - 1
    number = np.bincount(place, minlength=seats).astype(np.float64)
    rate = np.bincount(place, weights=happened[where], minlength=seats) / np.maximum(number, 1)
    return falling(rate, number)


def falling(rate: Floats, number: Floats) -> Floats:
    """The nearest curve that never rises, 1 at the first seat; seats count by their number."""
    known = np.flatnonzero(number > 0)
    if not len(known):
        return np.ones(len(rate))
    smooth = _falling(rate[known], number[known])
    before = np.maximum(np.searchsorted(known, np.arange(len(rate)), side="right") - 1, 0)
    curve = smooth[before]
    return np.asarray(np.clip(curve / max(float(curve[0]), 1e-12), NEVER_LESS, 1.0))


def _falling(rate: Floats, weight: Floats) -> Floats:
    """Isotonic regression by the min-max formula: no seat has many neighbours."""
    total = np.append(0, np.cumsum(rate * weight))
    mass = np.append(0, np.cumsum(weight))
    first, last = np.arange(len(rate))[:, None], np.arange(len(rate))[None, :]
    means = np.full((len(rate), len(rate)), -np.inf)
    inside = first <= last
    np.divide(total[last + 1] - total[first], mass[last + 1] - mass[first], out=means, where=inside)
    from_here = np.maximum.accumulate(means[:, ::-1], axis=1)[:, ::-1]  # the best end at or after
    return np.asarray([from_here[: seat + 1, seat].min() for seat in range(len(rate))])

"""A declared share of the seats for people of whom too little is known to be sure.

A list by score alone shows those who were shown before, and never learns of anybody else. Here
some seats are drawn among candidates with few hires: among the best of them by an optimistic
estimate (the upper confidence bound of their probability), and in proportion to it, by systematic
sampling. Its inclusion probabilities are exact, so every seat's propensity is known and not
simulated. The same seed draws the same list.

Source: Auer, Cesa-Bianchi & Fischer, Machine Learning 2002, doi:10.1023/A:1013689704352 (upper
confidence bounds); Madow, Annals of Mathematical Statistics 1949, doi:10.1214/aoms/1177729988
(systematic sampling with unequal probabilities).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ports import Column, Mask, Rows

Floats = NDArray[np.float64]
OPTIMISM = 1.0  # standard deviations above the estimate
LEAST = 1e-6  # even the least likely has some chance of a seat


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """A list of k seats.

    Attributes:
        places: [k] places in the ranked pool, the first seat first; none twice.
        propensity: [k] chance that each had of any seat on this list, in (0, 1].
        explored: [k] whose seat was drawn.
    """

    places: Rows
    propensity: Column
    explored: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """How much is explored, and among whom.

    Attributes:
        share: Of the seats, in 0..1; a broken number of seats is drawn so that it holds on average.
        few_hires: Candidates with fewer hires than that are uncertain.
        among: So many of them, the best, are drawn among for each seat.
    """

    share: float = 0.0
    few_hires: int = 1
    among: int = 4

    def seats(self, chance: Column, hires: Column, *, k: int, seed: int) -> Seats:
        """Seats for a ranked pool, best first.

        Args:
            chance: [n] estimated probability of each; NaN counts as the least there is.
            hires: [n] how often each was hired before.
            k: How many seats, at most n of which are filled.
        """
        k = min(k, len(chance))
        wanted = self.share * k
        whole, broken = int(wanted), wanted - int(wanted)
        rng = np.random.default_rng(seed)
        takes_more, start = rng.random(2)
        optimistic = np.where(hires < self.few_hires, upper_bound(chance, hires), 0.0)
        each = [_draw(optimistic, k=k, drawn=whole + more, among=self.among) for more in (0, 1)]
        propensity = (1 - broken) * each[0].propensity + broken * each[1].propensity
        taken = each[int(takes_more < broken)]
        return _seated(taken, start, propensity, k=k)


def upper_bound(chance: Column, hires: Column) -> Floats:
    """[n] an optimistic probability: the fewer hires somebody has, the more so."""
    known = np.clip(np.nan_to_num(chance.astype(np.float64)), LEAST, 1 - LEAST)
    spread = np.sqrt(known * (1 - known) / (1 + hires.astype(np.float64)))
    return np.asarray(np.minimum(known + OPTIMISM * spread, 1.0), np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """So many seats by score, the others drawn.

    Attributes:
        certain: How many of the pool's first have a seat anyway.
        propensity: [n] of each; 1 for those, 0 for whom it never comes to.
    """

    certain: int
    propensity: Floats


def _draw(optimistic: Floats, *, k: int, drawn: int, among: int) -> _Plan:
    """The plan with at most `drawn` seats to draw; fewer where there are fewer to draw from.

    Args:
        optimistic: [n] upper bounds; 0 for those who are not uncertain.
    """
    drawn = min(drawn, k)
    certain = k - drawn
    while True:  # a seat that nobody uncertain can take goes to the next by score
        behind = certain + np.flatnonzero(optimistic[certain:])
        lacking = k - certain - len(behind)
        if lacking <= 0:
            break
        certain += lacking
    best = behind[np.argsort(-optimistic[behind], kind="stable")][: among * (k - certain)]
    weight = np.zeros(len(optimistic))
    weight[best] = optimistic[best]
    propensity = inclusion(weight, k - certain)
    propensity[:certain] = 1.0
    return _Plan(certain=certain, propensity=propensity)


def inclusion(weight: Floats, seats: int) -> Floats:
    """[n] inclusion probabilities in proportion to weights, at most 1 each, adding up to `seats`.

    >>> inclusion(np.array([1.0, 1.0, 2.0]), 2).tolist()
    [0.5, 0.5, 1.0]
    """
    share = np.zeros(len(weight))
    open_ = weight > 0
    left = float(seats)
    while left > 0 and open_.any():
        share[open_] = left * weight[open_] / weight[open_].sum()
        full = open_ & (share >= 1)
        if not full.any():
            break
        share[full] = 1.0
        open_ &= ~full
        left = seats - float((share == 1).sum())
    return share


def _seated(plan: _Plan, start: float, propensity: Floats, *, k: int) -> Seats:
    """Draw, and seat each drawn in the middle of its stretch; the others keep their order."""
    ends = np.cumsum(np.where(np.arange(len(propensity)) < plan.certain, 0.0, plan.propensity))
    last = np.nextafter(ends[-1], 0.0) if len(ends) else 0.0  # a sum may fall short by rounding
    marks = np.minimum(start + np.arange(k - plan.certain), last)
    drawn = np.searchsorted(ends, marks, side="right")
    seat = np.floor((np.arange(len(drawn)) + 0.5) * k / max(len(drawn), 1)).astype(np.int64)
    explored = np.zeros(k, np.bool_)
    explored[seat] = True
    places = np.empty(k, np.int64)
    places[explored], places[~explored] = drawn, np.arange(plan.certain)
    return Seats(places=places, propensity=propensity[places].astype(np.float32), explored=explored)

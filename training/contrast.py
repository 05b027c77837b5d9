"""What arms of a trial came to, and what each did better or worse than the first.

The arms of a seed share posts, people and luck, so a resample draws the same posts for every
arm. Within a seed all posts lie on one path of the market, which no bootstrap over posts can
vary: the differences of the single seeds say how much another path would change.

Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993 (percentile intervals).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.metrics import RESAMPLES, Floats
from training.simulate.draws import Ints
from training.simulate.market import Fate

MONTH_DAYS = 30

# measure -> what it counts of a post, and out of what; a measure is a ratio of the two sums.
MEASURES: Mapping[str, Callable[[Fate], tuple[float, float]]] = {
    "hires_per_post": lambda fate: (fate.hires, 1),
    "filled": lambda fate: (fate.hires > 0, 1),
    "hires_per_position": lambda fate: (fate.hires, fate.positions),
    "earnings_usd_per_post": lambda fate: (fate.earnings_usd, 1),
    "satisfied_per_hire": lambda fate: (fate.satisfied, fate.hires),
    "mean_stars": lambda fate: (sum(fate.stars), len(fate.stars)),
    "newcomers_per_hire": lambda fate: (fate.newcomers, fate.hires),
    "first_hires_per_post": lambda fate: (fate.first_hires, 1),
    "expected_hires_per_post": lambda fate: (fate.expected_hires, 1),
    "expected_first_hires_per_post": lambda fate: (fate.expected_first_hires, 1),
    "ndcg@10": lambda fate: (fate.ndcg or 0.0, fate.ndcg is not None),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One seed: the same posts under every arm.

    Attributes:
        day: [posts] days since the arms parted at which each was posted, rounded down.
        fates: Arm -> what became of each post, in the same order.
    """

    seed: int
    day: Ints
    fates: Mapping[str, tuple[Fate, ...]]


def contrast(played: Sequence[Played], *, days: int) -> dict[str, Any]:
    """Measures of every arm, what they differ by from the first, and the course of that.

    Differences are told as they are and as a share of the first, with 95% intervals. A measure
    is None where it is unknown, such as stars without any contract.

    Args:
        played: All of the same arms, in the same order.
        days: How long the arms went on.
    """
    ends = [min(MONTH_DAYS * (n + 1), days) for n in range(math.ceil(days / MONTH_DAYS))]
    month = np.concatenate([one.day for one in played]) // MONTH_DAYS
    arms = list(played[0].fates)
    counts = {arm: np.concatenate([_counts(one.fates[arm]) for one in played]) for arm in arms}
    sums = {arm: _sums(counts[arm], month, np.ones(len(month)), len(ends)) for arm in arms}
    drawn = {arm: np.empty((RESAMPLES, len(sums[arm]))) for arm in arms}
    for resample, weight in enumerate(_resamples([len(one.day) for one in played])):
        for arm in arms:
            drawn[arm][resample] = _sums(counts[arm], month, weight, len(ends))
    first, *others = arms
    return {
        "arms": {arm: _named(_ratios(sums[arm])) for arm in arms},
        "minus_first": {
            arm: _difference(
                _ratios(sums[arm]) - _ratios(sums[first]),
                _ratios(drawn[arm]) - _ratios(drawn[first]),
            )
            for arm in others
        },
        "over_first": {
            arm: _difference(
                _change(_ratios(sums[arm]), _ratios(sums[first])),
                _change(_ratios(drawn[arm]), _ratios(drawn[first])),
            )
            for arm in others
        },
        "per_seed": {str(one.seed): _seed(one) for one in played},
        "course": {
            "days": ends,
            "hires_minus_first": {
                arm: _band(
                    _path(sums[arm] - sums[first]) / len(played),
                    _path(drawn[arm] - drawn[first]) / len(played),
                )
                for arm in others
            },
        },
    }


def _counts(fates: Sequence[Fate]) -> Floats:
    """[posts, 2 * measures]: what is counted, measure by measure, then out of what."""
    rows = [[measure(fate) for measure in MEASURES.values()] for fate in fates]
    table = np.array(rows, np.float64).reshape(len(fates), len(MEASURES), 2)
    return np.concatenate([table[..., 0], table[..., 1]], axis=1)


def _sums(counts: Floats, month: Ints, weight: Floats, months: int) -> Floats:
    """[2 * measures + months]: weighted sums of the counts, then hires up to each month's end."""
    monthly = np.bincount(month, weights=weight * counts[:, 0], minlength=months)
    return np.concatenate([weight @ counts, np.cumsum(monthly)])


def _ratios(sums: Floats) -> Floats:
    """[..., measures] of sums; NaN where there is nothing to divide by."""
    above, below = sums[..., : len(MEASURES)], sums[..., len(MEASURES) : 2 * len(MEASURES)]
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def _change(values: Floats, first: Floats) -> Floats:
    """Shares of the first by which values differ from it; NaN where the first is none."""
    known = np.full_like(values, np.nan)
    return np.divide(values - first, first, out=known, where=first > 0)


def _path(sums: Floats) -> Floats:
    return sums[..., 2 * len(MEASURES) :]


def _resamples(sizes: Sequence[int]) -> Iterator[Floats]:
    """How often each post is drawn, resample by resample; every seed keeps its number of posts."""
    rng = np.random.default_rng(0)
    for _ in range(RESAMPLES):
        weight = np.zeros(sum(sizes))
        for start, size in zip(np.cumsum([0, *sizes]), sizes, strict=False):
            if size:
                drawn = rng.integers(size, size=size)
                weight[start : start + size] = np.bincount(drawn, minlength=size)
        yield weight


def _named(values: Floats) -> dict[str, float | None]:
    return {
        name: float(value) if np.isfinite(value) else None
        for name, value in zip(MEASURES, values, strict=True)
    }


def _difference(apart: Floats, resampled: Floats) -> dict[str, dict[str, Any]]:
    """Per measure, the difference and its interval, over the resamples that know it."""
    found: dict[str, dict[str, Any]] = {}
    for place, (name, value) in enumerate(_named(apart).items()):
        known = resampled[np.isfinite(resampled[:, place]), place]
        bounds = None if value is None else np.percentile(known, [2.5, 97.5]).tolist()
        found[name] = {"difference": value, "ci": bounds}
    return found


def _band(path: Floats, resampled: Floats) -> dict[str, list[float]]:
    low, high = np.percentile(resampled, [2.5, 97.5], axis=0)
    return {"difference": path.tolist(), "low": low.tolist(), "high": high.tolist()}


def _seed(one: Played) -> dict[str, Any]:
    values = {arm: _ratios(_counts(fates).sum(axis=0)) for arm, fates in one.fates.items()}
    first, *others = values
    return {
        "posts": len(one.day),
        "arms": {arm: _named(found) for arm, found in values.items()},
        "minus_first": {arm: _named(values[arm] - values[first]) for arm in others},
    }

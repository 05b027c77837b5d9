"""The population stability index: how far two populations lie apart, bin by bin.

The distribution that Yurdakul & Naranjo give it where nothing has moved, a scaled chi-square,
is one of independent values. The pairs of a list are none: with pairs counted, 43% of columns
seem to move between two halves of one population, where 5% should; with lists counted, 0.2%.
So the noise level is a bootstrap over lists; `training/README.md` has the figures.

Source: Siddiqi, Credit Risk Scorecards, Wiley 2006 (the index and its reading); Yurdakul &
Naranjo, Journal of Risk Model Validation 14(4), 2020, doi:10.21314/JRMV.2020.227 (its noise);
Efron & Tibshirani, An Introduction to the Bootstrap, 1993.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from training.metrics import RESAMPLES, Floats

FLOOR = 1e-4
MODERATE, LARGE = 0.1, 0.25


def psi(then: ArrayLike, now: ArrayLike) -> float:
    """Sum of (p - q) ln(p / q) over the shares of two populations; 0 where they are alike.

    A share below `FLOOR` counts as `FLOOR`, on either side: an empty bin has no logarithm.

    Args:
        then: [b] how many fell into each bin.
        now: [b] likewise, of the other population.
    """
    return float(_apart(_shares(then), _shares(now)))


def resamples(lists: int) -> Floats:
    """[r, lists] how often each list is drawn, resample by resample; always the same."""
    rng = np.random.default_rng(0)
    return rng.multinomial(lists, np.full(lists, 1 / lists), size=RESAMPLES).astype(np.float64)


def noise_level(by_list: Floats, drawn: Floats, *, lists_then: int) -> float:
    """What 95 in 100 indices stay below where nothing has moved; endless for a single list.

    How far resamples lie from the sample that they are drawn from is what the sample's own
    chance adds, but for n / (n - 1); the chance of the other population is in proportion.

    Args:
        by_list: [n, b] how many of each list fell into each bin.
        drawn: [r, n] `resamples`.
        lists_then: How many lists the other population has.
    """
    lists = len(by_list)
    if lists < 2:
        return math.inf
    apart = _apart(_shares(drawn @ by_list), _shares(by_list.sum(axis=0)))
    return float(np.quantile(apart, 0.95) * (lists / (lists - 1) + lists / lists_then))


def reading(index: float, *, noise: float) -> str:
    """An index in a word: stable, moderate or large, or noise where chance may do as much."""
    if index < MODERATE:
        return "stable"
    if index <= noise:
        return "noise"
    return "moderate" if index <= LARGE else "large"


def _shares(counts: ArrayLike) -> Floats:
    n = np.asarray(counts, np.float64)
    total = n.sum(axis=-1, keepdims=True)
    return np.asarray(np.maximum(n / total, FLOOR), np.float64)


def _apart(p: Floats, q: Floats) -> Floats:
    return np.asarray(((p - q) * np.log(p / q)).sum(axis=-1), np.float64)

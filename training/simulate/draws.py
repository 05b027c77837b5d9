"""Small random choices, each from a generator that is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
T = TypeVar("T")


def chance(probability: float, rng: np.random.Generator) -> bool:
    """True with this probability."""
    return bool(rng.random() < probability)


def pick(options: Sequence[T], rng: np.random.Generator) -> T:
    """One of `options`, each as likely as the others."""
    return options[int(rng.integers(len(options)))]


def some(options: Sequence[T], rng: np.random.Generator, *, low: int, high: int) -> list[T]:
    """Between `low` and `high` of the options (both included), none twice, in random order."""
    count = int(rng.integers(low, high + 1))
    return [options[i] for i in rng.permutation(len(options))[:count]]


def kept(options: Sequence[T], rng: np.random.Generator, *, share: float) -> list[T]:
    """The options that survive, each with probability `share`, in their order."""
    return [option for option in options if chance(share, rng)]


def shuffled(options: Sequence[T], rng: np.random.Generator) -> list[T]:
    """The options in random order."""
    return [options[i] for i in rng.permutation(len(options))]


def spread_out(count: int, rng: np.random.Generator) -> Floats:
    """[count] standard normal values, one from each of `count` equally likely strata, shuffled.

    The sum of a few heavy-tailed draws depends on luck; of these it hardly does.
    """
    normal = NormalDist()
    return rng.permutation([normal.inv_cdf((place + 0.5) / count) for place in range(count)])


def shares(weights: Sequence[float]) -> Floats:
    """The weights, scaled to add up to one."""
    values = np.asarray(weights, dtype=np.float64)
    return np.asarray(values / values.sum(), dtype=np.float64)

"""A feature: a named function of a frame, with its contract and its sentence.

A frame holds pairs, where a ranker is to order them, or people who just signed up. The
function, what it promises (unit, range, which way it may move a score) and what is read of
it stand in one place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

import numpy as np

from matcher.frame import PairFrame
from matcher.jobs.frame import JobsFrame
from matcher.ports import Column, Matrix

Frame = TypeVar("Frame")
Against = Literal["share", "place"]


@dataclass(frozen=True, kw_only=True)  # no slots: an alias with a frame filled in may make one
class Described(Generic[Frame]):
    """One column of a feature matrix.

    Attributes:
        compute: Gives [n] float32; NaN where unknown.
        unit: What the value counts.
        low: Least possible value, inclusive; `high` the greatest.
        monotone: +1 or -1 where the sign is a fact, 0 where the data decide.
        phrase: A sentence part, with `{value}` where the number tells anybody anything.
        absent: What is said instead where the value is 0 or unknown.
        against: Further columns that compare the value with the rest of the list.
    """

    name: str
    family: str
    compute: Callable[[Frame], Column]
    unit: str
    low: float
    high: float
    monotone: int
    phrase: str
    absent: str
    doc: str
    against: tuple[Against, ...] = ()

    def __call__(self, frame: Frame) -> Column:
        """[n] float32, one a row of the frame."""
        return np.asarray(self.compute(frame), np.float32)

    def say(self, value: float) -> str:
        """The phrase with a value in it, or what is said where there is none."""
        # A value that would read as 0.00 is told as none, unless the phrase tells no value.
        told = round(abs(value), 2) if "{value" in self.phrase else abs(value)
        if self.absent and not (np.isfinite(value) and told > 0):
            return self.absent
        if not np.isfinite(value):
            return f"{self.name.replace('_', ' ')} is unknown"
        return self.phrase.format(value=value)


Feature = Described[PairFrame]  # of a pair
JobsFeature = Described[JobsFrame]  # of a pair, where the list is one freelancer's jobs


def feature(
    *,
    family: str,
    unit: str,
    phrase: str,
    absent: str = "",
    low: float = 0.0,
    high: float = np.inf,
    monotone: int = 0,
    against: tuple[Against, ...] = (),
) -> Callable[[Callable[[Frame], Column]], Described[Frame]]:
    """Make the decorated function a feature of its own name."""

    def made(compute: Callable[[Frame], Column]) -> Described[Frame]:
        return Described(
            name=compute.__name__,
            family=family,
            compute=compute,
            unit=unit,
            low=low,
            high=high,
            monotone=monotone,
            phrase=phrase,
            absent=absent,
            doc=(compute.__doc__ or "").strip(),
            against=against,
        )

    return made


def share_of_best(values: Column) -> Column:
    """[n] each value over the greatest of the list; NaN where nobody has any.

    >>> share_of_best(np.array([2, 4, 0], np.float32)).tolist()
    [0.5, 1.0, 0.0]
    """
    return np.asarray(shares_of_best(values[None, :])[0], np.float32)


def shares_of_best(columns: Matrix) -> Matrix:
    """[c, n] each column's values over its own greatest; NaN where nobody has any."""
    best = np.fmax.reduce(columns, axis=1, initial=0)
    best = np.where(best > 0, best, np.float32(np.nan))
    return np.asarray(columns / best[:, None], np.float32)


def place(values: Column) -> Column:
    """[n] how many of the list have more; ties share a place, NaN stays NaN.

    >>> place(np.array([2, 4, 2], np.float32)).tolist()
    [1.0, 0.0, 1.0]
    """
    falling = np.sort(-values[np.isfinite(values)])
    places = np.searchsorted(falling, -values).astype(np.float32)
    return np.where(np.isfinite(values), places, np.float32(np.nan))


COMPARE: dict[Against, Callable[[Column], Column]] = {"share": share_of_best, "place": place}

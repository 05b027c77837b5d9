"""What the jobs that a candidate applied for say, hired or not.

The neighbours are the most similar past jobs that anybody wanted; each votes for the
people who applied for it or accepted an invitation to it.
"""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.frame import PairFrame
from matcher.ports import Column

SOURCE = "interest"
EXPONENT = 8.0
SIZES = (20, 100, 300)
HALF_LIVES = (30, np.inf)


def interest(*, size: int, half_life: float) -> Feature:
    """The votes of the `size` nearest past jobs, for the people who wanted them."""

    def compute(frame: PairFrame) -> Column:
        return frame.evidence[SOURCE].votes(size=size, exponent=EXPONENT, half_life_days=half_life)

    span = f"{half_life:g}d" if np.isfinite(half_life) else "ever"
    return Feature(
        name=f"interest_{size}_{span}",
        family=SOURCE,
        compute=compute,
        unit="votes",
        low=0,
        high=np.inf,
        monotone=0,
        phrase="went for similar jobs (vote {value:.2f})",
        absent="has not gone for similar jobs yet",
        doc=f"Votes of the {size} nearest jobs that were wanted, half-life {span}; 0 without any.",
        against=("share", "place") if size == 100 else ("share",),
    )


@feature(
    family=SOURCE,
    unit="similarity",
    high=1,
    phrase="went for a similar job (similarity {value:.2f})",
    absent="has not gone for a similar job yet",
    against=("share",),
)
def interest_best(frame: PairFrame) -> Column:
    """Similarity of the nearest past job that the candidate wanted; NaN without any."""
    return frame.evidence[SOURCE].best(half_life_days=np.inf)


@feature(
    family=SOURCE,
    unit="similarity",
    high=1,
    phrase="nearest jobs gone for average {value:.2f}",
    absent="has not gone for similar jobs yet",
    against=("share",),
)
def interest_mean_of_top_5(frame: PairFrame) -> Column:
    """Mean similarity of the five nearest past jobs that the candidate wanted; NaN without any."""
    return frame.evidence[SOURCE].mean_of_top(5)


@feature(
    family=SOURCE,
    unit="share",
    high=1,
    phrase="{value:.0%} of the jobs gone for resemble this one",
    absent="has not gone for similar jobs yet",
    against=("share",),
)
def interest_specialism(frame: PairFrame) -> Column:
    """Share of what the candidate wanted among the 300 nearest past jobs; NaN without any."""
    alike = frame.evidence[SOURCE].count(size=300)
    wanted = frame.jobs_wanted().count()
    return np.divide(alike, wanted, out=frame.unknown(), where=wanted > 0)


INTEREST_FEATURES: tuple[Feature, ...] = (
    *(interest(size=size, half_life=half_life) for size in SIZES for half_life in HALF_LIVES),
    interest_best,
    interest_mean_of_top_5,
    interest_specialism,
)

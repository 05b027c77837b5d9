"""What the jobs that a candidate went for say, hired or not.

The neighbours are the most similar past jobs that anybody wanted; each votes for the
people who applied for it or accepted an invitation to it, and for those it shortlisted.
"""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.domain import Kind
from matcher.frame import PairFrame
from matcher.ports import Column

SOURCE = "interest"
EXPONENT = 8.0
SIZES = (20, 100, 300)
HALF_LIVES = (30, np.inf)
SAID = {"interest": "went for", "shortlist": "was shortlisted for"}
UNSAID = {"interest": "has not gone for", "shortlist": "not shortlisted for"}
USUALLY_SHORTLISTED = 0.1
STRENGTH = 5.0


def votes(evidence: str, *, size: int, half_life: float) -> Feature:
    """The votes of the `size` nearest past jobs, for those who wanted or got onto the shortlist."""

    def compute(frame: PairFrame) -> Column:
        return frame.evidence[evidence].votes(
            size=size, exponent=EXPONENT, half_life_days=half_life
        )

    span = f"{half_life:g}d" if np.isfinite(half_life) else "ever"
    return Feature(
        name=f"{evidence}_{size}_{span}",
        family=SOURCE,
        compute=compute,
        unit="votes",
        low=0,
        high=np.inf,
        monotone=0,
        phrase=f"{SAID[evidence]} similar jobs",
        absent=f"{UNSAID[evidence]} similar jobs yet",
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


@feature(
    family=SOURCE,
    unit="share",
    phrase="shortlisted for {value:.0%} of the jobs gone for (smoothed)",
    absent="has not gone for any job yet",
    against=("share",),
)
def shortlist_rate(frame: PairFrame) -> Column:
    """Shortlisted over wanted jobs, shrunk to a tenth; NaN where nothing was wanted."""
    wanted = frame.jobs_wanted().count()
    listed = frame.events(Kind.SHORTLISTED).count()
    rate = (listed + USUALLY_SHORTLISTED * STRENGTH) / (wanted + STRENGTH)
    return np.where(wanted > 0, rate, np.float32(np.nan)).astype(np.float32)


INTEREST_FEATURES: tuple[Feature, ...] = (
    *(votes("interest", size=size, half_life=each) for size in SIZES for each in HALF_LIVES),
    *(votes("shortlist", size=size, half_life=each) for size in SIZES[1:] for each in HALF_LIVES),
    interest_best,
    interest_mean_of_top_5,
    interest_specialism,
    shortlist_rate,
)

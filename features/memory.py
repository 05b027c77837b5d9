"""What past jobs like this one say of a candidate, dense and lexical side by side.

The neighbours that retrieval found are joined to the people hired for them. A
vote is the neighbour's similarity to a power, halved with every half-life of
age, weighed by how the engagement went.
"""

from __future__ import annotations

import numpy as np

from features.feature import Feature
from matcher.domain import Kind
from matcher.frame import PairFrame
from matcher.ports import Column

SOURCES = {"memory": "similar", "lexical": "alike-worded"}
EXPONENT = {"memory": 6.0, "lexical": 2.0}
SIZES = (5, 20, 60, 250, 1000)
HALF_LIVES = (10, 60, 365, np.inf)


def votes(source: str, *, size: int, half_life: float) -> Feature:
    """The votes of the `size` nearest past jobs, for the people hired for them."""

    def compute(frame: PairFrame) -> Column:
        return frame.evidence[source].votes(
            size=size, exponent=EXPONENT[source], half_life_days=half_life
        )

    span = f"{half_life:g}d" if np.isfinite(half_life) else "ever"
    return Feature(
        name=f"{source}_votes_{size}_{span}",
        family=source,
        compute=compute,
        unit="votes",
        low=0,
        high=np.inf,
        monotone=0,
        phrase=f"was hired for {SOURCES[source]} jobs (vote {{value:.2f}})",
        absent=f"not hired for {SOURCES[source]} jobs yet",
        doc=f"Votes of the {size} nearest past jobs, half-life {span}; 0 without any.",
        against=("share", "place") if size == 250 else ("share",),
    )


def best(source: str, *, half_life: float = np.inf) -> Feature:
    """The most similar past job that a candidate was hired for."""

    def compute(frame: PairFrame) -> Column:
        return frame.evidence[source].best(half_life_days=half_life)

    span = f"_{half_life:g}d" if np.isfinite(half_life) else ""
    return Feature(
        name=f"{source}_best{span}",
        family=source,
        compute=compute,
        unit="similarity",
        low=0,
        high=1,
        monotone=0,
        phrase=f"delivered a {SOURCES[source]} job (similarity {{value:.2f}})",
        absent=f"no {SOURCES[source]} job delivered yet",
        doc="Similarity of the nearest past job, halved with age; NaN without any.",
        against=("share", "place") if not span else ("share",),
    )


def mean_of_top(source: str, *, top: int = 3) -> Feature:
    """The mean similarity of a candidate's nearest past jobs."""

    def compute(frame: PairFrame) -> Column:
        return frame.evidence[source].mean_of_top(top)

    return Feature(
        name=f"{source}_mean_of_top_{top}",
        family=source,
        compute=compute,
        unit="similarity",
        low=0,
        high=1,
        monotone=0,
        phrase=f"nearest {SOURCES[source]} jobs delivered average {{value:.2f}}",
        absent=f"no {SOURCES[source]} job delivered yet",
        doc=f"Mean similarity of the {top} nearest past jobs; NaN without any.",
        against=("share",),
    )


def specialism(source: str) -> Feature:
    """How much of what a candidate delivered resembles this job."""

    def compute(frame: PairFrame) -> Column:
        alike = frame.evidence[source].count(size=250)
        hires = frame.events(Kind.HIRED).count()
        share = np.divide(alike, hires, out=frame.unknown(), where=hires > 0)
        return np.minimum(share, np.float32(1))

    return Feature(
        name=f"{source}_specialism",
        family=source,
        compute=compute,
        unit="share",
        low=0,
        high=1,
        monotone=0,
        phrase=f"{{value:.0%}} of past work was {SOURCES[source]}",
        absent=f"no {SOURCES[source]} work so far",
        doc="Share of a candidate's hires among the 250 nearest past jobs; NaN without hires.",
        against=("share",),
    )


MEMORY_FEATURES: tuple[Feature, ...] = (
    *(
        votes(source, size=size, half_life=half_life)
        for source in SOURCES
        for size in SIZES
        for half_life in HALF_LIVES
    ),
    *(
        best(source, half_life=half_life)
        for source in SOURCES
        for half_life in (np.inf, 180.0, 30.0, 7.0)
    ),
    *(mean_of_top(source) for source in SOURCES),
    *(specialism(source) for source in SOURCES),
)

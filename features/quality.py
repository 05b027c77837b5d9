"""How good a candidate's work is to be expected, less inflation and the raters' severity.

Sources and method: `matcher/reputation.py` and `matcher/quality.py`.
"""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.frame import PairFrame
from matcher.ports import Column
from matcher.reputation import SIGNALS


@feature(
    family="quality",
    unit="share of the scale",
    high=1,
    phrase="work rated {value:.0%}, here and elsewhere, inflation and strict raters allowed for",
    absent="no work rated yet",
    against=("share",),
)
def quality(frame: PairFrame) -> Column:
    """Pooled quality of past work, stars from elsewhere discounted; NaN where nothing tells."""
    return _told(frame, _person(frame)[0])


@feature(
    family="quality",
    unit="share of the scale",
    phrase="that rating is good to ±{value:.0%}",
    absent="nothing tells how good that rating is",
)
def quality_doubt(frame: PairFrame) -> Column:
    """Standard deviation of that quality; NaN in a market that records too little."""
    if not frame.quality.anchor:
        return frame.unknown()
    return np.sqrt(_person(frame)[1])


@feature(
    family="quality",
    unit="share of the scale",
    high=1,
    phrase="work in the required skills rated {value:.0%}",
    absent="no work rated yet, or no skill required",
    against=("share",),
)
def quality_in_skills(frame: PairFrame) -> Column:
    """Mean of the quality in each required skill, pooled towards the person's; NaN without any."""
    if len(frame.job_skills) == 0:
        return frame.unknown()
    person = _person(frame)[0]
    each = [
        frame.quality.in_skill(
            person, {signal: frame.rated_in_skill(signal, int(code)) for signal in SIGNALS}
        )
        for code in frame.job_skills
    ]
    return _told(frame, np.asarray(np.mean(each, axis=0), np.float32))


def _person(frame: PairFrame) -> tuple[Column, Column]:
    return frame.quality.person(
        {signal: frame.rated(signal) for signal in SIGNALS}, _brought(frame)
    )


def _brought(frame: PairFrame) -> tuple[Column, Column]:
    return frame.profile("platform_mean"), frame.profile("platform_count")


def _told(frame: PairFrame, deviation: Column) -> Column:
    """On the scale, where anything is known of somebody."""
    if not frame.quality.anchor:
        return frame.unknown()
    rated = np.sum([frame.rated(signal).count() for signal in SIGNALS], axis=0)
    told = (rated > 0) | (frame.quality.elsewhere.evidence(*_brought(frame))[0] > 0)
    value = np.clip(frame.quality.usual + deviation, 0.0, 1.0)
    return np.where(told, value, np.float32(np.nan)).astype(np.float32)


QUALITY_FEATURES: tuple[Feature, ...] = (quality, quality_doubt, quality_in_skills)

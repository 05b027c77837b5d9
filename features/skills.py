"""What the job requires and what a candidate lists or has been hired for."""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.frame import PairFrame
from matcher.ports import Column


@feature(
    family="skills",
    unit="share",
    high=1,
    monotone=+1,
    phrase="covers {value:.0%} of the required skills",
    absent="lists none of the required skills",
    against=("share",),
)
def skill_coverage(frame: PairFrame) -> Column:
    """Share of the job's required skills that the candidate lists; NaN where none is required."""
    if len(frame.wanted_skills) == 0:
        return frame.unknown()
    return np.asarray(frame.skills.overlap(frame.wanted_skills) / len(frame.wanted_skills))


@feature(
    family="skills",
    unit="share",
    high=1,
    monotone=+1,
    phrase="covers {value:.0%} of the requirement by rarity",
    absent="lists none of the required skills",
    against=("share",),
)
def rare_skill_coverage(frame: PairFrame) -> Column:
    """The same with each skill weighed by its rarity; NaN where none is required."""
    if len(frame.wanted_skills) == 0:
        return frame.unknown()
    covered = frame.skills.overlap(frame.wanted_skills, weights=frame.rarity)
    return np.asarray(covered / frame.rarity.sum())


@feature(
    family="skills",
    unit="skills",
    phrase="lacks {value:.0f} of the required skills",
    absent="lacks no required skill",
)
def missing_skills(frame: PairFrame) -> Column:
    """How many required skills the candidate does not list; NaN where none is required."""
    if len(frame.wanted_skills) == 0:
        return frame.unknown()
    return len(frame.wanted_skills) - frame.skills.overlap(frame.wanted_skills)


@feature(
    family="skills",
    unit="share",
    high=1,
    monotone=+1,
    phrase="lists {value:.0%} of the skills that the text names",
    absent="lists none of the skills that the text names",
)
def named_skill_coverage(frame: PairFrame) -> Column:
    """Share of the skills named in the job's text that the candidate lists; NaN without any."""
    if len(frame.named_skills) == 0:
        return frame.unknown()
    return np.asarray(frame.skills.overlap(frame.named_skills) / len(frame.named_skills))


@feature(family="skills", unit="skills", phrase="lists {value:.0f} skills", absent="lists no skill")
def listed_skills(frame: PairFrame) -> Column:
    """How many skills the candidate lists; NaN for none, which is unknown."""
    sizes = frame.skills.row_sizes
    return np.where(sizes > 0, sizes, np.float32(np.nan))


@feature(
    family="skills",
    unit="hires",
    phrase="was hired {value:.1f} times for the required skills",
    absent="not hired for the required skills yet",
    against=("share",),
)
def skill_hires(frame: PairFrame) -> Column:
    """Hires for jobs that list a required skill, summed over skills; NaN where none is required."""
    return frame.skill_hires(np.inf)


@feature(
    family="skills",
    unit="hires",
    phrase="was lately hired for the required skills ({value:.1f})",
    absent="not hired for the required skills lately",
    against=("share",),
)
def recent_skill_hires(frame: PairFrame) -> Column:
    """The same with a half-life of 180 days; NaN where none is required."""
    return frame.skill_hires(180.0)


SKILL_FEATURES: tuple[Feature, ...] = (
    skill_coverage,
    rare_skill_coverage,
    missing_skills,
    named_skill_coverage,
    listed_skills,
    skill_hires,
    recent_skill_hires,
)

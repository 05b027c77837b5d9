"""How much the market lately wanted what somebody offers, and who else offers it."""

from __future__ import annotations

import numpy as np

from features.feature import Described, feature
from features.signup.frame import Floats, SignupFrame
from matcher.ports import Column

WORKDAY_HOURS = 8.0


@feature(
    family="demand for the skills",
    unit="mentions a month",
    phrase="jobs name the skills {value:.1f} times a month",
    absent="no recent job names the skills",
)
def skill_demand(frame: SignupFrame) -> Column:
    """How often jobs of the last 90 days name the skills, a month, all skills added up."""
    each = frame.outlook.named[frame.skills.codes]
    return np.bincount(frame.skill_owner, each, minlength=len(frame)).astype(np.float32)


@feature(
    family="demand for the skills",
    unit="mentions a month and person",
    phrase="the skills are named {value:.2f} times a month for each person who lists them",
    absent="no recent job names the skills",
)
def skill_demand_to_supply(frame: SignupFrame) -> Column:
    """Mentions a month over people who list the skill, mean over skills; NaN without skills."""
    return frame.over_skills(_scarcity(frame))


@feature(
    family="demand for the skills",
    unit="mentions a month and person",
    phrase="the scarcest skill is named {value:.2f} times a month for each person who lists it",
    absent="no recent job names any of the skills",
)
def scarcest_skill(frame: SignupFrame) -> Column:
    """The same for the skill of theirs that is scarcest; NaN without skills."""
    out = np.full(len(frame), -np.inf)
    np.maximum.at(out, frame.skill_owner, _scarcity(frame)[frame.skills.codes])
    return np.where(np.isfinite(out), out, np.nan).astype(np.float32)


@feature(
    family="jobs like the profile",
    unit="cosine",
    low=-1,
    high=1,
    phrase="the nearest recent jobs resemble the profile (similarity {value:.2f})",
    absent="no recent job to compare the profile with",
)
def near_similarity(frame: SignupFrame) -> Column:
    """Mean cosine of the profile and the 20 nearest jobs of the last 90 days; NaN for none."""
    alike = frame.nearest[1]
    if alike.shape[1] == 0:
        return frame.unknown()
    return np.asarray(np.clip(alike.mean(axis=1), -1, 1), np.float32)


@feature(
    family="jobs like the profile",
    unit="hires a job",
    phrase="jobs like the profile gave {value:.2f} people each their first job",
    absent="jobs like the profile gave nobody a first job",
)
def near_first_hires(frame: SignupFrame) -> Column:
    """First hires ever that the 20 nearest recent jobs made, a job; NaN for none."""
    return frame.near(frame.outlook.first_hires)


@feature(
    family="competition",
    unit="people a job",
    phrase="{value:.0f} people went for each job like the profile",
    absent="nobody went for jobs like the profile",
)
def near_applicants(frame: SignupFrame) -> Column:
    """People who applied or accepted, a job, of the 20 nearest recent jobs; NaN for none."""
    return frame.near(frame.outlook.wanted)


@feature(
    family="competition",
    unit="jobs a month and person",
    phrase="the market posts {value:.2f} jobs a month for each freelancer",
    absent="no job was posted lately",
)
def jobs_to_people(frame: SignupFrame) -> Column:
    """Jobs a month of the last 90 days over everybody who has joined."""
    outlook = frame.outlook
    monthly = len(outlook.recent) * 30.0 / outlook.days
    return np.full(len(frame), monthly / max(len(outlook.pool), 1), np.float32)


@feature(
    family="hours",
    unit="hours",
    high=WORKDAY_HOURS,
    phrase="shares {value:.1f} working hours with recent jobs",
    absent="shares no working hours with recent jobs",
)
def shared_hours(frame: SignupFrame) -> Column:
    """Mean hours a day at work together, 9 to 17, over recent jobs; NaN where unknown."""
    offsets = frame.outlook.postings.offset[frame.outlook.recent]
    distinct, count = np.unique(offsets[np.isfinite(offsets)], return_counts=True)
    if len(distinct) == 0:
        return frame.unknown()
    apart = np.abs(frame.profile("offset")[:, None] - distinct[None, :]) % 24
    apart = np.minimum(apart, 24 - apart)
    shared = np.maximum(WORKDAY_HOURS - apart, 0)
    return np.asarray(shared @ (count / count.sum()), np.float32)


@feature(
    family="languages",
    unit="share",
    high=1,
    monotone=+1,
    phrase="speaks what {value:.0%} of recent jobs ask for",
    absent="speaks no language that recent jobs ask for",
)
def languages_asked(frame: SignupFrame) -> Column:
    """Share of recent jobs naming languages all of which are spoken; NaN where unknown."""
    postings = frame.outlook.postings
    asked = postings.tongue[frame.outlook.recent]
    distinct, count = np.unique(asked[asked >= 0], return_counts=True)
    if len(distinct) == 0:
        return frame.unknown()
    spoken = np.zeros(len(frame))
    for tongue, weight in zip(distinct, count / count.sum(), strict=True):
        codes = postings.tongues[tongue]
        spoken += weight * (frame.languages.overlap(codes) == len(codes))
    known = frame.languages.row_sizes > 0
    return np.where(known, np.minimum(spoken, 1), np.nan).astype(np.float32)


def _scarcity(frame: SignupFrame) -> Floats:
    outlook = frame.outlook
    return np.asarray(outlook.named / np.maximum(outlook.offered, 1), np.float64)


DEMAND_FEATURES: tuple[Described[SignupFrame], ...] = (
    skill_demand,
    skill_demand_to_supply,
    scarcest_skill,
    near_similarity,
    near_first_hires,
    near_applicants,
    jobs_to_people,
    shared_hours,
    languages_asked,
)

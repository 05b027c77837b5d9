"""What an open job says, asks and pays, beside the profile of the freelancer who looks at it."""

from __future__ import annotations

import numpy as np

from features.availability import WORKDAY_HOURS
from features.feature import JobsFeature, feature
from matcher.jobs.frame import JobsFrame
from matcher.ports import Column


@feature(
    family="profile",
    unit="cosine",
    low=-1,
    high=1,
    phrase="reads like your profile (similarity {value:.2f})",
    absent="has nothing in common with your profile",
    against=("share", "place"),
)
def profile_similarity(frame: JobsFrame) -> Column:
    """Cosine of job and profile vectors; NaN where either has no words."""
    return frame.parts["profile"]


@feature(
    family="profile",
    unit="share",
    high=1,
    phrase="uses your profile's words ({value:.0%})",
    absent="uses none of your profile's words",
    against=("share",),
)
def profile_words(frame: JobsFrame) -> Column:
    """BM25 of the profile's words in the job over the highest there can be; NaN without words."""
    return frame.parts["lexical_profile"]


@feature(
    family="fusion",
    unit="sum of standard scores",
    low=-np.inf,
    phrase="stands out for you among open jobs ({value:.0f}, where they are at 0)",
    absent="does not stand out for you in any way",
    against=("place",),
)
def fused_score(frame: JobsFrame) -> Column:
    """The fused score of all sources."""
    return frame.fused


@feature(
    family="fusion",
    unit="sum of standard scores",
    low=-np.inf,
    high=0,
    phrase="stands out for you ({value:.1f} against the job that does most)",
    absent="stands out most for you",
)
def fused_score_behind(frame: JobsFrame) -> Column:
    """The fused score less the best of the list, at most 0."""
    return np.asarray(frame.fused - np.fmax.reduce(frame.fused, initial=-np.inf), np.float32)


@feature(
    family="skills",
    unit="share",
    high=1,
    monotone=+1,
    phrase="you list {value:.0%} of the required skills",
    absent="you list none of the required skills",
    against=("share",),
)
def skill_coverage(frame: JobsFrame) -> Column:
    """Share of the required skills that the freelancer lists; NaN where none is required."""
    asked = frame.skills.row_sizes
    covered = frame.skills.overlap(frame.listed)
    return np.divide(covered, asked, out=frame.unknown(), where=asked > 0)


@feature(
    family="skills",
    unit="share",
    high=1,
    monotone=+1,
    phrase="you cover {value:.0%} of the requirement by rarity",
    absent="you list none of the required skills",
    against=("share",),
)
def rare_skill_coverage(frame: JobsFrame) -> Column:
    """The same with each skill weighed by its rarity; NaN where none is required."""
    every = np.arange(len(frame.rarity))
    asked = frame.skills.overlap(every, weights=frame.rarity)
    listed = frame.listed[frame.listed < len(frame.rarity)]
    covered = frame.skills.overlap(listed, weights=frame.rarity[listed])
    return np.minimum(np.divide(covered, asked, out=frame.unknown(), where=asked > 0), 1)


@feature(
    family="skills",
    unit="skills",
    phrase="asks for {value:.0f} skills that you do not list",
    absent="asks for no skill that you do not list",
)
def missing_skills(frame: JobsFrame) -> Column:
    """How many required skills the freelancer does not list; NaN where none is required."""
    asked = frame.skills.row_sizes
    missing = asked - frame.skills.overlap(frame.listed)
    return np.where(asked > 0, missing, np.float32(np.nan))


@feature(
    family="skills",
    unit="jobs",
    phrase="you delivered jobs that ask for its skills ({value:.1f})",
    absent="you delivered no job that asks for its skills",
    against=("share",),
)
def skill_jobs(frame: JobsFrame) -> Column:
    """Jobs delivered that list a required skill, half-life a year, summed over skills."""
    return frame.skill_jobs(frame.query.delivered, 365.0)


@feature(
    family="skills",
    unit="jobs",
    phrase="you went for jobs that ask for its skills ({value:.1f})",
    absent="you went for no job that asks for its skills",
    against=("share",),
)
def skill_wanted(frame: JobsFrame) -> Column:
    """Jobs wanted that list a required skill, half-life a year, summed over skills."""
    return frame.skill_jobs(frame.query.wanted, 365.0)


@feature(
    family="money",
    unit="ratio",
    monotone=-1,
    phrase="you ask {value:.0%} of what it pays an hour",
)
def rate_to_budget(frame: JobsFrame) -> Column:
    """Rate over the hourly budget; NaN where either is unknown or the job pays a fixed sum."""
    return np.asarray(np.float32(frame.profile("rate")) / _budget(frame, "hourly"), np.float32)


@feature(
    family="money",
    unit="USD an hour",
    phrase="pays {value:.0f} USD an hour",
    against=("place",),
)
def hourly_budget(frame: JobsFrame) -> Column:
    """The most that an hourly job pays; NaN unknown."""
    return _budget(frame, "hourly")


@feature(
    family="money",
    unit="USD",
    phrase="pays {value:,.0f} USD in all",
    against=("place",),
)
def fixed_budget(frame: JobsFrame) -> Column:
    """The most that a job of a fixed sum pays; NaN unknown."""
    return _budget(frame, "fixed")


@feature(
    family="availability",
    unit="hours",
    high=WORKDAY_HOURS,
    phrase="the client shares {value:.0f} working hours with you",
    absent="the client shares no working hours with you",
)
def shared_hours(frame: JobsFrame) -> Column:
    """Hours a day in which both are at work, 9 to 17; NaN where an offset is unknown."""
    offset = frame.columns.offset[frame.rows]
    apart = np.abs(np.float32(frame.profile("offset")) - offset) % 24
    return np.asarray(np.maximum(WORKDAY_HOURS - np.minimum(apart, 24 - apart), 0), np.float32)


@feature(
    family="availability",
    unit="share",
    high=1,
    monotone=+1,
    phrase="you speak {value:.0%} of the languages asked for",
    absent="you speak none of the languages asked for",
)
def language_coverage(frame: JobsFrame) -> Column:
    """Share of the job's languages that the freelancer speaks; NaN where either is unknown."""
    return frame.languages_spoken()


@feature(
    family="availability",
    unit="yes or no",
    high=1,
    phrase="the client is in your country",
    absent="the client is in another country",
)
def same_country(frame: JobsFrame) -> Column:
    """One where job and freelancer share a country, else 0; NaN where either is unknown."""
    return frame.same_country()


TERMS_FEATURES: tuple[JobsFeature, ...] = (
    profile_similarity,
    profile_words,
    fused_score,
    fused_score_behind,
    skill_coverage,
    rare_skill_coverage,
    missing_skills,
    skill_jobs,
    skill_wanted,
    rate_to_budget,
    hourly_budget,
    fixed_budget,
    shared_hours,
    language_coverage,
    same_country,
)


def _budget(frame: JobsFrame, payment: str) -> Column:
    columns = frame.columns
    of_kind = columns.payment[frame.rows] == columns.payments.code(payment)
    budget = columns.budget[frame.rows]
    known = of_kind & (columns.payments.code(payment) >= 0) & (budget > 0)
    return np.where(known, budget, np.float32(np.nan))

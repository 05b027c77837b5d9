"""What somebody who signed up says of themselves, and how much of it is there."""

from __future__ import annotations

import numpy as np

from features.feature import Described, feature
from features.signup.frame import SignupFrame
from matcher.ports import Column

USUAL_STARS = 4.5
STRENGTH = 20.0  # ratings of `USUAL_STARS` that come before anybody's own
OUTSIDE = 0.3  # what a rating given elsewhere counts, beside one given here
TOO_MANY = 1e9


@feature(
    family="profile",
    unit="share",
    high=1,
    phrase="profile is {value:.0%} complete",
    absent="the profile is empty",
)
def completeness(frame: SignupFrame) -> Column:
    """Share that is there of title, overview, skills, rate, languages, hours, time zone."""
    titles = frame.freelancers.titles
    parts = [
        np.array([v >= 0 and bool(titles[v]) for v in frame.versions.tolist()], np.bool_),
        overview_words(frame) > 0,
        frame.skills.row_sizes > 0,
        frame.languages.row_sizes > 0,
        *(np.isfinite(frame.profile(name)) for name in ("rate", "weekly_hours", "offset")),
    ]
    return np.asarray(np.mean(parts, axis=0), np.float32)


@feature(
    family="profile",
    unit="words",
    phrase="the overview has {value:.0f} words",
    absent="there is no overview",
)
def overview_words(frame: SignupFrame) -> Column:
    """Words of the overview; 0 without one."""
    texts, titles = frame.freelancers.texts, frame.freelancers.titles
    counts = [
        _overview_words(texts[v], title=titles[v], lists_skills=bool(size)) if v >= 0 else 0
        for v, size in zip(frame.versions.tolist(), frame.skills.row_sizes.tolist(), strict=True)
    ]
    return np.array(counts, np.float32)


@feature(
    family="profile",
    unit="skills",
    phrase="lists {value:.0f} skills",
    absent="lists no skills",
)
def skills_listed(frame: SignupFrame) -> Column:
    """How many skills are listed; 0 for none."""
    return frame.skills.row_sizes


@feature(
    family="rate",
    unit="ratio",
    phrase="asks {value:.0%} of what others with these skills ask",
)
def rate_to_peers(frame: SignupFrame) -> Column:
    """Rate over the median rate of those who list the same skills, mean over the skills.

    Over everybody's median where no skill is listed; NaN where no rate is known.
    """
    usual = frame.over_skills(frame.outlook.usual_rates)
    usual = np.where(np.isfinite(usual), usual, np.float32(frame.outlook.usual_rate))
    return _ratio(frame.profile("rate"), usual)


@feature(
    family="rate",
    unit="ratio",
    phrase="asks {value:.0%} of what jobs for these skills pay",
)
def rate_to_budgets(frame: SignupFrame) -> Column:
    """Rate over the median hourly budget of recent jobs that name the skills; NaN unknown."""
    return _ratio(frame.profile("rate"), frame.over_skills(frame.outlook.usual_budgets))


@feature(family="rate", unit="USD an hour", phrase="asks {value:.0f} USD an hour")
def asked_rate(frame: SignupFrame) -> Column:
    """The rate asked; NaN unknown."""
    return frame.profile("rate")


@feature(
    family="ratings elsewhere",
    unit="stars",
    phrase="ratings elsewhere, discounted, come to {value:.2f}",
)
def outside_stars(frame: SignupFrame) -> Column:
    """Mean rating brought along, as if 20 of 4.5 came first and each counted 0.3; NaN for none."""
    count = OUTSIDE * np.minimum(frame.profile("platform_count"), TOO_MANY)
    mean = frame.profile("platform_mean")
    return np.asarray((mean * count + USUAL_STARS * STRENGTH) / (count + STRENGTH), np.float32)


@feature(
    family="ratings elsewhere",
    unit="ratings, logarithm",
    phrase="brings along 10^{value:.1f} ratings",
    absent="brings no ratings along",
)
def outside_ratings(frame: SignupFrame) -> Column:
    """Base-10 logarithm of one plus the ratings brought along; 0 for none."""
    count = np.nan_to_num(frame.profile("platform_count"), nan=0.0, posinf=TOO_MANY)
    return np.asarray(np.log10(1 + np.clip(count, 0, TOO_MANY)), np.float32)


@feature(
    family="hours",
    unit="hours",
    phrase="has {value:.0f} hours a week",
)
def weekly_hours(frame: SignupFrame) -> Column:
    """Hours a week on offer; NaN unknown."""
    return frame.profile("weekly_hours")


def _overview_words(text: str, *, title: str | None, lists_skills: bool) -> int:
    """Words of a profile's text that are neither its title nor its line of skills."""
    body = text.removeprefix(title) if title else text
    head, last = body.rpartition("\n")[::2]
    if lists_skills and last.startswith("Skills: "):
        body = head
    return len(body.split())


def _ratio(above: Column, below: Column) -> Column:
    known = np.isfinite(above) & np.isfinite(below) & (below > 0)
    out = np.full(len(above), np.nan, np.float32)
    return np.divide(above, below, out=out, where=known)


PROFILE_FEATURES: tuple[Described[SignupFrame], ...] = (
    completeness,
    overview_words,
    skills_listed,
    rate_to_peers,
    rate_to_budgets,
    asked_rate,
    outside_stars,
    outside_ratings,
    weekly_hours,
)

"""The job and its client: the same for a whole list, so they order nothing.

They say how likely anybody is to come or to be hired; the ranker leaves them out.
"""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.frame import PairFrame
from matcher.ports import Column

STRENGTH = 3.0
USUAL_HIRES = 0.4
USUAL_RATING = 4.7


@feature(
    family="demand",
    unit="posts",
    phrase="the client has posted {value:.0f} jobs before",
    absent="the client's first job",
)
def client_posts(frame: PairFrame) -> Column:
    """Jobs that the client posted before; NaN for an unknown client."""
    if frame.query.job.client_id is None:
        return frame.unknown()
    return _alike(frame, float(frame.of_client("posts").count()[0]))


@feature(
    family="demand",
    unit="hires a post",
    phrase="the client hires {value:.1f} times a post (smoothed)",
    absent="the client has posted nothing before",
)
def client_hire_rate(frame: PairFrame) -> Column:
    """The client's hires over its posts, shrunk to 0.4; NaN before its first post."""
    posts = float(frame.of_client("posts").count()[0])
    if posts == 0:
        return frame.unknown()
    hires = float(frame.of_client("hires").count()[0])
    return _alike(frame, (hires + USUAL_HIRES * STRENGTH) / (posts + STRENGTH))


@feature(
    family="demand",
    unit="stars",
    high=5,
    phrase="freelancers rate the client {value:.1f} stars (smoothed)",
    absent="nobody has rated the client",
)
def client_rating(frame: PairFrame) -> Column:
    """Mean stars that freelancers gave the client, shrunk to 4.7; NaN unrated."""
    view = frame.of_client("ratings")
    if view.count()[0] == 0:
        return frame.unknown()
    return _alike(frame, float(view.mean(prior=USUAL_RATING, strength=STRENGTH)[0]))


@feature(family="demand", unit="people", low=1, phrase="the job takes {value:.0f} people")
def positions(frame: PairFrame) -> Column:
    """How many people the job takes; 1 where it does not say."""
    return _alike(frame, float(frame.query.job.positions or 1))


@feature(family="demand", unit="weeks", phrase="the job lasts {value:.0f} weeks")
def job_weeks(frame: PairFrame) -> Column:
    """How long the job lasts; NaN where it does not say."""
    weeks = frame.query.job.weeks
    return frame.unknown() if weeks is None else _alike(frame, weeks)


@feature(
    family="demand",
    unit="USD an hour",
    phrase="the job pays up to {value:.0f} USD an hour",
    absent="the job pays no hourly rate that is known",
)
def hourly_budget(frame: PairFrame) -> Column:
    """The most that an hourly job pays; NaN where it does not say, or pays a fixed sum."""
    job = frame.query.job
    budget = job.budget_usd_max if job.budget_usd_max is not None else job.budget_usd_min
    if job.payment != "hourly" or budget is None:
        return frame.unknown()
    return _alike(frame, budget)


@feature(family="demand", unit="words", phrase="the brief has {value:.0f} words")
def brief_words(frame: PairFrame) -> Column:
    """Distinct words of the brief; 0 for one without any."""
    return _alike(frame, float(len(frame.query.terms)))


def _alike(frame: PairFrame, value: float) -> Column:
    """[n] one value for the whole list."""
    return np.full(len(frame), value, np.float32)


DEMAND_FEATURES: tuple[Feature, ...] = (
    client_posts,
    client_hire_rate,
    client_rating,
    positions,
    job_weeks,
    hourly_budget,
    brief_words,
)

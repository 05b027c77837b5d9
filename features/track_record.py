"""How past engagements went, smoothed towards what is usual in this market.

Three good ratings are not three hundred: a mean is shrunk as if some
engagements of the usual outcome had come first. What is usual is learned.

Source: empirical Bayes shrinkage, Efron & Morris, JASA 1975,
doi:10.1080/01621459.1975.10479864
"""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.domain import Kind
from matcher.frame import PairFrame
from matcher.ports import Column

STRENGTH = 5.0


@feature(
    family="track record",
    unit="stars",
    low=1,
    high=5,
    monotone=+1,
    phrase="rated {value:.1f} stars by clients (smoothed)",
    absent="not rated yet",
)
def stars(frame: PairFrame) -> Column:
    """Mean public stars, shrunk to the market's mean; NaN unrated."""
    return _shrunk(frame, Kind.RATED_FREELANCER, frame.constants["mean_stars"])


@feature(
    family="track record",
    unit="0..10",
    high=10,
    monotone=+1,
    phrase="clients would hire again: {value:.1f} of 10 (smoothed)",
    absent="no private rating yet",
)
def would_hire_again(frame: PairFrame) -> Column:
    """Mean private rating, shrunk to the market's mean; NaN unrated."""
    return _shrunk(frame, Kind.RATED_PRIVATE, frame.constants["mean_private"])


@feature(
    family="track record", unit="ratings", phrase="{value:.0f} ratings", absent="no rating yet"
)
def ratings(frame: PairFrame) -> Column:
    """How many public ratings; 0 for a newcomer."""
    return frame.values(Kind.RATED_FREELANCER).count()


@feature(
    family="track record",
    unit="share",
    high=1,
    monotone=+1,
    phrase="completes {value:.0%} of contracts (smoothed)",
    absent="no contract has ended yet",
)
def completion_rate(frame: PairFrame) -> Column:
    """Completed over ended contracts, shrunk to the market's share; NaN where none ended."""
    completed = frame.events(Kind.COMPLETED).count()
    ended = completed + frame.events(Kind.CANCELLED).count()
    usual = frame.constants["completion_rate"]
    rate = (completed + usual * STRENGTH) / (ended + STRENGTH)
    return np.where(ended > 0, rate, np.float32(np.nan)).astype(np.float32)


@feature(
    family="track record",
    unit="stars, or as that platform counts",
    phrase="rated {value:.1f} elsewhere",
    absent="not rated elsewhere",
)
def platform_stars(frame: PairFrame) -> Column:
    """Mean rating brought from other platforms, on their own scale; NaN without any."""
    return frame.profile("platform_mean")


@feature(
    family="track record",
    unit="ratings",
    phrase="{value:.0f} ratings elsewhere",
    absent="no rating elsewhere",
)
def platform_ratings(frame: PairFrame) -> Column:
    """How many ratings were brought from other platforms; NaN where no profile was in force."""
    return frame.profile("platform_count")


@feature(
    family="track record",
    unit="share",
    high=1,
    phrase="accepts {value:.0%} of invitations (smoothed)",
    absent="has not answered an invitation yet",
)
def acceptance_rate(frame: PairFrame) -> Column:
    """Accepted over answered invitations, shrunk to the market's share; NaN without an answer."""
    accepted = frame.events(Kind.INVITE_ACCEPTED).count()
    answered = accepted + frame.events(Kind.INVITE_DECLINED).count()
    usual = frame.constants["acceptance_rate"]
    rate = (accepted + usual * STRENGTH) / (answered + STRENGTH)
    return np.where(answered > 0, rate, np.float32(np.nan)).astype(np.float32)


@feature(
    family="track record",
    unit="share",
    phrase="hired for {value:.0%} of applications (smoothed)",
    absent="has not applied yet",
)
def application_success(frame: PairFrame) -> Column:
    """Hires over applications, shrunk to the market's share; NaN without an application.

    Hires without an application count too, so the value may exceed one.
    """
    applied = frame.events(Kind.APPLIED).count()
    hired = frame.events(Kind.HIRED).count()
    usual = frame.constants["application_success"]
    rate = (hired + usual * STRENGTH) / (applied + STRENGTH)
    return np.where(applied > 0, rate, np.float32(np.nan)).astype(np.float32)


def _shrunk(frame: PairFrame, kind: Kind, prior: float) -> Column:
    view = frame.values(kind)
    mean = view.mean(prior=prior, strength=STRENGTH)
    return np.where(view.count() > 0, mean, np.float32(np.nan))


TRACK_RECORD_FEATURES: tuple[Feature, ...] = (
    stars,
    would_hire_again,
    ratings,
    completion_rate,
    platform_stars,
    platform_ratings,
    acceptance_rate,
    application_success,
)

"""Whether a candidate could do it now: hours, time zone, language, other work."""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.domain import Kind
from matcher.frame import PairFrame
from matcher.ports import Column

WORKDAY_HOURS = 8.0


@feature(
    family="availability",
    unit="hours",
    high=WORKDAY_HOURS,
    phrase="shares {value:.0f} working hours with the client",
    absent="shares no working hours with the client",
)
def shared_hours(frame: PairFrame) -> Column:
    """Hours a day in which both are at work, 9 to 17; NaN where an offset is unknown."""
    job_offset = frame.query.job.utc_offset_hours
    if job_offset is None:
        return frame.unknown()
    apart = np.abs(frame.profile("offset") - np.float32(job_offset)) % 24
    apart = np.minimum(apart, 24 - apart)
    return np.asarray(np.maximum(WORKDAY_HOURS - apart, 0), np.float32)


@feature(family="availability", unit="hours", phrase="has {value:.0f} hours a week")
def weekly_hours(frame: PairFrame) -> Column:
    """Hours a week on offer; NaN unknown."""
    return frame.profile("weekly_hours")


@feature(
    family="availability",
    unit="contracts",
    phrase="running contracts: {value:.0f}",
    absent="no contract is running",
)
def open_contracts(frame: PairFrame) -> Column:
    """Hires less ended contracts, at least 0; NaN in a market that records no endings."""
    if not frame.constants["records_endings"]:
        return frame.unknown()
    ended = frame.events(Kind.COMPLETED).count() + frame.events(Kind.CANCELLED).count()
    return np.maximum(frame.events(Kind.HIRED).count() - ended, 0)


@feature(
    family="availability",
    unit="invitations",
    phrase="declined {value:.1f} times lately",
    absent="declined nothing lately",
)
def recent_declines(frame: PairFrame) -> Column:
    """Invitations declined, with a half-life of 14 days."""
    return frame.events(Kind.INVITE_DECLINED).decayed(14.0)


@feature(
    family="availability",
    unit="share",
    high=1,
    monotone=+1,
    phrase="speaks {value:.0%} of the languages asked for",
    absent="speaks none of the languages asked for",
)
def language_coverage(frame: PairFrame) -> Column:
    """Share of the job's languages that the candidate speaks; NaN where either is unknown."""
    if len(frame.wanted_languages) == 0:
        return frame.unknown()
    spoken = frame.languages.overlap(frame.wanted_languages) / len(frame.wanted_languages)
    known = frame.languages.row_sizes > 0
    return np.where(known, spoken, np.float32(np.nan)).astype(np.float32)


@feature(
    family="availability",
    unit="yes or no",
    high=1,
    phrase="same country as the client",
    absent="another country than the client",
)
def same_country(frame: PairFrame) -> Column:
    """One where job and candidate share a country, else 0; NaN where either is unknown."""
    country = frame.country
    wanted = frame.snapshot.freelancers.countries.code(frame.query.job.country)
    if frame.query.job.country is None:
        return frame.unknown()
    return np.where(country >= 0, country == wanted, np.nan).astype(np.float32)


AVAILABILITY_FEATURES: tuple[Feature, ...] = (
    shared_hours,
    weekly_hours,
    open_contracts,
    recent_declines,
    language_coverage,
    same_country,
)

"""A profile as it was in force just before an instant, to be read by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matcher.codes import Codes
from matcher.domain import moment_of
from matcher.ports import Column
from matcher.ragged import Ragged
from matcher.reading.brief import shortened
from matcher.roster import Freelancers

LONGEST = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What somebody says of themselves; None is unknown.

    Attributes:
        overview: Its first words, at most `LONGEST` characters.
        skills: Normalised, in alphabetical order, as filters and features compare them.
    """

    title: str | None
    overview: str | None
    skills: tuple[str, ...]
    hourly_rate_usd: float | None
    country: str | None
    utc_offset_hours: float | None
    languages: tuple[str, ...]
    weekly_hours: float | None
    joined_at: datetime


def profile_of(freelancers: Freelancers, row: int, version: int) -> Profile:
    """The profile of a freelancer row in one version; -1 says nothing but when they joined."""
    joined_at = moment_of(int(freelancers.joined_at[row]))
    if version < 0:
        return Profile(
            title=None,
            overview=None,
            skills=(),
            hourly_rate_usd=None,
            country=None,
            utc_offset_hours=None,
            languages=(),
            weekly_hours=None,
            joined_at=joined_at,
        )
    country = int(freelancers.country[version])
    overview = freelancers.overview(version)
    return Profile(
        title=freelancers.titles[version],
        overview=overview and shortened(overview, most=LONGEST),
        skills=names(freelancers.skills, freelancers.skill_names, version),
        hourly_rate_usd=figure(freelancers.rate, version),
        country=freelancers.countries.names[country] if country >= 0 else None,
        utc_offset_hours=figure(freelancers.offset, version),
        languages=names(freelancers.languages, freelancers.language_names, version),
        weekly_hours=figure(freelancers.weekly_hours, version),
        joined_at=joined_at,
    )


def names(listed: Ragged, of: Codes, row: int) -> tuple[str, ...]:
    """What one row lists, in alphabetical order; nothing for -1."""
    if row < 0:
        return ()
    codes = listed.codes[listed.ends[row] : listed.ends[row + 1]].tolist()
    return tuple(sorted(of.names[code] for code in codes))


def figure(column: Column, row: int) -> float | None:
    """A number as it was written, before it became one of 32 bits; None unknown."""
    value = column[row]
    return float(str(value)) if np.isfinite(value) else None

"""The nouns of a labour market, as a person would say them.

Instants inside the engine are int64 microseconds since 1970-01-01T00:00Z: they
compare exactly and fit in columns. `datetime` appears only at the edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from matcher.errors import UsageError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
MICROSECOND = timedelta(microseconds=1)


class Kind(StrEnum):
    """What may happen between a job and a freelancer."""

    SHOWN = "shown"
    VIEWED = "viewed"
    INVITED = "invited"
    INVITE_ACCEPTED = "invite_accepted"
    INVITE_DECLINED = "invite_declined"
    APPLIED = "applied"
    SHORTLISTED = "shortlisted"
    REJECTED = "rejected"
    HIRED = "hired"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    PAID = "paid"
    RATED_FREELANCER = "rated_freelancer"
    RATED_CLIENT = "rated_client"
    RATED_PRIVATE = "rated_private"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A described task; None is unknown.

    Attributes:
        job_id: None for a brief that no table knows.
        budget_usd_min: Per hour, or in total where `payment` is `fixed`.
        budget_usd_max: As `budget_usd_min`.
    """

    title: str
    job_id: str | None = None
    posted_at: datetime | None = None
    description: str | None = None
    client_id: str | None = None
    category: str | None = None
    skills: tuple[str, ...] = ()
    payment: str | None = None
    budget_usd_min: float | None = None
    budget_usd_max: float | None = None
    weeks: float | None = None
    country: str | None = None
    utc_offset_hours: float | None = None
    languages: tuple[str, ...] = ()
    positions: int | None = None
    closes_at: datetime | None = None


def moment_from(text: str) -> datetime:
    """The time that a person wrote, in UTC.

    >>> moment_from("2026-01-31T02:00:00+02:00").isoformat()
    '2026-01-31T00:00:00+00:00'

    Raises:
        UsageError: It is no ISO 8601 time, or has no time zone.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a time; write one like 2026-01-31T00:00:00Z") from error
    if found.tzinfo is None:
        raise UsageError(f"{text!r} has no time zone; add Z or an offset like +02:00")
    return found.astimezone(UTC)


def instant_of(moment: datetime) -> int:
    """Microseconds since the epoch of an aware time.

    >>> instant_of(datetime(1970, 1, 2, tzinfo=UTC)) == DAY_US
    True
    """
    return (moment - EPOCH) // MICROSECOND


def moment_of(instant: int) -> datetime:
    """The aware UTC time of an instant.

    >>> moment_of(DAY_US).isoformat()
    '1970-01-02T00:00:00+00:00'
    """
    return EPOCH + int(instant) * MICROSECOND

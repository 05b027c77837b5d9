"""Freelancers and events as they are written over HTTP, checked field by field.

As strict as `matcher.records` is with a job: an unknown field is refused, nothing is repaired,
everything has a size. What a value may be beyond that, the store says.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from matcher.errors import InvalidRecordError
from matcher.records import (
    WHOLE,
    Country,
    Id,
    Instant,
    Languages,
    Name,
    Names,
    Offset,
    Text,
    Usd,
    complaints,
    shortened,
)
from matcher.schema import EVENT_KINDS
from serving.filters import Closed

MOST_RATINGS = 50
WIDEST = 1e15
_ID: TypeAdapter[str] = TypeAdapter(Id)


def _is_kind(kind: str) -> str:
    if kind not in EVENT_KINDS:
        raise ValueError(f"one of {', '.join(EVENT_KINDS)}")
    return kind


Number = Annotated[float, Field(strict=True, ge=-WIDEST, le=WIDEST, allow_inf_nan=False)]
Hours = Annotated[float, Field(strict=True, ge=0, le=168, allow_inf_nan=False)]
Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000), WHOLE]
EventKind = Annotated[
    str, AfterValidator(_is_kind), Field(json_schema_extra={"enum": list(EVENT_KINDS)})
]


class RatingRecord(Closed):
    """Ratings brought from another platform: their mean, and how many they are."""

    platform: Name
    mean: Annotated[float, Field(strict=True, ge=0, le=WIDEST, allow_inf_nan=False)]
    count: Count


class FreelancerRecord(Closed):
    """A freelancer in the columns of the freelancers table; null, or no field, is unknown.

    Attributes:
        freelancer_id: As in the path, if it is given at all.
        joined_at: Now by default; never changes.
        valid_from: Of a first profile: `joined_at` by default. A later one counts from its write.
    """

    freelancer_id: Id | None = None
    joined_at: Instant | None = None
    valid_from: Instant | None = None
    title: Text | None = None
    overview: Text | None = None
    skills: Names | None = None
    hourly_rate_usd: Usd | None = None
    country: Country | None = None
    utc_offset_hours: Offset | None = None
    languages: Languages | None = None
    weekly_hours: Hours | None = None
    portable_ratings: Annotated[tuple[RatingRecord, ...], Field(max_length=MOST_RATINGS)] | None = (
        None
    )


class EventRecord(Closed):
    """An event in the columns of the events table."""

    event_id: Id
    at: Instant
    kind: EventKind
    job_id: Id
    freelancer_id: Id
    decision_id: Id | None = None
    position: Number | None = None
    propensity: Number | None = None
    value: Number | None = None


def event_of(content: object) -> dict[str, object] | str:
    """An event's columns, or why it is refused: field, found, expected, what to do."""
    try:
        return EventRecord.model_validate(content).model_dump()
    except ValidationError as error:
        said = "; ".join(map(str, complaints(error.errors(include_url=False))))
        return f"{said}; correct it, and send it again"


def event_id_of(content: object) -> str | None:
    """The id of an event that is refused; None where it has none that could be."""
    try:
        return _ID.validate_python(content.get("event_id")) if isinstance(content, dict) else None
    except ValidationError:
        return None


def check_named(field: str, *, sent: str | None, path: str) -> None:
    """Refuse a record whose own id is another than that of its path.

    Raises:
        InvalidRecordError: It is.
    """
    if sent is not None and sent != path:
        raise InvalidRecordError(
            f"{field}: found {shortened(sent)}, expected {shortened(path)}, as in the path; leave "
            "it out, or correct it"
        )

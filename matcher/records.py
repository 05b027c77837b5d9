"""A job as it is handed in, over HTTP or on a line of a file, checked field by field.

Stricter than a table: an unknown field is refused, a text that spells a number is no
number, and everything has a size. null is unknown, as everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from matcher.domain import Job
from matcher.errors import InvalidRecordError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

LONGEST_ID = 200
LONGEST_TEXT = 200_000
LONGEST_NAME = 200
MOST_ITEMS = 200
MOST_USD = 1e12
SHOWN = 20
_SHORT = 40

_CLOCK_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d", re.ASCII)
_ID_PATTERN = r"^[^\s\x00-\x1f\x7f-\x9f]+$"
_COUNTRY_PATTERN = r"^[A-Z][A-Z]$"
_LANGUAGE_PATTERN = r"^[a-z][a-z]$"
_EXPECTED = {
    "missing": "a value, for the field is required",
    "extra_forbidden": "no field of this name",
    "string_unicode": "Unicode text, without half surrogates",
    "tuple_type": "a list",
    "model_type": "an object",
    "model_attributes_type": "an object",
    _ID_PATTERN: f"an id: 1 to {LONGEST_ID} characters, no whitespace or control characters",
    _COUNTRY_PATTERN: "two capital letters (ISO 3166 alpha-2)",
    _LANGUAGE_PATTERN: "two lowercase letters (ISO 639-1)",
}
_PREFIX = re.compile(r"^(Input should be |Input should |(String|Tuple) should |Value error, )")


def _is_written(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _CLOCK_TIME.match(value)):
        return value
    raise ValueError("an ISO 8601 time with an offset, such as 2024-05-01T09:30:00Z")


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time of the years 1 to 9999 in UTC") from error


def _is_whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_is_whole)  # JSON's 10.0 is 10
Id = Annotated[
    str,
    Field(min_length=1, max_length=LONGEST_ID, pattern=_ID_PATTERN),
]
Text = Annotated[str, Field(max_length=LONGEST_TEXT)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Names = Annotated[tuple[Name, ...], Field(max_length=MOST_ITEMS)]
Country = Annotated[str, Field(max_length=2, pattern=_COUNTRY_PATTERN)]
Language = Annotated[str, Field(max_length=2, pattern=_LANGUAGE_PATTERN)]
Languages = Annotated[tuple[Language, ...], Field(max_length=MOST_ITEMS)]
Usd = Annotated[float, Field(strict=True, ge=0, le=MOST_USD, allow_inf_nan=False)]
Offset = Annotated[float, Field(strict=True, ge=-12, le=14, allow_inf_nan=False)]
Weeks = Annotated[float, Field(strict=True, ge=0, le=10_000, allow_inf_nan=False)]
Positions = Annotated[int, Field(strict=True, ge=1, le=1_000_000), WHOLE]
Instant = Annotated[AwareDatetime, BeforeValidator(_is_written), AfterValidator(_in_utc)]


class JobRecord(BaseModel):
    """A job in the columns of the jobs table; null, or no field at all, is unknown.

    Attributes:
        title: The one field that must be present.
        budget_usd_min: Per hour, or in total where `payment` is `fixed`.
        budget_usd_max: As `budget_usd_min`, and not below it.
        closes_at: With an offset or Z, as `posted_at`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Text | None
    job_id: Id | None = None
    posted_at: Instant | None = None
    description: Text | None = None
    client_id: Id | None = None
    category: Text | None = None
    skills: Names | None = None
    payment: Literal["hourly", "fixed"] | None = None
    budget_usd_min: Usd | None = None
    budget_usd_max: Usd | None = None
    weeks: Weeks | None = None
    country: Country | None = None
    utc_offset_hours: Offset | None = None
    languages: Languages | None = None
    positions: Positions | None = None
    closes_at: Instant | None = None

    @model_validator(mode="after")
    def _budget_is_a_range(self) -> JobRecord:
        low, high = self.budget_usd_min, self.budget_usd_max
        if low is not None and high is not None and low > high:
            raise ValueError(f"budget_usd_min of at most budget_usd_max, not {low:g} and {high:g}")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What is wrong with one field of a record.

    Attributes:
        field: A path such as `job.skills.0`; empty for the record as a whole.
        found: The value, shortened; `nothing` where there is none.
    """

    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.field}: " if self.field else ""
        return f"{where}found {self.found}, expected {self.expected}"


def job_of(record: JobRecord) -> Job:
    """The job that a record describes."""
    return Job(
        title=record.title or "",
        job_id=record.job_id,
        posted_at=record.posted_at,
        description=record.description,
        client_id=record.client_id,
        category=record.category,
        skills=record.skills or (),
        payment=record.payment,
        budget_usd_min=record.budget_usd_min,
        budget_usd_max=record.budget_usd_max,
        weeks=record.weeks,
        country=record.country,
        utc_offset_hours=record.utc_offset_hours,
        languages=record.languages or (),
        positions=record.positions,
        closes_at=record.closes_at,
    )


def read_job(content: object) -> Job:
    """A job from what a line of JSON holds.

    Raises:
        InvalidRecordError: It breaks the contract; every field at fault is named.

    >>> read_job({"title": "Fix checkout", "skills": ["php"]}).skills
    ('php',)
    """
    try:
        return job_of(JobRecord.model_validate(content))
    except ValidationError as error:
        wrong = "; ".join(map(str, complaints(error.errors(include_url=False))))
        raise InvalidRecordError(f"the job is refused: {wrong}; correct it") from error


def complaints(errors: Iterable[ErrorDetails]) -> tuple[Complaint, ...]:
    """What pydantic found, field by field; the first `SHOWN`."""
    found: list[Complaint] = []
    for error in errors:
        if len(found) == SHOWN:
            break
        kind = error["type"]
        found.append(
            Complaint(
                field=".".join(map(_place, error["loc"])),
                found="nothing" if kind == "missing" else shortened(error["input"]),
                expected=_expected(error),
            )
        )
    return tuple(found)


def shortened(value: object) -> str:
    """A value as a person may read it, in ASCII and in one short line.

    >>> shortened("x" * 1000), shortened([1, 2]), shortened(None)
    ("'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...", 'a list of 2', 'null')
    """
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return f"an object of {len(value)} fields"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    text = ascii(value[:_SHORT] if isinstance(value, str) else value)
    return text if len(text) <= _SHORT else f"{text[: _SHORT + 1]}..."


def _expected(error: ErrorDetails) -> str:
    known = error.get("ctx", {}).get("pattern", error["type"])
    return _EXPECTED.get(known) or _PREFIX.sub("", error["msg"])


def _place(step: object) -> str:
    return str(step) if isinstance(step, int) else ascii(step)[1:-1][: 2 * _SHORT]

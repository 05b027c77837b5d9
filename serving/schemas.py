"""What the API reads and writes, to the letter; unknown fields are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from matcher.records import (
    WHOLE,
    Country,
    Id,
    Instant,
    JobRecord,
    Languages,
    Name,
    Names,
)

MOST_MATCHES = 1000
MOST_EXCLUDED = 10_000
WIDEST = 1e12

Bound = Annotated[float, Field(strict=True, ge=-WIDEST, le=WIDEST, allow_inf_nan=False)]


class Closed(BaseModel):
    """A JSON object with these fields and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SpanFilter(Closed):
    """An interval with inclusive ends; a missing end is open. The value must be known."""

    gte: Bound | None = None
    lte: Bound | None = None


class CountryFilter(Closed):
    """One of these countries."""

    in_: Annotated[tuple[Country, ...], Field(alias="in", min_length=1, max_length=300)]


class LanguagesFilter(Closed):
    """Every one of these languages; an empty list asks for nothing."""

    all_: Annotated[Languages, Field(alias="all")]


class SkillsFilter(Closed):
    """Every one of `all` and at least one of `any`; case and spacing do not matter."""

    all_: Annotated[Names | None, Field(alias="all")] = None
    any_: Annotated[tuple[Name, ...] | None, Field(alias="any", min_length=1, max_length=200)] = (
        None
    )


class FilterRecord(Closed):
    """Who may be on the list at all; a freelancer whose field is unknown fails a filter on it."""

    hourly_rate_usd: SpanFilter | None = None
    country: CountryFilter | None = None
    languages: LanguagesFilter | None = None
    skills: SkillsFilter | None = None
    utc_offset_hours: SpanFilter | None = None
    weekly_hours: SpanFilter | None = None
    exclude: Annotated[tuple[Id, ...], Field(max_length=MOST_EXCLUDED)] | None = None


def _one_of_two(schema: dict[str, Any]) -> None:
    """Say in the schema, too, that exactly one of job and job_id is present."""
    for name in ("job", "job_id"):
        (known,) = (one for one in schema["properties"][name]["anyOf"] if one != {"type": "null"})
        schema["properties"][name] = known
    schema["oneOf"] = [{"required": ["job"]}, {"required": ["job_id"]}]


class MatchRequest(Closed):
    """A job, by its own fields or by the id of one that is known.

    Attributes:
        k: How many matches are wanted.
        as_of: Only what happened strictly before counts; now by default.
    """

    model_config = ConfigDict(
        json_schema_extra=_one_of_two,
    )

    job: JobRecord | None = None
    job_id: Id | None = None
    k: Annotated[int, Field(strict=True, ge=1, le=MOST_MATCHES), WHOLE] = 10
    filters: FilterRecord | None = None
    as_of: Instant | None = None

    @model_validator(mode="after")
    def _names_one_job(self) -> MatchRequest:
        if (self.job is None) == (self.job_id is None):
            raise ValueError("exactly one of job and job_id")
        return self


class OneOfNames(Closed):
    """One of these names."""

    in_: Annotated[tuple[Name, ...], Field(alias="in", min_length=1, max_length=300)]


class JobFilterRecord(Closed):
    """Which jobs may be on the list at all; a job whose field is unknown fails a filter on it."""

    budget_usd: SpanFilter | None = None
    payment: Literal["hourly", "fixed"] | None = None
    country: CountryFilter | None = None
    category: OneOfNames | None = None
    skills: SkillsFilter | None = None
    exclude: Annotated[tuple[Id, ...], Field(max_length=MOST_EXCLUDED)] | None = None


class JobsRequest(Closed):
    """What a freelancer asks for.

    Attributes:
        k: How many jobs are wanted.
        as_of: Only what happened strictly before counts; now by default.
    """

    k: Annotated[int, Field(strict=True, ge=1, le=MOST_MATCHES), WHOLE] = 10
    filters: JobFilterRecord | None = None
    as_of: Instant | None = None


class ModelName(Closed):
    """Which model answered; `digest` is that of the bundle's manifest."""

    name: str
    version: str
    digest: str


class IndexState(Closed):
    """How many may be found, before filters, and the latest instant recorded.

    Of a job: freelancers who had joined. Of a freelancer: jobs that are open.
    """

    size: int
    as_of: datetime | None


class Timings(Closed):
    """Milliseconds a stage; encoding includes filtering."""

    encode: float
    retrieve: float
    features: float
    rank: float
    rerank: float
    total: float


class ReasonRecord(Closed):
    """What a family of features added to the score, spoken for by one of them."""

    feature: str
    value: float | None
    contribution: float
    text: str


class MatchRecord(Closed):
    """One freelancer on the list; `score` is comparable within the list only."""

    freelancer_id: str
    rank: int
    score: float
    p_hire: float | None
    components: dict[str, float]
    reasons: tuple[ReasonRecord, ...]


class JobMatchRecord(Closed):
    """One job on the list; `score` is comparable within the list only, `p_hire` always null."""

    job_id: str
    rank: int
    score: float
    p_hire: float | None
    components: dict[str, float]
    reasons: tuple[ReasonRecord, ...]


class MatchAnswer(Closed):
    """A list, best first, and what it rests on."""

    decision_id: UUID
    as_of: datetime
    model: ModelName
    index: IndexState
    took_ms: Timings
    matches: tuple[MatchRecord, ...]
    excluded: dict[str, int]
    warnings: tuple[str, ...]


class JobsAnswer(Closed):
    """A list of jobs, best first, and what it rests on."""

    decision_id: UUID
    as_of: datetime
    model: ModelName
    index: IndexState
    took_ms: Timings
    matches: tuple[JobMatchRecord, ...]
    excluded: dict[str, int]
    warnings: tuple[str, ...]


class ModelCard(ModelName):
    """What is served.

    Attributes:
        until: Only what happened before was learned from; null: all that the bundle holds.
        data_as_of: The latest instant recorded.
        encoder: Digest of the encoder that made the bundle's vectors.
        calibrated: Whether `p_hire` is ever a number.
    """

    until: datetime | None
    data_as_of: datetime | None
    encoder: str
    features: tuple[str, ...]
    fingerprint: str
    calibrated: bool
    freelancers: int
    jobs: int
    metrics: dict[str, Any]


class Liveness(Closed):
    """The process answers."""

    status: str


class ProblemError(Closed):
    """One field at fault; `found` is shortened."""

    field: str
    found: str
    expected: str


class Problem(Closed):
    """An RFC 9457 problem document.

    Attributes:
        code: Stable; programs branch on it and on nothing else.
        errors: The first faulty fields of a request that was refused.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: tuple[ProblemError, ...] | None = None

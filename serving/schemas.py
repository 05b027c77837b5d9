"""What the API reads and writes, to the letter; unknown fields are refused."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from matcher.records import WHOLE, Id, Instant, JobRecord
from serving.detail_schemas import (
    AdviceRecord,
    DetailsRecord,
    JobDetailsRecord,
    PersonRecord,
    SimilarJobRecord,
)
from serving.filters import Closed, FilterRecord, JobFilterRecord

MOST_MATCHES = 1000
LARGEST_SEED = 2**53  # exclusive; a whole number that every JSON reader keeps


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
        seed: Draws the seats that are explored; by default the decision's own.
        details: Tell of everybody on the list, too, and of past jobs like this one.
    """

    model_config = ConfigDict(
        json_schema_extra=_one_of_two,
    )

    job: JobRecord | None = None
    job_id: Id | None = None
    k: Annotated[int, Field(strict=True, ge=1, le=MOST_MATCHES), WHOLE] = 10
    filters: FilterRecord | None = None
    as_of: Instant | None = None
    seed: Annotated[int, Field(strict=True, ge=0, lt=LARGEST_SEED), WHOLE] | None = None
    details: Annotated[bool, Field(strict=True)] = False

    @model_validator(mode="after")
    def _names_one_job(self) -> MatchRequest:
        if (self.job is None) == (self.job_id is None):
            raise ValueError("exactly one of job and job_id")
        return self


class JobsRequest(Closed):
    """What a freelancer asks for.

    Attributes:
        k: How many jobs are wanted.
        as_of: Only what happened strictly before counts; now by default.
        details: Tell of every job on the list, and of the freelancer, too.
    """

    k: Annotated[int, Field(strict=True, ge=1, le=MOST_MATCHES), WHOLE] = 10
    filters: JobFilterRecord | None = None
    as_of: Instant | None = None
    details: Annotated[bool, Field(strict=True)] = False


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


class FactorRecord(Closed):
    """What both sides will do, and how well it will go; null where it could not be trained.

    Attributes:
        p_accept: Probability that the freelancer applies, or is invited and accepts.
        p_hire_given_accept: Probability of a hire after that; after being found, where the market
            does not record who wants a job.
        quality: The quality to expect of the work, as a share of the scale.
    """

    p_accept: float | None
    p_hire_given_accept: float | None
    quality: float | None


class FactorReasons(Closed):
    """Per factor, what raised it most and what lowered it most, in log-odds."""

    p_accept: tuple[ReasonRecord, ...]
    p_hire_given_accept: tuple[ReasonRecord, ...]
    quality: tuple[ReasonRecord, ...]


class MatchRecord(Closed):
    """One freelancer on the list; `score` is comparable within the list only.

    Attributes:
        expected_value: The product of the factors that are not null; null without any.
        propensity: Chance that this freelancer had of a seat on this list, in (0, 1].
        explored: Whether the seat was drawn among people of whom little is known.
        details: null where they were not asked for.
    """

    freelancer_id: str
    rank: int
    score: float
    p_hire: float | None
    factors: FactorRecord
    expected_value: float | None
    factor_reasons: FactorReasons
    propensity: float
    explored: bool
    components: dict[str, float]
    reasons: tuple[ReasonRecord, ...]
    details: DetailsRecord | None = None


class JobMatchRecord(Closed):
    """One job on the list; `score` is comparable within the list only, `p_hire` always null."""

    job_id: str
    rank: int
    score: float
    p_hire: float | None
    components: dict[str, float]
    reasons: tuple[ReasonRecord, ...]
    details: JobDetailsRecord | None = None


class MatchAnswer(Closed):
    """A list, best first, and what it rests on.

    Attributes:
        seed: What drew the seats that are explored; null where none is.
        similar_jobs: Past jobs like this one, most alike first; none without `details`.
    """

    decision_id: UUID
    seed: int | None
    as_of: datetime
    model: ModelName
    index: IndexState
    took_ms: Timings
    matches: tuple[MatchRecord, ...]
    similar_jobs: tuple[SimilarJobRecord, ...] = ()
    excluded: dict[str, int]
    warnings: tuple[str, ...]


class JobsAnswer(Closed):
    """A list of jobs, best first, and what it rests on.

    Attributes:
        freelancer: null without `details`, and before they had joined.
        advice: What stands between them and these jobs; none without `details`.
    """

    decision_id: UUID
    as_of: datetime
    model: ModelName
    index: IndexState
    took_ms: Timings
    matches: tuple[JobMatchRecord, ...]
    freelancer: PersonRecord | None = None
    advice: tuple[AdviceRecord, ...] = ()
    excluded: dict[str, int]
    warnings: tuple[str, ...]


class Reloaded(Closed):
    """What looking for another bundle came to."""

    outcome: Literal["swapped", "unchanged"]
    model: ModelName


class ModelCard(ModelName):
    """What is served.

    Attributes:
        until: Only what happened before was learned from; null: all that the bundle holds.
        data_as_of: The latest instant recorded.
        encoder: Digest of the encoder that made the bundle's vectors.
        calibrated: Whether `p_hire` is ever a number.
        factors: Those that are ever a number.
        policy: What `score` is: the ranker's, or the expected value.
    """

    until: datetime | None
    data_as_of: datetime | None
    encoder: str
    features: tuple[str, ...]
    fingerprint: str
    calibrated: bool
    factors: tuple[str, ...]
    policy: Literal["ranker", "expected_value"]
    freelancers: int
    jobs: int
    metrics: dict[str, Any]


class WrittenRecord(Closed):
    """What a write came to; `version` is that of the record by now, as in `ETag`."""

    outcome: Literal["created", "replaced", "unchanged"]
    version: str


class VerdictRecord(Closed):
    """What became of one event.

    Attributes:
        event_id: null where none could be read.
        reason: Field, what was found, what was expected, what to do; empty where all is well.
    """

    event_id: str | None
    status: Literal["accepted", "duplicate", "conflict", "refused"]
    reason: str


class EventsAnswer(Closed):
    """How many events came to what, and each in the order sent."""

    accepted: int
    duplicate: int
    conflict: int
    refused: int
    verdicts: tuple[VerdictRecord, ...]


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

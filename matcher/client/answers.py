"""What the API answers, read with an open mind: a newer service may say more.

Unknown fields are kept, words that a newer service adds to a list of words are taken as they
are, and what an older one does not say yet has a default. Only what an answer is nothing
without must be there.
"""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Open(BaseModel):
    """A JSON object with at least these fields."""

    model_config = ConfigDict(frozen=True, extra="allow")


class ModelName(Open):
    """Which model answered."""

    name: str
    version: str
    digest: str


class ModelCard(ModelName):
    """What is served; `metrics` is what its training measured."""

    until: datetime | None = None
    data_as_of: datetime | None = None
    encoder: str = ""
    features: tuple[str, ...] = ()
    calibrated: bool = False
    factors: tuple[str, ...] = ()
    policy: str = ""
    freelancers: int | None = None
    jobs: int | None = None
    metrics: dict[str, object] = {}


class IndexState(Open):
    """How many may be found, before filters, and the latest instant recorded."""

    size: int
    as_of: datetime | None = None


class Reason(Open):
    """What a family of features added to a score, in words."""

    feature: str
    value: float | None = None
    contribution: float | None = None
    text: str = ""


class Factors(Open):
    """What both sides will do, and how well it will go; None where it could not be trained."""

    p_accept: float | None = None
    p_hire_given_accept: float | None = None
    quality: float | None = None


class Placed(Open):
    """A seat on a list; `score` is comparable within the list only, `details` if asked for."""

    rank: int
    score: float
    p_hire: float | None = None
    components: dict[str, float] = {}
    reasons: tuple[Reason, ...] = ()
    details: dict[str, object] | None = None


class Match(Placed):
    """A freelancer on the list for a job."""

    freelancer_id: str
    factors: Factors = Factors()
    expected_value: float | None = None
    factor_reasons: dict[str, tuple[Reason, ...]] = {}
    propensity: float = 1.0
    explored: bool = False


class JobMatch(Placed):
    """A job on the list for a freelancer."""

    job_id: str


class Listed(Open):
    """What any list rests on."""

    decision_id: str
    as_of: datetime
    model: ModelName
    index: IndexState
    took_ms: dict[str, float] = {}
    excluded: dict[str, int] = {}
    warnings: tuple[str, ...] = ()


class Matches(Listed):
    """Freelancers for a job, best first."""

    matches: tuple[Match, ...]
    seed: int | None = None
    similar_jobs: tuple[dict[str, object], ...] = ()


class JobMatches(Listed):
    """Jobs for a freelancer, best first."""

    matches: tuple[JobMatch, ...]
    freelancer: dict[str, object] | None = None
    advice: tuple[dict[str, object], ...] = ()


class Brief(Open):
    """What was understood of a text: `job` and `filters` are ready to be asked with."""

    job: dict[str, object]
    filters: dict[str, object] = {}
    found: tuple[dict[str, object], ...] = ()


class Relevance(Open):
    """A document in the order of a query; `index` is its place among those sent."""

    index: int
    relevance_score: float


class Ranked(Open):
    """Documents, most alike first."""

    id: str
    model: str = ""
    results: tuple[Relevance, ...]
    warnings: tuple[str, ...] = ()


class Override(Open):
    """A person's order of a list."""

    at: datetime
    by: str
    reason: str = ""
    order: tuple[str, ...]


class Shown(Open):
    """Whoever, or whatever, had a seat."""

    id: str
    position: int
    score: float | None = None
    p_hire: float | None = None
    propensity: float = 1.0
    explored: bool = False


class Decision(Open):
    """A list that was answered with, as it is on record, and what people made of it."""

    decision_id: str
    at: datetime
    as_of: datetime
    direction: str = ""
    job_id: str | None = None
    freelancer_id: str | None = None
    request: dict[str, object] = {}
    model: ModelName | None = None
    shown: tuple[Shown, ...] = ()
    overrides: tuple[Override, ...] = ()
    excluded: dict[str, int] = {}
    warnings: tuple[str, ...] = ()


class Written(Open):
    """What a write came to: `created`, `replaced` or `unchanged`, and the version by now."""

    outcome: str
    version: str


class Verdict(Open):
    """What became of one event: `accepted`, `duplicate`, `conflict` or `refused`, and why."""

    event_id: str | None = None
    status: str
    reason: str = ""


class Verdicts(Open):
    """What became of events, each in the order sent."""

    accepted: int = 0
    duplicate: int = 0
    conflict: int = 0
    refused: int = 0
    verdicts: tuple[Verdict, ...] = ()


class Stored(Open):
    """A record as of now; None is unknown.

    Attributes:
        version: For `if_match` of the write that replaces it; no column.
    """

    skills: tuple[str, ...] | None = None
    title: str | None = None
    country: str | None = None
    utc_offset_hours: float | None = None
    languages: tuple[str, ...] | None = None
    version: str = Field(default="", exclude=True)

    def columns(self) -> dict[str, object]:
        """The record as a `PUT` takes it, with the columns that are known."""
        return self.model_dump(mode="json", exclude_none=True)


class StoredFreelancer(Stored):
    """A freelancer as of now, in the columns of the freelancers table."""

    freelancer_id: str
    joined_at: datetime
    valid_from: datetime | None = None
    overview: str | None = None
    hourly_rate_usd: float | None = None
    weekly_hours: float | None = None
    portable_ratings: tuple[dict[str, object], ...] | None = None


class StoredJob(Stored):
    """A job as of now, in the columns of the jobs table."""

    job_id: str
    posted_at: datetime
    description: str | None = None
    client_id: str | None = None
    category: str | None = None
    payment: str | None = None
    budget_usd_min: float | None = None
    budget_usd_max: float | None = None
    weeks: float | None = None
    positions: int | None = None
    closes_at: datetime | None = None

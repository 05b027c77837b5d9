"""What the API says of decisions, and what it takes of those who override them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from matcher.records import LONGEST_NAME, Id, Instant
from serving.cursors import Cursor
from serving.filters import Closed
from serving.schemas import MOST_MATCHES, FactorRecord, ModelName

MOST_LISTED = 500
LONGEST_REASON = 2_000


class DecisionsRequest(Closed):
    """Which decisions are listed.

    Attributes:
        from_: Made at or after this instant; `to`: strictly before.
        after: `next` of the page before.
    """

    job_id: Id | None = None
    freelancer_id: Id | None = None
    from_: Annotated[Instant | None, Field(alias="from")] = None
    to: Instant | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 50
    after: Cursor | None = None


class DecisionSummary(Closed):
    """A decision in a line.

    Attributes:
        seq: The change in the store that the list followed.
        bundle: Digest of the bundle that answered.
        shown: How many were shown.
    """

    decision_id: str
    at: datetime
    as_of: datetime
    direction: Literal["freelancers", "jobs"]
    job_id: str | None
    freelancer_id: str | None
    seq: int
    bundle: str
    shown: int


class DecisionsAnswer(Closed):
    """Decisions, newest first; `next` is null on the last page."""

    decisions: tuple[DecisionSummary, ...]
    next: str | None


class ShownRecord(Closed):
    """Whoever, or whatever, had a seat; the fields are those of the answer.

    Attributes:
        features: The row that was ranked; null where unknown.
    """

    id: str
    position: int
    score: float
    p_hire: float | None
    factors: FactorRecord
    expected_value: float | None
    components: dict[str, float]
    propensity: float
    explored: bool
    features: dict[str, float | None]


class RankedRecord(Closed):
    """One of the pool who had no seat."""

    id: str
    score: float


class OverrideRecord(Closed):
    """A person's order of some of whoever was shown."""

    at: datetime
    by: str
    reason: str
    order: tuple[str, ...]


class RedactedRecord(Closed):
    """What is left of people who were erased since.

    Attributes:
        positions: Seats that are nobody's now.
        pool: How many of the others that were ranked are gone.
    """

    positions: tuple[int, ...]
    pool: int


class DecisionRecord(Closed):
    """A list that was answered with, and all that it takes to make it again.

    Attributes:
        request: As it was asked.
        seed: What draws the seats that are explored; null for a list of jobs, as `exploration` is.
        encoder: Digest of the encoder that made `vector`.
        snapshot: Identity of the store, a colon, and `seq`.
        vector: What the job's text became; null for a list of jobs.
        pool: The others that were ranked, best first.
        overrides: In the order in which they came.
        erased: Whether people were taken out of it since; null where nobody was.
    """

    decision_id: str
    at: datetime
    as_of: datetime
    direction: Literal["freelancers", "jobs"]
    job_id: str | None
    freelancer_id: str | None
    request: dict[str, Any]
    k: int
    seed: int | None
    policy: str
    exploration: dict[str, float] | None
    model: ModelName
    encoder: str
    seq: int
    bundle: str
    snapshot: str
    excluded: dict[str, int]
    warnings: tuple[str, ...]
    vector: tuple[float, ...] | None
    shown: tuple[ShownRecord, ...]
    pool: tuple[RankedRecord, ...]
    overrides: tuple[OverrideRecord, ...]
    erased: RedactedRecord | None = None


class OverrideRequest(Closed):
    """Another order of some or all of whoever was shown, best first.

    Attributes:
        by: Who says so: a name, or an id of yours.
    """

    order: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_MATCHES)]
    by: Annotated[
        str, Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00]*\S[^\x00]*$")
    ]
    reason: Annotated[str, Field(max_length=LONGEST_REASON, pattern=r"^[^\x00]*$")] = ""

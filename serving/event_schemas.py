"""What the API is asked of events on record, and says of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, model_validator

from matcher.domain import Kind
from matcher.records import Id
from matcher.store.cells import Record
from serving.cursors import Cursor
from serving.filters import Closed

MOST_LISTED = 1_000


class EventsRequest(Closed):
    """Which events are listed: of a job, of a freelancer, or of both.

    Attributes:
        after: `next` of the page before.
    """

    job_id: Id | None = None
    freelancer_id: Id | None = None
    kind: Kind | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 100
    after: Cursor | None = None

    @model_validator(mode="after")
    def _is_about_somebody(self) -> EventsRequest:
        if self.job_id is None and self.freelancer_id is None:
            raise ValueError("a job_id, a freelancer_id, or both")
        return self


class HappenedRecord(Closed):
    """An event on record; null is unknown."""

    event_id: str
    at: datetime
    kind: str
    job_id: str
    freelancer_id: str
    decision_id: str | None
    position: int | None
    propensity: float | None
    value: float | None


class HappenedAnswer(Closed):
    """Events, newest first; `next` is null on the last page."""

    events: tuple[HappenedRecord, ...]
    next: str | None


def record_of(record: Record) -> HappenedRecord:
    """An event as JSON."""
    return HappenedRecord.model_validate({n: record[n] for n in HappenedRecord.model_fields})

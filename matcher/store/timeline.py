"""Events as they are asked for: those of a job or of a freelancer, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.engine import Connection

from matcher.domain import Kind
from matcher.schema import TABLES
from matcher.store import tables
from matcher.store.cells import Record, record_of
from matcher.store.erased import LEAVING

_TABLE = tables.events
_COLUMNS = [_TABLE.c[column.name] for column in TABLES["events"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events are listed.

    Attributes:
        after: The instant and id of the last one seen: what follows is older, or has a later id.
    """

    job_id: str | None = None
    freelancer_id: str | None = None
    kind: Kind | None = None
    after: tuple[int, str] | None = None
    limit: int = 100


def listed(connection: Connection, wanted: Wanted) -> list[Record]:
    """Events in the contract's columns, newest first, ties by id.

    Those of somebody who is being erased are not among them.
    """
    query = select(*_COLUMNS).where(*_conditions(wanted), _TABLE.c.freelancer_id.not_in(LEAVING))
    query = query.order_by(_TABLE.c.at.desc(), _TABLE.c.event_id).limit(wanted.limit)
    return [record_of(dict(row), "events") for row in connection.execute(query).mappings()]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    named = {
        "job_id": wanted.job_id,
        "freelancer_id": wanted.freelancer_id,
        "kind": wanted.kind and wanted.kind.value,
    }
    found = [_TABLE.c[name] == value for name, value in named.items() if value is not None]
    if wanted.after is not None:
        at, event_id = wanted.after
        found += [_TABLE.c.at <= at, or_(_TABLE.c.at < at, _TABLE.c.event_id > event_id)]
    return found

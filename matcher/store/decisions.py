"""Decisions in their table: kept once, found by id, listed newest first, let go when old.

They lie beside the log, not in it: none changes what a list is made of, and writers of records
do not wait for them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Row, Table, delete, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from matcher.store import tables
from matcher.store.cells import json_of
from matcher.store.database import Database
from matcher.store.decision import Body, Decision, Summary, columns_key, packed

PAGE = 200
_COLUMNS = "columns:"  # what `about` calls the names of features
_TABLE = tables.decisions
_SUMMARY = [column for column in _TABLE.c if column.name != "body"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which decisions are listed.

    Attributes:
        since: At or after this instant; `until`: strictly before.
        after: The instant and id of the last one seen: what follows is older.
    """

    job_id: str | None = None
    freelancer_id: str | None = None
    since: int | None = None
    until: int | None = None
    after: tuple[int, str] | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Decisions as rows, packed before a transaction begins, which holds up others."""

    columns: list[dict[str, object]]
    rows: list[dict[str, object]]

    @classmethod
    def of(cls, decisions: Sequence[Decision]) -> Prepared:
        """Pack decisions; a third of a millisecond each."""
        names = {columns_key(one.columns): one.columns for one in decisions}
        return cls(
            columns=[{"key": _COLUMNS + k, "value": json_of(names[k])} for k in sorted(names)],
            rows=[{**asdict(one.summary), "body": packed(one)} for one in decisions],
        )


def keep(connection: Connection, prepared: Prepared) -> None:
    """Keep decisions; one that is there already stays as it is."""
    insert_new(connection, tables.about, prepared.columns)
    insert_new(connection, _TABLE, prepared.rows)


def found(connection: Connection, decision_id: str) -> Decision | None:
    """A decision by its id; None where none is on record.

    Raises:
        DecisionDamagedError: What is on record cannot be read.
    """
    row = connection.execute(select(_TABLE).where(_TABLE.c.decision_id == decision_id)).first()
    return None if row is None else read(connection, [row])[0]


def listed(connection: Connection, asked: Asked) -> list[Summary]:
    """Decisions, newest first; ties by id, the greatest first."""
    query = select(*_SUMMARY)
    if asked.job_id is not None:
        query = query.where(_TABLE.c.job_id == asked.job_id)
    if asked.freelancer_id is not None:
        query = query.where(_TABLE.c.freelancer_id == asked.freelancer_id)
    if asked.since is not None:
        query = query.where(_TABLE.c.at >= asked.since)
    if asked.until is not None:
        query = query.where(_TABLE.c.at < asked.until)
    if asked.after is not None:
        query = query.where(tuple_(_TABLE.c.at, _TABLE.c.decision_id) < asked.after)
    query = query.order_by(_TABLE.c.at.desc(), _TABLE.c.decision_id.desc()).limit(asked.limit)
    return [_summary(row) for row in connection.execute(query)]


def every(database: Database) -> Iterator[list[Decision]]:
    """All decisions, oldest first, a page at a time; each page is a reading of its own."""
    last: tuple[int, str] | None = None
    while True:
        query = select(_TABLE).order_by(_TABLE.c.at, _TABLE.c.decision_id).limit(PAGE)
        if last is not None:
            query = query.where(tuple_(_TABLE.c.at, _TABLE.c.decision_id) > last)
        with database.reading() as connection:
            page = read(connection, connection.execute(query).all())
        if not page:
            return
        yield page
        last = page[-1].summary.at, page[-1].summary.decision_id


def prune(connection: Connection, *, before: int, limit: int = PAGE) -> int:
    """Let go of decisions made before an instant, and of what people made of them; how many.

    Args:
        limit: At most so many of them, the oldest first: a writer holds up the others.
    """
    query = select(_TABLE.c.decision_id).where(_TABLE.c.at < before)
    ids = list(connection.execute(query.order_by(_TABLE.c.at).limit(limit)).scalars())
    for table in (tables.overrides, _TABLE):
        if ids:
            connection.execute(delete(table).where(table.c.decision_id.in_(ids)))
    return len(ids)


def columns_known(connection: Connection) -> tuple[str, ...]:
    """Names of all features that any decision holds, in the order in which they came up."""
    query = select(tables.about.c.value).where(tables.about.c.key.startswith(_COLUMNS))
    lists = [json.loads(value) for value in connection.execute(query).scalars()]
    return tuple(dict.fromkeys(name for names in sorted(lists) for name in names))


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, object]]) -> None:
    """Insert rows whose keys are not there yet; those that are stay as they are."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql.insert(table).on_conflict_do_nothing(), list(rows))
    else:
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(), list(rows))


def read(connection: Connection, rows: Sequence[Row[Any]]) -> list[Decision]:
    """Decisions from their rows.

    Raises:
        DecisionDamagedError: One cannot be read.
    """
    opened = [Body.opened(bytes(row.body), row.decision_id) for row in rows]
    keys = {body.columns_key for body in opened}
    table = tables.about
    query = select(table.c.key, table.c.value).where(table.c.key.in_([_COLUMNS + k for k in keys]))
    names = {
        key.removeprefix(_COLUMNS): tuple(json.loads(value))
        for key, value in connection.execute(query)
    }
    return [
        body.decision(_summary(row), names[body.columns_key])
        for row, body in zip(rows, opened, strict=True)
    ]


def _summary(row: Row[Any]) -> Summary:
    return Summary(**{column.name: getattr(row, column.name) for column in _SUMMARY})

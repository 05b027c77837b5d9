"""The log of changes: appended to, numbered without a gap, complete up to its last number.

Whoever writes first takes the one row of `head` and keeps it until the transaction ends. So
writers take turns, numbers are given out in the order of commits, and a reader that has seen
number n has seen every number before it: none turns up late. Instants never run backwards.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeVar

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from matcher.domain import moment_of
from matcher.store import tables
from matcher.store.cells import Cells, Record, record_of
from matcher.store.database import Database, insert_rows

Kind = Literal["freelancer", "freelancer_deleted", "job", "job_deleted", "event", "erased"]

CHUNK = 1_000
Item = TypeVar("Item")
_TABLES: dict[str, str] = {"freelancer": "freelancers", "job": "jobs"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One entry of the log.

    Attributes:
        seq: From 1, without a gap.
        at: When it was written; never before the entry before.
        kind: What `id` names, and what became of it; `erased` names nobody: it takes the place
            of entries about somebody who was erased, and ends each erasure.
        record: What was written; None of a deletion, and of what was erased since.
    """

    seq: int
    at: datetime
    kind: Kind
    id: str
    record: Record | None


@dataclass(slots=True, kw_only=True)
class Writing:
    """A transaction that may write, and what it adds to the log at its end.

    Attributes:
        at: The instant of all that it writes.
        seq: The number of the last entry so far.
    """

    connection: Connection
    at: int
    seq: int
    entries: list[Cells] = field(default_factory=list)

    def log(self, kind: Kind, id_: str, *, body: str | None = None) -> int:
        """Add an entry; its number."""
        self.seq += 1
        entry: Cells = {"seq": self.seq, "at": self.at, "kind": kind, "id": id_, "body": body}
        self.entries.append(entry)
        return self.seq


@contextmanager
def writing(database: Database, *, now: int) -> Iterator[Writing]:
    """A transaction with the head of the log in hand; all of it is kept, or nothing.

    Raises:
        StoreUnavailableError: The database cannot be reached or written.
    """
    with database.writing() as connection:
        row = connection.execute(select(tables.head.c.seq, tables.head.c.at).with_for_update())
        seq, at = row.one()
        work = Writing(connection=connection, at=max(now, at), seq=seq)
        yield work
        if work.entries:
            insert_rows(connection, tables.changes, work.entries)
            connection.execute(update(tables.head).values(seq=work.seq, at=work.at))


def last_seq(connection: Connection) -> int:
    """The number of the last entry; 0 before the first."""
    return int(connection.execute(select(tables.head.c.seq)).scalar_one())


def changes_after(connection: Connection, seq: int, *, limit: int) -> list[Change]:
    """The entries that follow number `seq`, at most `limit` of them."""
    log = tables.changes
    rows = connection.execute(
        select(log.c.seq, log.c.at, log.c.kind, log.c.id, log.c.body)
        .where(log.c.seq > seq)
        .order_by(log.c.seq)
        .limit(limit)
    ).all()
    events = _events(connection, [row.id for row in rows if row.kind == "event"])
    return [
        Change(
            seq=row.seq,
            at=moment_of(row.at),
            kind=row.kind,
            id=row.id,
            record=events.get(row.id) if row.kind == "event" else _record(row.kind, row.body),
        )
        for row in rows
    ]


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """The items a few at a time, as many as a statement may name."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def _events(connection: Connection, ids: Sequence[str]) -> dict[str, Record]:
    """An event never changes, so the log names it and its own row holds it."""
    found: dict[str, Record] = {}
    for some in chunks(ids):
        query = select(tables.events).where(tables.events.c.event_id.in_(some))
        for row in connection.execute(query).mappings():
            found[row["event_id"]] = record_of(dict(row), "events")
    return found


def _record(kind: str, body: str | None) -> Record | None:
    return None if body is None else record_of(json.loads(body), _TABLES[kind])

"""All that a store held once a change was made, however much came later.

Versions of profiles and events never change, and their rows name the change that made them. A
job is replaced in place, so of one that was written later the log tells what it was before.
So the tables are read as far as the change, and the log once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, func, select
from sqlalchemy.engine import Connection

from matcher.decision_errors import PastGoneError
from matcher.errors import UsageError
from matcher.marketplace import from_frames
from matcher.schema import TABLES
from matcher.store import tables
from matcher.store.cells import Cells
from matcher.store.database import Database
from matcher.store.journal import last_seq
from matcher.store.view import View, table_of

_SHOWN = 3


@dataclass(slots=True, kw_only=True)
class _Jobs:
    """Jobs that were written after the change, as they were before.

    Attributes:
        cells: By id, of those that were there.
        erased: Ids of those whose content the log does not hold any more.
    """

    cells: dict[str, Cells] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)


def past_view(database: Database, seq: int) -> View:
    """Everything on record once change `seq` was made; at 0, nothing.

    Raises:
        UsageError: There is no such change yet.
        PastGoneError: Some of it was erased since.
        StoreUnavailableError: The database cannot be asked.
    """
    with database.reading() as connection:
        head = last_seq(connection)
        if not 0 <= seq <= head:
            raise UsageError(f"change {seq:,} is asked about, and the last one is {head:,}")
        _check_whole(connection, seq)
        jobs = _replaced(connection, seq)
        if jobs.erased:
            raise _gone(f"of {len(jobs.erased):,} jobs", sorted(jobs.erased))
        return View(
            seq=seq,
            marketplace=from_frames(
                freelancers=table_of(_rows(connection, "freelancers", seq), "freelancers"),
                jobs=table_of(
                    [*_rows(connection, "jobs", seq), *map(_in_order, jobs.cells.values())], "jobs"
                ),
                events=table_of(_rows(connection, "events", seq), "events"),
            ),
            deleted_freelancers=_deleted_freelancers(connection, seq),
            deleted_jobs=_deleted_jobs(connection, seq) | jobs.deleted,
        )


def _rows(connection: Connection, name: str, seq: int) -> Sequence[Sequence[object]]:
    """Rows of a table that were written by a change, and not since."""
    table = tables.RECORDS[name]
    columns = [*(table.c[spec.name] for spec in TABLES[name]), table.c.extra]
    return connection.execute(select(*columns).where(table.c.seq <= seq)).all()


def _in_order(cells: Mapping[str, object]) -> list[object]:
    return [*(cells.get(spec.name) for spec in TABLES["jobs"]), cells.get("extra")]


def _check_whole(connection: Connection, seq: int) -> None:
    """Every entry of the log must have its row: profiles and events are never replaced."""
    log = tables.changes
    counted = (
        select(log.c.kind, func.count())
        .where(log.c.seq <= seq, log.c.kind.in_(("freelancer", "event")))
        .group_by(log.c.kind)
    )
    logged = {kind: int(count) for kind, count in connection.execute(counted)}
    for kind, name in (("freelancer", "freelancers"), ("event", "events")):
        table = tables.RECORDS[name]
        there = connection.execute(select(func.count()).where(table.c.seq <= seq)).scalar_one()
        if lacking := logged.get(kind, 0) - int(there):
            what = "versions of profiles" if kind == "freelancer" else "events"
            raise _gone(f"of {lacking:,} {what}", [])


def _replaced(connection: Connection, seq: int) -> _Jobs:
    """What the log says of jobs that were written, or deleted, after the change."""
    log, table = tables.changes, tables.jobs
    query = (
        select(log.c.at, log.c.kind, log.c.id, log.c.body)
        .join(table, table.c.job_id == log.c.id)
        .where(log.c.seq <= seq, log.c.kind.in_(("job", "job_deleted")), table.c.seq > seq)
        .order_by(log.c.seq)
    )
    found = _Jobs()
    for at, kind, id_, body in connection.execute(query):
        if kind == "job_deleted":
            found.deleted.add(id_)
            if id_ in found.cells:
                cells = found.cells[id_]
                closes_at = cells.get("closes_at")
                cells["closes_at"] = at if closes_at is None else min(at, int(str(closes_at)))
            continue
        found.deleted.discard(id_)
        found.erased.discard(id_)
        if body is None:
            found.erased.add(id_)
        else:
            found.cells[id_] = json.loads(body)
    return found


def _deleted_freelancers(connection: Connection, seq: int) -> frozenset[str]:
    """Whose last entry by then was a deletion."""
    log = tables.changes
    last = (
        select(log.c.id, func.max(log.c.seq).label("deletion"))
        .where(log.c.seq <= seq, log.c.kind == "freelancer_deleted")
        .group_by(log.c.id)
        .subquery()
    )
    table = tables.freelancers
    written = and_(
        table.c.freelancer_id == last.c.id, table.c.seq > last.c.deletion, table.c.seq <= seq
    )
    query = select(last.c.id).where(~select(table.c.seq).where(written).exists())
    return frozenset(connection.execute(query).scalars())


def _deleted_jobs(connection: Connection, seq: int) -> frozenset[str]:
    """Of those that were not written since."""
    table = tables.jobs
    query = select(table.c.job_id).where(table.c.seq <= seq, table.c.deleted_at.is_not(None))
    return frozenset(connection.execute(query).scalars())


def _gone(what: str, ids: Sequence[str]) -> PastGoneError:
    named = f" ({', '.join(ids[:_SHOWN])}{', ...' if len(ids) > _SHOWN else ''})" if ids else ""
    return PastGoneError(
        f"the content {what}{named} that were on record then was erased since; what followed from "
        "it cannot be made again"
    )

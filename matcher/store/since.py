"""What was written since a change, as rows that a snapshot can grow by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import select
from sqlalchemy.engine import Connection

from matcher.growth import News
from matcher.outgrown import Outgrown
from matcher.schema import TABLES
from matcher.store import tables
from matcher.store.journal import chunks, last_seq
from matcher.store.view import frame_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What was on record once change `seq` was made, and was not some changes before.

    Attributes:
        changes: How many changes lie between.
        deleted_jobs: Ids of the jobs of `news` that are deleted.
    """

    seq: int
    changes: int
    news: News
    deleted_jobs: frozenset[str]


def since(connection: Connection, after: int, *, most: int) -> Since:
    """What came after change number `after`; the connection sees one instant.

    Raises:
        Outgrown: There are more changes than `most`, or somebody was erased.
    """
    seq = last_seq(connection)
    if seq - after > most:
        raise Outgrown(f"{seq - after:,} changes at once")
    log = tables.changes
    rows = connection.execute(select(log.c.kind, log.c.id).where(log.c.seq > after)).all()
    touched = {(str(row.kind), str(row.id)) for row in rows}
    if any(kind == "erased" for kind, _ in touched):
        raise Outgrown("somebody was erased")
    people = _ids(touched, "freelancer", "freelancer_deleted")
    jobs = _ids(touched, "job", "job_deleted")
    return Since(
        seq=seq,
        changes=seq - after,
        news=News(
            freelancers=_frame(connection, "freelancers", people, after=after),
            jobs=_frame(connection, "jobs", jobs, after=after),
            events=_frame(connection, "events", _ids(touched, "event"), after=after),
            deleted_freelancers=_deleted(connection, "freelancers", people),
        ),
        deleted_jobs=_deleted(connection, "jobs", jobs),
    )


def departed(connection: Connection, ids: Collection[str]) -> News:
    """Who of some freelancers is on no list by now, deleted or erased, and nothing else."""
    people = tables.freelancers
    query = select(people.c.freelancer_id).where(people.c.deleted_at.is_(None)).distinct()
    listed = set(connection.execute(query).scalars())
    none = {name: _frame(connection, name, [], after=0) for name in TABLES}
    return News(**none, deleted_freelancers=frozenset(ids) - listed)


def _ids(touched: Iterable[tuple[str, str]], *kinds: str) -> list[str]:
    return sorted({id_ for kind, id_ in touched if kind in kinds})


def _frame(connection: Connection, name: str, ids: Sequence[str], *, after: int) -> pd.DataFrame:
    table, key = tables.RECORDS[name], TABLES[name][0].name
    frames = [
        frame_of(connection, name, table.c[key].in_(some), table.c.seq > after)
        for some in chunks(ids)
    ]
    if len(frames) == 1:
        return frames[0]
    if not frames:
        return frame_of(connection, name, table.c[key].in_([]))
    return pd.concat(frames, ignore_index=True)


def _deleted(connection: Connection, name: str, ids: Sequence[str]) -> frozenset[str]:
    table, key = tables.RECORDS[name], TABLES[name][0].name
    found: set[str] = set()
    for some in chunks(ids):
        gone = table.c.deleted_at.is_not(None)
        found.update(
            connection.execute(select(table.c[key]).where(table.c[key].in_(some), gone)).scalars()
        )
    return frozenset(found)

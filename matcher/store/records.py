"""Freelancers and jobs, written one at a time.

A profile that changes gets a new version from now on, for the past must stay as it was; a job
is replaced. The same content again is no change. What is deleted keeps its row, since the past
of others is about it too, and is on no list; a job that is deleted closes at that instant.
What is erased is another matter: `matcher.store.erasures`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection

from matcher.domain import moment_of
from matcher.erasure_errors import ErasurePendingError
from matcher.errors import (
    InvalidRecordError,
    MatcherError,
    StaleVersionError,
    UnknownFreelancerError,
    UnknownJobError,
)
from matcher.store import tables
from matcher.store.cells import Cells, Record, body_of, digest_of, record_of
from matcher.store.erased import among
from matcher.store.journal import Writing

ANY = "*"
_SINCE = {"freelancers": "joined_at", "jobs": "posted_at"}
_UNKNOWN: dict[str, Callable[[str], MatcherError]] = {
    "freelancers": UnknownFreelancerError,
    "jobs": UnknownJobError,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A record on record.

    Attributes:
        version: Changes with every change of the record; goes into `ETag` and `If-Match`.
    """

    record: Record
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write came to.

    Attributes:
        version: Of the record from now on.
        created: Whether there was none before, or only a deleted one.
        changed: Whether anything was written at all.
    """

    version: str
    created: bool
    changed: bool


def stored(connection: Connection, name: str, id_: str) -> Stored:
    """A record as it is now.

    Raises:
        UnknownFreelancerError: There is none of this id, or it is deleted; UnknownJobError too.
    """
    row = _latest(connection, name, id_)
    if row is None or row["deleted_at"] is not None:
        raise _UNKNOWN[name](id_)
    return Stored(record=record_of(row, name), version=str(row["seq"]))


def put(
    work: Writing, name: str, cells: Cells, *, if_match: str | None, given: Mapping[str, object]
) -> Written:
    """Create a record, or make it what is given.

    Args:
        work: The transaction.
        name: `freelancers` or `jobs`.
        cells: The record, checked; its first instant is that of the write by default.
        if_match: Refuse unless the record is of this version; `*` is any.
        given: The record as it was sent: what it does not say stays as it was.

    Raises:
        StaleVersionError: It is of another version, or not there.
        InvalidRecordError: It would move the instant at which a freelancer joined.
        ErasurePendingError: Whoever had the id is being erased.
    """
    id_ = str(cells[f"{name.removesuffix('s')}_id"])
    if name == "freelancers":
        _refuse_pending(work.connection, id_)
    row = _latest(work.connection, name, id_)
    _require(name, id_, row, if_match)
    since = _SINCE[name]
    if given.get(since) is None:
        cells[since] = work.at if row is None else row[since]
    elif name == "freelancers" and row is not None and cells[since] != row[since]:
        raise InvalidRecordError(
            f"the freelancer is refused: joined_at: found {given[since]}, expected "
            f"{moment_of(row[since]).isoformat()}, when they joined; leave it out"
        )
    digest = digest_of(cells, name)
    there = row is not None and row["deleted_at"] is None
    if row is not None and there and row["digest"] == digest:
        return Written(version=str(row["seq"]), created=False, changed=False)
    if name == "freelancers":
        seq = add_version(
            work, cells, digest=digest, after=None if row is None else row["valid_from"]
        )
    else:
        seq = replace_job(work, cells, digest=digest, exists=row is not None)
    return Written(version=str(seq), created=not there, changed=True)


def delete(work: Writing, name: str, id_: str, *, if_match: str | None) -> Written:
    """Take a record off every list; twice is once.

    Raises:
        UnknownFreelancerError: There never was one of this id; UnknownJobError likewise.
        StaleVersionError: It is of another version.
    """
    row = _latest(work.connection, name, id_)
    if row is None:
        raise _UNKNOWN[name](id_)
    if row["deleted_at"] is not None:
        return Written(version=str(row["seq"]), created=False, changed=False)
    _require(name, id_, row, if_match)
    table = tables.RECORDS[name]
    key = f"{name.removesuffix('s')}_id"
    seq = work.log("freelancer_deleted" if name == "freelancers" else "job_deleted", id_)
    values: dict[str, object] = {"deleted_at": work.at}
    if name == "jobs":
        closes_at = min(work.at, work.at if row["closes_at"] is None else row["closes_at"])
        values |= {"closes_at": closes_at, "seq": seq}
        values["digest"] = digest_of({**row, **values}, name)
    work.connection.execute(update(table).where(table.c[key] == id_).values(values))
    return Written(version=str(seq), created=False, changed=True)


def add_version(work: Writing, cells: Cells, *, digest: bytes, after: int | None) -> int:
    """A profile from now on, later than `after`; the first, from when it says. Its number."""
    table = tables.freelancers
    if after is not None:
        cells["valid_from"] = max(work.at, after + 1)
        at = table.c.freelancer_id == cells["freelancer_id"]
        work.connection.execute(
            update(table).where(at, table.c.deleted_at.is_not(None)).values(deleted_at=None)
        )
    elif cells["valid_from"] is None:
        cells["valid_from"] = cells["joined_at"]
    seq = work.log("freelancer", str(cells["freelancer_id"]), body=body_of(cells, "freelancers"))
    work.connection.execute(insert(table).values({**cells, "digest": digest, "seq": seq}))
    return seq


def replace_job(work: Writing, cells: Cells, *, digest: bytes, exists: bool) -> int:
    """A job as it is from now on; its number."""
    table = tables.jobs
    seq = work.log("job", str(cells["job_id"]), body=body_of(cells, "jobs"))
    values = {**cells, "digest": digest, "seq": seq, "deleted_at": None}
    query = (
        update(table).where(table.c.job_id == cells["job_id"]).values(values)
        if exists
        else insert(table).values(values)
    )
    work.connection.execute(query)
    return seq


def _latest(connection: Connection, name: str, id_: str) -> dict[str, Any] | None:
    if not _may_be_known(id_):
        return None
    table = tables.RECORDS[name]
    query = select(table).where(table.c[f"{name.removesuffix('s')}_id"] == id_)
    if name == "freelancers":
        query = query.order_by(table.c.valid_from.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else dict(row)


def _may_be_known(id_: str) -> bool:
    """Whether a database can be asked for an id at all."""
    try:
        return b"\0" not in id_.encode()
    except UnicodeEncodeError:
        return False


def _refuse_pending(connection: Connection, id_: str) -> None:
    trace = among(connection, [id_]).get(id_)
    if trace is not None and trace.done_at is None:
        raise ErasurePendingError(trace.number)


def _require(name: str, id_: str, row: Mapping[str, Any] | None, if_match: str | None) -> None:
    if if_match is None:
        return
    found = None if row is None or row["deleted_at"] is not None else str(row["seq"])
    if found is None or if_match not in {ANY, found}:
        raise StaleVersionError(
            f"{name.removesuffix('s')} {id_!r} is of version {found or 'none'}, If-Match names "
            f"{if_match[:40]!r}; read it again, apply the change to what is there now, and retry"
        )

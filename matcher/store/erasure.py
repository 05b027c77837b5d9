"""Erasures: asked for in one transaction with the deletion, brought to an end soon after.

`pending`: the person is on no list any more, and in the tables still. `removed`: out of the
tables. `done`: out of the files too, as far as they are ours.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row, func, insert, select
from sqlalchemy.engine import Connection

from matcher.erasure_errors import UnknownErasureError
from matcher.store import records, tables
from matcher.store.database import Database
from matcher.store.erased import PENDING, among, proof_of
from matcher.store.journal import Writing, writing

State = Literal["pending", "removed", "done"]

_TABLE = tables.erasures


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What is kept of an erasure.

    Attributes:
        asked_at: Instant; `done_at` likewise: when the person left the tables.
        seq: Of the entry of the log that says so.
        removed: How many rows of which table are gone, or were rewritten.
        bundles: Digests of bundles that this store knows and that may hold the person.
    """

    number: int
    state: State
    asked_at: int
    done_at: int | None
    seq: int | None
    removed: Mapping[str, int]
    bundles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What asking for an erasure came to.

    Attributes:
        seq: Of the change that took the person off the lists.
        is_new: Whether it was not asked for before.
    """

    erasure: Erasure
    seq: int
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a store can tell of an id that was erased.

    Attributes:
        erasures: Oldest first: who came back may be erased again.
        has_returned: Whether a person of this id is on record now.
    """

    erasures: tuple[Erasure, ...]
    has_returned: bool


def ask(database: Database, id_: str, *, if_match: str | None, now: int) -> Asked:
    """Take a person off every list, and note that nothing of them is to stay.

    Raises:
        UnknownFreelancerError: There never was one of this id.
        StaleVersionError: It is of another version.
    """
    with writing(database, now=now) as work:
        last = among(work.connection, [id_]).get(id_)
        if last is not None and (last.done_at is None or not _is_on_record(work.connection, id_)):
            return Asked(erasure=_one(work.connection, last.number), seq=0, is_new=False)
        written = records.delete(work, "freelancers", id_, if_match=if_match)
        number = _note(work, id_)
        return Asked(erasure=_one(work.connection, number), seq=int(written.version), is_new=True)


def unfinished(connection: Connection) -> list[Erasure]:
    """Erasures that have not come to their end, oldest first."""
    query = select(_TABLE).where(_TABLE.c.state != "done").order_by(_TABLE.c.number)
    return [_erasure(row) for row in connection.execute(query)]


def pending(connection: Connection) -> frozenset[str]:
    """Ids of those who are in the tables still, and are not to be told of any more."""
    query = select(_TABLE.c.freelancer_id).where(_TABLE.c.state == PENDING)
    return frozenset(connection.execute(query).scalars())


def known(connection: Connection, id_: str) -> Known:
    """What there is to tell of an id.

    Raises:
        UnknownErasureError: Nobody of this id was ever erased.
    """
    query = select(_TABLE).where(_TABLE.c.proof == proof_of(connection, id_))
    rows = connection.execute(query.order_by(_TABLE.c.number)).all()
    if not rows:
        raise UnknownErasureError
    found = tuple(_erasure(row) for row in rows)
    has_returned = found[-1].state != PENDING and _is_on_record(connection, id_)
    return Known(erasures=found, has_returned=has_returned)


def _note(work: Writing, id_: str) -> int:
    last = work.connection.execute(select(func.max(_TABLE.c.number))).scalar_one()
    row: dict[str, Any] = {
        "number": (last or 0) + 1,
        "proof": proof_of(work.connection, id_),
        "state": PENDING,
        "freelancer_id": id_,
        "asked_at": work.at,
        "removed": "{}",
        "bundles": "[]",
    }
    work.connection.execute(insert(_TABLE).values(row))
    return int(row["number"])


def _is_on_record(connection: Connection, id_: str) -> bool:
    people = tables.freelancers
    query = select(people.c.seq).where(people.c.freelancer_id == id_).limit(1)
    return connection.execute(query).first() is not None


def _one(connection: Connection, number: int) -> Erasure:
    query = select(_TABLE).where(_TABLE.c.number == number)
    return _erasure(connection.execute(query).one())


def _erasure(row: Row[Any]) -> Erasure:
    return Erasure(
        number=row.number,
        state=row.state,
        asked_at=row.asked_at,
        done_at=row.done_at,
        seq=row.seq,
        removed=json.loads(row.removed),
        bundles=tuple(json.loads(row.bundles)),
    )

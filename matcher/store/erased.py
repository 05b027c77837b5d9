"""Who was erased, known by a proof alone: HMAC-SHA256 of the id under the store's own salt.

The salt lies in the same database, so the proof hides an id from whoever sees a proof alone. To
whoever holds the whole store it says of an id that they know already that it was erased; ids that
can be guessed can be tried.

Source: Krawczyk, Bellare & Canetti, HMAC, RFC 2104, 1997
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from matcher.store import tables
from matcher.store.journal import chunks

SALT = "erasure_salt"  # what `about` calls it
PENDING = "pending"
_LOCK = 0x65726173  # "eras"; any number that only this program uses
_TABLE = tables.erasures
LEAVING = select(_TABLE.c.freelancer_id).where(  # who is being erased, for a query to leave out
    _TABLE.c.state == PENDING,
    _TABLE.c.freelancer_id.is_not(None),  # NOT IN is never true beside a null
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The last erasure of an id.

    Attributes:
        number: Of the erasure.
        done_at: When the person left the tables; None while that is to come.
        seq: Of the entry of the log that says so; None likewise.
    """

    number: int
    done_at: int | None
    seq: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """Some ids that may not come back as they were.

    Attributes:
        traces: Of those that were erased.
        returned: Ids among them that a new person has by now.
    """

    traces: dict[str, Trace]
    returned: frozenset[str]

    def bars(self, id_: object, *, at: object) -> bool:
        """Whether what happened to an id at an instant is of the person who was erased."""
        trace = self.traces.get(str(id_))
        if trace is None:
            return False
        return trace.done_at is None or id_ not in self.returned or int(str(at)) <= trace.done_at


def proof_of(connection: Connection, id_: str) -> bytes:
    """What is kept of an id that was erased."""
    return _proof(_salt(connection), id_)


def among(connection: Connection, ids: Iterable[str]) -> dict[str, Trace]:
    """Those of some ids that were erased, or are about to be; a microsecond an id."""
    total = connection.execute(select(func.count()).select_from(_TABLE)).scalar_one()
    if not total:
        return {}
    salt = _salt(connection)
    named = {_proof(salt, id_): id_ for id_ in dict.fromkeys(ids)}
    query = select(_TABLE.c.proof, _TABLE.c.number, _TABLE.c.done_at, _TABLE.c.seq)
    query = query.order_by(_TABLE.c.number)
    queries = (
        [query]
        if total <= len(named)
        else [query.where(_TABLE.c.proof.in_(some)) for some in chunks(list(named))]
    )
    return {
        named[proof]: Trace(number=row.number, done_at=row.done_at, seq=row.seq)
        for one in queries
        for row in connection.execute(one)
        if (proof := bytes(row.proof)) in named
    }


def barred(connection: Connection, ids: Iterable[str]) -> Barred:
    """Those of some ids that may not come back as they were."""
    traces, returned = among(connection, ids), set[str]()
    column = tables.freelancers.c.freelancer_id
    for some in chunks(sorted(traces)):
        returned.update(connection.execute(select(column).where(column.in_(some))).scalars())
    return Barred(traces=traces, returned=frozenset(returned))


def any_since(connection: Connection, seq: int) -> bool:
    """Whether somebody left the tables after a change, or is about to."""
    later = or_(_TABLE.c.seq > seq, _TABLE.c.state == PENDING)
    return connection.execute(select(_TABLE.c.number).where(later).limit(1)).first() is not None


def left_since(connection: Connection, seq: int) -> int:
    """How many people left the tables after a change."""
    query = select(func.count()).select_from(_TABLE).where(_TABLE.c.seq > seq)
    return int(connection.execute(query).scalar_one())


def share(connection: Connection) -> None:
    """Write beside others what may name people, but not across the beginning of an erasure.

    SQLite has one writer at a time anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(_LOCK)))


def await_others(connection: Connection) -> None:
    """Wait for whoever began to `share` before: from then on all know of what was asked."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _salt(connection: Connection) -> bytes:
    about = tables.about
    query = select(about.c.value).where(about.c.key == SALT)
    return bytes.fromhex(connection.execute(query).scalar_one())


def _proof(salt: bytes, id_: str) -> bytes:
    return hmac.digest(salt, id_.encode("utf-8", "surrogatepass"), "sha256")


def ids_of(rows: Sequence[dict[str, object]], name: str) -> set[str]:
    """The ids that a column of some rows holds."""
    return {str(row[name]) for row in rows if row[name] is not None}

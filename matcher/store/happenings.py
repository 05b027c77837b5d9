"""Events, taken in by the batch: a handful of statements, and a verdict for each.

An event never changes. Sent again it is a duplicate, and nothing is written; another content
under the same id is a conflict, and what is there stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from sqlalchemy import Column, select
from sqlalchemy.engine import Connection

from matcher.store import tables
from matcher.store.cells import Cells, digest_of
from matcher.store.checking import Checked
from matcher.store.database import insert_rows
from matcher.store.erased import Barred, barred, ids_of
from matcher.store.journal import Writing, chunks
from matcher.violations import shown

Status = Literal["accepted", "duplicate", "conflict", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of an event.

    Attributes:
        event_id: None where none could be read.
        status: `accepted` is on record now; `duplicate` was before; the others are not.
        reason: What was found, expected and is to be done; empty where all is well.
        seq: Of the entry in the log that holds the event; 0 where none does.
    """

    event_id: str | None
    status: Status
    reason: str = ""
    seq: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is on record of the ids that a batch names.

    Attributes:
        events: Digest and number by id.
    """

    events: dict[str, tuple[bytes, int]]
    job_id: set[str]
    freelancer_id: set[str]
    barred: Barred


def add(work: Writing, events: Sequence[Checked]) -> list[Verdict]:
    """Add the events that are sound and new; a verdict for each, in the order given."""
    rows = [one.cells for one in events if one.cells is not None]
    known = _known(work.connection, rows)
    verdicts, fresh = [], list[Cells]()
    for one in events:
        if one.cells is None:
            verdicts.append(refusal(one))
            continue
        verdict, digest = _judged(one.cells, known)
        if verdict.status == "accepted":
            id_ = str(one.cells["event_id"])
            verdict = replace(verdict, seq=work.log("event", id_))
            known.events[id_] = digest, verdict.seq
            fresh.append({**one.cells, "digest": digest, "seq": verdict.seq})
        verdicts.append(verdict)
    if fresh:
        insert_rows(work.connection, tables.events, fresh)
    return verdicts


def refusal(event: Checked) -> Verdict:
    """The verdict on an event that breaks the contract."""
    return Verdict(event_id=event.id, status="refused", reason=event.wrong)


def _judged(cells: Cells, known: _Known) -> tuple[Verdict, bytes]:
    id_, digest = str(cells["event_id"]), digest_of(cells, "events")
    before, seq = known.events.get(id_, (None, 0))
    if before == digest:
        return Verdict(event_id=id_, status="duplicate", seq=seq), digest
    if before is not None:
        return Verdict(event_id=id_, status="conflict", reason=_conflict(id_)), digest
    wrong = [
        f"{column}: found {shown(cells[column])}, expected one that is on record; put the "
        f"{column.removesuffix('_id')} first, or leave the event out"
        for column, ids in (("job_id", known.job_id), ("freelancer_id", known.freelancer_id))
        if cells[column] not in ids
    ]
    if not wrong and known.barred.bars(cells["freelancer_id"], at=cells["at"]):
        wrong = [_before_the_erasure(cells)]
    status: Status = "refused" if wrong else "accepted"
    return Verdict(event_id=id_, status=status, reason="; ".join(wrong)), digest


def _before_the_erasure(cells: Cells) -> str:
    return (
        f"freelancer_id: found {shown(cells['freelancer_id'])}, whose holder then was erased, "
        "expected somebody on record; leave the event out"
    )


def _conflict(id_: str) -> str:
    return (
        f"event_id: found {shown(id_)} with another content than is on record, expected an event "
        "never to change; give the new event an id of its own"
    )


def _known(connection: Connection, rows: Sequence[Cells]) -> _Known:
    ids = [str(row["event_id"]) for row in rows]
    events: dict[str, tuple[bytes, int]] = {}
    for some in chunks(ids):
        query = select(tables.events.c.event_id, tables.events.c.digest, tables.events.c.seq)
        found = connection.execute(query.where(tables.events.c.event_id.in_(some)))
        events |= {id_: (bytes(digest), seq) for id_, digest, seq in found}
    return _Known(
        events=events,
        job_id=_among(connection, tables.jobs.c.job_id, rows, "job_id"),
        freelancer_id=_among(connection, tables.freelancers.c.freelancer_id, rows, "freelancer_id"),
        barred=barred(connection, ids_of(rows, "freelancer_id")),
    )


def _among(
    connection: Connection, column: Column[str], rows: Sequence[Cells], name: str
) -> set[str]:
    found: set[str] = set()
    for some in chunks(sorted({str(row[name]) for row in rows})):
        found.update(connection.execute(select(column).where(column.in_(some))).scalars())
    return found

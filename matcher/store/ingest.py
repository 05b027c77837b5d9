"""A whole marketplace into the store: set by set, a transaction a batch, repeatable.

What is there already is recognised by id and content. Of a profile only the latest row may say
something new: it becomes a version from now on. An earlier one that says otherwise than the
record is a conflict, as is such an event, and what is on record stays. What was deleted stays
deleted, however often a directory that still holds it is taken in. Who was erased does not come
back this way: rows of theirs are left out, and jobs of theirs are nobody's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlalchemy import Row, delete, select

from matcher.marketplace import Marketplace
from matcher.store import tables
from matcher.store.cells import Cells, body_of, digest_of, rows_of
from matcher.store.checking import Checked, check_storable
from matcher.store.database import Database, insert_rows
from matcher.store.erased import barred, ids_of
from matcher.store.happenings import add
from matcher.store.journal import Writing, chunks, writing
from matcher.violations import SHOWN, TABLE_NAMES, shown

OUTCOMES = ("added", "unchanged", "changed", "deleted", "erased", "conflicts")
_AS = {"accepted": "added", "duplicate": "unchanged", "conflict": "conflicts"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of the rows.

    Attributes:
        tables: By table, how many rows came to each of `OUTCOMES`; `deleted` ones are left so,
            those of people who were `erased` are left out.
        conflicts: The first conflicts in words.
        seq: The number of the last change afterwards.
    """

    tables: dict[str, Counter[str]] = field(
        default_factory=lambda: {name: Counter(dict.fromkeys(OUTCOMES, 0)) for name in TABLE_NAMES}
    )
    conflicts: list[str] = field(default_factory=list)
    seq: int = 0

    def count(self, name: str, outcome: str, *, reason: str = "") -> None:
        """One more row of a table came to something."""
        self.tables[name][outcome] += 1
        if outcome == "conflicts" and len(self.conflicts) < SHOWN:
            self.conflicts.append(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profile:
    """What is on record of a freelancer: digests by when they count from, oldest first."""

    versions: dict[int, bytes]
    deleted: bool


def ingest(
    database: Database,
    marketplace: Marketplace,
    *,
    clock: Callable[[], int],
    advance: Callable[[int], None],
) -> Ingested:
    """Freelancers, jobs and then the events that speak of them.

    Raises:
        InvalidMarketplaceError: A text holds NUL; nothing was written.
    """
    check_storable(marketplace)
    told, seq = Ingested(), 0
    for name, take in (("freelancers", _freelancers), ("jobs", _jobs), ("events", _events)):
        frame = getattr(marketplace, name)
        latest = _is_latest(frame) if name == "freelancers" else []
        done = 0
        for batch in rows_of(frame, name):
            with writing(database, now=clock()) as work:
                take(work, batch, latest[done : done + len(batch)], told)
            done, seq = done + len(batch), work.seq
            advance(len(batch))
    return Ingested(tables=told.tables, conflicts=told.conflicts, seq=seq)


def _is_latest(frame: pd.DataFrame) -> list[bool]:
    """[n] which rows are the last of their freelancers; they lie in the order of versions."""
    return [not again for again in frame["freelancer_id"].duplicated(keep="last")]


def _freelancers(
    work: Writing, batch: Sequence[Cells], latest: Sequence[bool], told: Ingested
) -> None:
    known, fresh = _profiles(work, batch), list[Cells]()
    gone = barred(work.connection, ids_of(batch, "freelancer_id"))
    for cells, is_latest in zip(batch, latest, strict=True):
        if gone.bars(cells["freelancer_id"], at=cells["valid_from"]):
            told.count("freelancers", "erased")
            continue
        id_, digest = str(cells["freelancer_id"]), digest_of(cells, "freelancers")
        profile = known.setdefault(id_, _Profile(versions={}, deleted=False))
        outcome = _outcome(profile, int(str(cells["valid_from"])), digest, is_latest=is_latest)
        if outcome == "changed":
            cells["valid_from"] = max(work.at, max(profile.versions) + 1)
        if outcome in {"added", "changed"}:
            profile.versions[int(str(cells["valid_from"]))] = digest
            seq = work.log("freelancer", id_, body=body_of(cells, "freelancers"))
            fresh.append({**cells, "digest": digest, "seq": seq})
        told.count("freelancers", outcome, reason=_rewritten(id_))
    if fresh:
        insert_rows(work.connection, tables.freelancers, fresh)


def _outcome(profile: _Profile, since: int, digest: bytes, *, is_latest: bool) -> str:
    if profile.deleted:
        return "deleted"
    if since not in profile.versions:
        return "added"
    if digest == profile.versions[since]:
        return "unchanged"
    if not is_latest:
        return "conflicts"
    return "unchanged" if digest == profile.versions[max(profile.versions)] else "changed"


def _rewritten(id_: str) -> str:
    return (
        f"freelancers, freelancer_id {shown(id_)}: found another profile from an earlier instant "
        "than is on record, expected the past to stay; give the row a valid_from of its own"
    )


def _profiles(work: Writing, batch: Sequence[Cells]) -> dict[str, _Profile]:
    table = tables.freelancers
    found: dict[str, _Profile] = {}
    for some in chunks(sorted({str(cells["freelancer_id"]) for cells in batch})):
        query = select(
            table.c.freelancer_id, table.c.valid_from, table.c.digest, table.c.deleted_at
        ).where(table.c.freelancer_id.in_(some))
        for id_, since, digest, deleted_at in work.connection.execute(query):
            profile = found.setdefault(id_, _Profile(versions={}, deleted=deleted_at is not None))
            profile.versions[since] = bytes(digest)
    return found


def _jobs(work: Writing, batch: Sequence[Cells], _: Sequence[bool], told: Ingested) -> None:
    known = _postings(work, batch)
    gone = barred(work.connection, ids_of(batch, "client_id"))
    fresh, replaced = list[Cells](), list[str]()
    for cells in batch:
        if gone.bars(cells["client_id"], at=cells["posted_at"]):
            cells["client_id"] = None
        id_, digest = str(cells["job_id"]), digest_of(cells, "jobs")
        before = known.get(id_)
        outcome = "added"
        if before is not None and before.deleted_at is not None:
            outcome = "deleted"
        elif before is not None:
            outcome = "unchanged" if bytes(before.digest) == digest else "changed"
        if outcome in {"added", "changed"}:
            seq = work.log("job", id_, body=body_of(cells, "jobs"))
            fresh.append({**cells, "digest": digest, "seq": seq})
            replaced += [id_] if before is not None else []
        told.count("jobs", outcome)
    for some in chunks(replaced):
        work.connection.execute(delete(tables.jobs).where(tables.jobs.c.job_id.in_(some)))
    if fresh:
        insert_rows(work.connection, tables.jobs, fresh)


def _postings(work: Writing, batch: Sequence[Cells]) -> Mapping[str, Row[Any]]:
    table = tables.jobs
    found: dict[str, Row[Any]] = {}
    for some in chunks([str(cells["job_id"]) for cells in batch]):
        query = select(table.c.job_id, table.c.digest, table.c.deleted_at)
        rows = work.connection.execute(query.where(table.c.job_id.in_(some)))
        found |= {row.job_id: row for row in rows}
    return found


def _events(work: Writing, batch: Sequence[Cells], _: Sequence[bool], told: Ingested) -> None:
    gone = barred(work.connection, ids_of(batch, "freelancer_id"))
    left = [one for one in batch if not gone.bars(one["freelancer_id"], at=one["at"])]
    told.tables["events"]["erased"] += len(batch) - len(left)
    for verdict in add(work, [Checked(cells=cells) for cells in left]):
        told.count("events", _AS[verdict.status], reason=f"events, {verdict.reason}")

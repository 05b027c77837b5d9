"""Everything about a person out of the tables, in one transaction that ends an erasure.

The log keeps the numbers of what was about them, without id and content. A job of theirs stays,
and is nobody's: others were hired for it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, update
from sqlalchemy.engine import Connection

from matcher.store import tables
from matcher.store.cells import digest_of, json_of
from matcher.store.erased import PENDING
from matcher.store.journal import Writing, chunks
from matcher.store.redacting import redact_overrides
from matcher.store.vectors import text_digest
from matcher.text import job_text, profile_text

FETCHED = 1_000
_BLANK = {"kind": "erased", "id": "", "body": None}
_ORIGIN = "bundle:"
_LOG, _PEOPLE, _JOBS, _EVENTS = tables.changes, tables.freelancers, tables.jobs, tables.events


def remove(work: Writing, number: int, *, digests: Sequence[bytes]) -> bool:
    """Take a person out; False where another process was faster.

    Args:
        work: The transaction.
        number: Of the erasure.
        digests: Of texts whose vectors go, too.
    """
    table, connection = tables.erasures, work.connection
    mine = table.c.number == number
    query = select(table).where(mine, table.c.state == PENDING).with_for_update()
    erasure = connection.execute(query).first()
    if erasure is None:
        return False
    id_, removed = erasure.freelancer_id, Counter(json.loads(erasure.removed))
    removed += Counter(
        changes=_blank_log(connection, id_),
        freelancers=_gone(connection, _PEOPLE, _PEOPLE.c.freelancer_id == id_),
        events=_gone(connection, _EVENTS, _EVENTS.c.freelancer_id == id_),
        jobs=_disown_jobs(connection, id_),
        vectors=_drop_vectors(connection, digests),
        overrides=redact_overrides(connection, id_),
    )
    bundles = {*json.loads(erasure.bundles), *_seeded_from(connection)}
    values = {
        "state": "removed",
        "freelancer_id": None,
        "scanned_to": None,
        "done_at": work.at,
        "seq": work.log("erased", ""),
        "removed": json_of(removed),
        "bundles": json_of(sorted(bundles)),
    }
    connection.execute(update(table).where(mine).values(values))
    return True


def texts_of_one(connection: Connection, id_: str) -> list[bytes]:
    """Digests of what a person said and nobody else on record says; every record is read."""
    mine = {text_digest(text) for text in _profiles(connection, _PEOPLE.c.freelancer_id == id_)}
    mine.discard(text_digest(""))  # it says nothing of anybody
    if mine:
        for text in _profiles(connection, _PEOPLE.c.freelancer_id != id_):
            mine.discard(text_digest(text))
        for text in _postings(connection):
            mine.discard(text_digest(text))
    return sorted(mine)


def _blank_log(connection: Connection, id_: str) -> int:
    """Take id and content from all entries about a person; how many."""
    about = _LOG.c.kind.in_(("freelancer", "freelancer_deleted"))
    seqs = list(connection.execute(select(_LOG.c.seq).where(about, _LOG.c.id == id_)).scalars())
    query = select(_EVENTS.c.seq).where(_EVENTS.c.freelancer_id == id_)
    seqs += connection.execute(query).scalars()
    for some in chunks(seqs):
        connection.execute(update(_LOG).where(_LOG.c.seq.in_(some)).values(_BLANK))
    return len(seqs)


def _disown_jobs(connection: Connection, id_: str) -> int:
    """Take a client from their jobs, as they are and as the log says that they were."""
    of_client = _JOBS.c.client_id == id_
    rows = connection.execute(select(_JOBS).where(of_client)).mappings().all()
    for row in rows:
        values: dict[str, Any] = {"client_id": None}
        values["digest"] = digest_of({**row, **values}, "jobs")
        connection.execute(update(_JOBS).where(_JOBS.c.job_id == row["job_id"]).values(values))
    named = _LOG.c.body.contains(f'"client_id":{json_of(id_)}', autoescape=True)
    query = select(_LOG.c.seq, _LOG.c.body).where(_LOG.c.kind == "job", named)
    for seq, body in connection.execute(query).all():
        cells = json.loads(body)
        if cells.get("client_id") == id_:
            del cells["client_id"]
            blank = update(_LOG).where(_LOG.c.seq == seq).values(body=json_of(cells))
            connection.execute(blank)
    return len(rows)


def _gone(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    """Delete rows; how many there were."""
    return connection.execute(delete(table).where(which)).rowcount


def _drop_vectors(connection: Connection, digests: Sequence[bytes]) -> int:
    text = tables.vectors.c.text
    return sum(_gone(connection, tables.vectors, text.in_(some)) for some in chunks(digests))


def _seeded_from(connection: Connection) -> list[str]:
    about = tables.about
    query = select(about.c.value).where(about.c.key == "origin")
    told = connection.execute(query).scalar_one_or_none() or ""
    return [told.partition(_ORIGIN)[2]] if _ORIGIN in told else []


def _profiles(connection: Connection, which: ColumnElement[bool]) -> Iterator[str]:
    columns = (_PEOPLE.c.title, _PEOPLE.c.overview, _PEOPLE.c.skills)
    query = select(*columns).where(which).execution_options(yield_per=FETCHED)
    for title, overview, skills in connection.execute(query):
        yield profile_text(title, overview, skills=json.loads(skills or "[]"))


def _postings(connection: Connection) -> Iterator[str]:
    columns = (_JOBS.c.title, _JOBS.c.description, _JOBS.c.category, _JOBS.c.skills)
    query = select(*columns).execution_options(yield_per=FETCHED)
    for title, description, category, skills in connection.execute(query):
        listed = json.loads(skills or "[]")
        yield job_text(title, description, category=category, skills=listed)

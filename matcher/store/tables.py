"""The tables of the store, their contract columns derived from `matcher.schema`.

Instants are int64 microseconds, numbers doubles, lists JSON text: each comes back as it was
written, from either database. Columns outside the contract lie in `extra`, as JSON text.

Beside its content a record holds `digest`, by which equal content is known, and `seq`, the
number of its last entry in the log. `changes` is that log; `head` holds its last number in one
row, which every writer changes and so waits for. `decisions` are lists that were answered with, and
`overrides` what people made of them; neither is in the log. `erasures` says of whom nothing is
left, by a proof alone.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.types import TypeEngine

from matcher.schema import TABLES, ColumnSpec, Meaning

ID = Text().with_variant(Text(collation="C"), "postgresql")  # ids compare by code point
NUMBERED = BigInteger().with_variant(Integer(), "sqlite")  # SQLite's own row number
ABOUT_RECORD = ("extra", "digest", "seq", "deleted_at")

_TYPES: dict[Meaning, TypeEngine[Any]] = {
    Meaning.ID: ID,
    Meaning.TEXT: Text(),
    Meaning.TIME: BigInteger(),
    Meaning.NUMBER: Double(),
    Meaning.LIST: Text(),
    Meaning.RATINGS: Text(),
    Meaning.KIND: Text(),
}

metadata = MetaData()


def _contract(name: str, *, key: tuple[str, ...]) -> list[Column[object]]:
    return [_column(spec, key=key) for spec in TABLES[name]]


def _column(spec: ColumnSpec, *, key: tuple[str, ...]) -> Column[object]:
    known = spec.name in key or (spec.required and spec.meaning is not Meaning.TEXT)
    return Column(spec.name, _TYPES[spec.meaning], primary_key=spec.name in key, nullable=not known)


def _about() -> list[Column[object]]:
    return [
        Column("extra", Text()),
        Column("digest", LargeBinary(), nullable=False),
        Column("seq", BigInteger(), nullable=False),
    ]


freelancers = Table(
    "freelancers",
    metadata,
    *_contract("freelancers", key=("freelancer_id", "valid_from")),
    *_about(),
    Column("deleted_at", BigInteger()),
)
jobs = Table(
    "jobs",
    metadata,
    *_contract("jobs", key=("job_id",)),
    *_about(),
    Column("deleted_at", BigInteger()),
)
events = Table(
    "events",
    metadata,
    *_contract("events", key=("event_id",)),
    *_about(),
    Index("events_by_job", "job_id", "at"),
    Index("events_by_freelancer", "freelancer_id", "at"),
)
vectors = Table(
    "vectors",
    metadata,
    Column("encoder", ID, primary_key=True),
    Column("text", LargeBinary(), primary_key=True),
    Column("vector", LargeBinary(), nullable=False),
)
changes = Table(
    "changes",
    metadata,
    Column("seq", NUMBERED, primary_key=True, autoincrement=False),
    Column("at", BigInteger(), nullable=False),
    Column("kind", Text(), nullable=False),
    Column("id", ID, nullable=False),
    Column("body", Text()),
)
head = Table(
    "head",
    metadata,
    Column("id", Integer(), primary_key=True, autoincrement=False),
    Column("seq", BigInteger(), nullable=False),
    Column("at", BigInteger(), nullable=False),
)
about = Table(
    "about",
    metadata,
    Column("key", Text(), primary_key=True),
    Column("value", Text(), nullable=False),
)
keys = Table(
    "keys",
    metadata,
    Column("key_id", ID, primary_key=True),
    Column("name", Text(), nullable=False),
    Column("digest", LargeBinary(), nullable=False),
    Column("scopes", Text(), nullable=False),
    Column("created_at", BigInteger(), nullable=False),
    Column("expires_at", BigInteger()),
    Column("revoked_at", BigInteger()),
)
decisions = Table(
    "decisions",
    metadata,
    Column("decision_id", ID, primary_key=True),
    Column("at", BigInteger(), nullable=False),
    Column("as_of", BigInteger(), nullable=False),
    Column("direction", Text(), nullable=False),
    Column("job_id", ID),
    Column("freelancer_id", ID),
    Column("seq", BigInteger(), nullable=False),
    Column("bundle", Text(), nullable=False),
    Column("shown", Integer(), nullable=False),
    Column("body", LargeBinary(), nullable=False),
    Index("decisions_by_time", "at", "decision_id"),
    Index("decisions_by_job", "job_id", "at"),
    Index("decisions_by_freelancer", "freelancer_id", "at"),
)
overrides = Table(
    "overrides",
    metadata,
    Column("decision_id", ID, primary_key=True),
    Column("digest", LargeBinary(), primary_key=True),
    Column("at", BigInteger(), nullable=False),
    Column("by", Text(), nullable=False),
    Column("reason", Text(), nullable=False),
    Column("ranking", Text(), nullable=False),
)
erasures = Table(
    "erasures",
    metadata,
    Column("number", Integer(), primary_key=True, autoincrement=False),
    Column("proof", LargeBinary(), nullable=False),
    Column("state", Text(), nullable=False),
    Column("freelancer_id", ID),
    Column("asked_at", BigInteger(), nullable=False),
    Column("done_at", BigInteger()),
    Column("seq", BigInteger()),
    Column("scanned_to", ID),
    Column("removed", Text(), nullable=False),
    Column("bundles", Text(), nullable=False),
    Index("erasures_by_proof", "proof"),
)
RECORDS = {"freelancers": freelancers, "jobs": jobs, "events": events}

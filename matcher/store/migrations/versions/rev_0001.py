"""Records, vectors, the log and its head.

What a script creates is written out, and never changes with `matcher.store.tables`: a test
compares the two after all scripts have run.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBERED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the first tables."""
    _make_records()
    op.create_table(
        "vectors",
        sa.Column("encoder", ID, primary_key=True),
        sa.Column("text", sa.LargeBinary(), primary_key=True),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "changes",
        sa.Column("seq", NUMBERED, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("body", sa.Text()),
    )
    head = op.create_table(
        "head",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    about = op.create_table(
        "about",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("value", sa.Text(), nullable=False),
    )
    op.bulk_insert(head, [{"id": 1, "seq": 0, "at": 0}])
    op.bulk_insert(about, [{"key": "store_id", "value": secrets.token_hex(16)}])


def _make_records() -> None:
    op.create_table(
        "freelancers",
        sa.Column("freelancer_id", ID, primary_key=True),
        *_instants("joined_at"),
        sa.Column("valid_from", sa.BigInteger(), primary_key=True, autoincrement=False),
        *_texts("title", "overview", "skills"),
        *_numbers("hourly_rate_usd"),
        *_texts("country"),
        *_numbers("utc_offset_hours"),
        *_texts("languages"),
        *_numbers("weekly_hours"),
        *_texts("portable_ratings"),
        *_about(),
        sa.Column("deleted_at", sa.BigInteger()),
    )
    op.create_table(
        "jobs",
        sa.Column("job_id", ID, primary_key=True),
        *_instants("posted_at"),
        *_texts("title", "description"),
        sa.Column("client_id", ID),
        *_texts("category", "skills", "payment"),
        *_numbers("budget_usd_min", "budget_usd_max", "weeks"),
        *_texts("country"),
        *_numbers("utc_offset_hours"),
        *_texts("languages"),
        *_numbers("positions"),
        sa.Column("closes_at", sa.BigInteger()),
        *_about(),
        sa.Column("deleted_at", sa.BigInteger()),
    )
    op.create_table(
        "events",
        sa.Column("event_id", ID, primary_key=True),
        *_instants("at"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("job_id", ID, nullable=False),
        sa.Column("freelancer_id", ID, nullable=False),
        sa.Column("decision_id", ID),
        *_numbers("position", "propensity", "value"),
        *_about(),
    )


def _instants(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text()) for name in names]


def _numbers(*names: str) -> list[sa.Column[float]]:
    return [sa.Column(name, sa.Double()) for name in names]


def _about() -> list[sa.Column[object]]:
    return [
        sa.Column("extra", sa.Text()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    ]

"""Erasures, and the salt of their proofs."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table, and draw the salt."""
    op.create_table(
        "erasures",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("proof", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("freelancer_id", ID),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
        sa.Column("seq", sa.BigInteger()),
        sa.Column("scanned_to", ID),
        sa.Column("removed", sa.Text(), nullable=False),
        sa.Column("bundles", sa.Text(), nullable=False),
    )
    op.create_index("erasures_by_proof", "erasures", ["proof"])
    about = sa.table("about", sa.column("key", sa.Text()), sa.column("value", sa.Text()))
    op.bulk_insert(about, [{"key": "erasure_salt", "value": secrets.token_hex(32)}])

"""Decisions, and what people made of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables; earlier decisions were not kept."""
    op.create_table(
        "decisions",
        sa.Column("decision_id", ID, primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("job_id", ID),
        sa.Column("freelancer_id", ID),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("bundle", sa.Text(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
    op.create_index("decisions_by_time", "decisions", ["at", "decision_id"])
    op.create_index("decisions_by_job", "decisions", ["job_id", "at"])
    op.create_index("decisions_by_freelancer", "decisions", ["freelancer_id", "at"])
    op.create_table(
        "overrides",
        sa.Column("decision_id", ID, primary_key=True),
        sa.Column("digest", sa.LargeBinary(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ranking", sa.Text(), nullable=False),
    )

"""Events are found by their job and by their freelancer."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the indexes; of what is on record, too."""
    op.create_index("events_by_job", "events", ["job_id", "at"])
    op.create_index("events_by_freelancer", "events", ["freelancer_id", "at"])

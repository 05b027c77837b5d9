"""What happened between a decision's job and the people of its list, read back in order.

Or between the freelancer who asked for jobs, and those jobs.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.engine import Connection

from matcher.store import tables
from matcher.store.decision import Summary
from matcher.store.erased import LEAVING


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An event as it is on record; `at` is an instant."""

    event_id: str
    at: int
    kind: str
    freelancer_id: str
    value: float | None


def about(connection: Connection, decision: Summary, id_: str | None = None) -> list[Act]:
    """Events that a list led to, earliest first; of those at one instant, the first written.

    For a list of freelancers, all of its job; of one for a brief that is no job on record, those
    that name the decision. For a list of jobs, all of the freelancer who asked. Those of somebody
    who is being erased are not among them.

    Args:
        id_: With this one of the list alone: a freelancer, or a job.
    """
    table = tables.events
    if decision.direction == "jobs":
        whose, listed = table.c.freelancer_id == decision.freelancer_id, table.c.job_id
    elif decision.job_id is None:
        whose, listed = table.c.decision_id == decision.decision_id, table.c.freelancer_id
    else:
        whose, listed = table.c.job_id == decision.job_id, table.c.freelancer_id
    query = select(*(table.c[one.name] for one in fields(Act))).where(
        whose, table.c.freelancer_id.not_in(LEAVING)
    )
    if id_ is not None:
        query = query.where(listed == id_)
    rows = connection.execute(query.order_by(table.c.at, table.c.seq))
    return [Act(**row) for row in rows.mappings()]

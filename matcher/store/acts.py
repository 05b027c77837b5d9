"""What happened between a decision's job and the people of its list, read back in order."""

from __future__ import annotations

from dataclasses import dataclass, fields

from sqlalchemy import select
from sqlalchemy.engine import Connection

from matcher.store import tables
from matcher.store.decision import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An event as it is on record; `at` is an instant."""

    event_id: str
    at: int
    kind: str
    freelancer_id: str
    value: float | None


def about(
    connection: Connection, decision: Summary, *, freelancer_id: str | None = None
) -> list[Act]:
    """Events of the decision's job, earliest first; of those at one instant, the first written.

    Where the decision was about no job on record, those that name the decision.

    Args:
        freelancer_id: Of this person alone.
    """
    table = tables.events
    columns = [table.c[one.name] for one in fields(Act)]
    of_job = table.c.job_id == decision.job_id
    of_decision = table.c.decision_id == decision.decision_id
    query = select(*columns).where(of_decision if decision.job_id is None else of_job)
    if freelancer_id is not None:
        query = query.where(table.c.freelancer_id == freelancer_id)
    rows = connection.execute(query.order_by(table.c.at, table.c.seq))
    return [Act(**row) for row in rows.mappings()]

"""What a person made of a list goes on record, checked the same way whoever takes it down."""

from __future__ import annotations

from matcher.decision_errors import UnknownDecisionError
from matcher.store import decisions, overrides
from matcher.store.decision import Decision
from matcher.store.decisions import Prepared
from matcher.store.discretion import discreet, found
from matcher.store.overrides import Override
from matcher.store.store import Store


def put_on_record(
    store: Store, decision_id: str, said: Override, *, waiting: Decision | None = None
) -> tuple[Override, bool]:
    """Keep an override; what is on record of it, and whether it is new.

    Args:
        waiting: The decision, where it is not on record itself yet.

    Raises:
        UnknownDecisionError: No decision of this id is on record.
        InvalidOverrideError: The order is not one of those who were shown.
    """
    with store.database.writing() as connection:
        if waiting is not None:
            decisions.keep(connection, Prepared.of(discreet(connection, [waiting])))
        decision = found(connection, decision_id)
        if decision is None:
            raise UnknownDecisionError(decision_id)
        overrides.check(said.ranking, shown=decision.shown)
        return overrides.add(connection, decision_id, said)

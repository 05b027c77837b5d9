"""Decisions as they may go on record: without people who were erased since they were made.

A decision waits in a queue before it is written, and an erasure may come to an end meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from matcher.store import decisions
from matcher.store.decision import Decision
from matcher.store.erased import Trace, among, any_since, barred, share
from matcher.store.redaction import asked_with, named_in, without


def discreet(connection: Connection, made: Sequence[Decision]) -> list[Decision]:
    """The decisions, without those people; fewer, where one was about such a person.

    The transaction may write them: an erasure that is asked for now will find them.
    """
    share(connection)
    if not made:
        return []
    gone = _gone(connection, made)
    return [left for one in made if (left := without(one, gone[id(one)])) is not None]


def found(connection: Connection, decision_id: str) -> Decision | None:
    """A decision on record, without people who are being erased; None where none is.

    Raises:
        DecisionDamagedError: What is on record cannot be read.
    """
    share(connection)
    decision = decisions.found(connection, decision_id)
    left = [] if decision is None else discreet(connection, [decision])
    return left[0] if left else None


def _gone(connection: Connection, made: Sequence[Decision]) -> dict[int, set[str]]:
    """Per decision, who must not be named by it."""
    requested = {id_ for one in made for id_ in asked_with(one)}
    strangers = barred(connection, requested)
    absent = set(strangers.traces) - strangers.returned
    gone = {id(one): absent & asked_with(one) for one in made}
    oldest = min(one.summary.seq for one in made)
    if any_since(connection, oldest):
        everybody = {id_ for one in made for id_ in named_in(one)}
        traces = among(connection, everybody)
        for one in made:
            gone[id(one)] |= {
                id_ for id_ in named_in(one) & set(traces) if _was(traces[id_], one.summary.seq)
            }
    return gone


def _was(trace: Trace, seq: int) -> bool:
    """Whether whoever had an id when a decision was made was erased since."""
    return trace.seq is None or trace.seq > seq

"""Decisions as they are asked for and overridden, on record or about to be."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.decision_errors import UnknownDecisionError
from matcher.domain import instant_of
from matcher.store import decisions, overrides
from matcher.store.decision import Decision, Summary
from matcher.store.decisions import Asked
from matcher.store.overrides import Override
from serving.current import Current
from serving.following import Follower
from serving.metrics import Metrics
from serving.overriding import put_on_record
from serving.recording import Recorder
from serving.service import Clock, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """A decision, and what people made of it, in the order in which it came."""

    decision: Decision
    overrides: tuple[Override, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Looks decisions up; safe to use from several threads.

    Every method raises `StoreUnavailableError` where the database is away.

    Attributes:
        recorder: Holds what is not written yet; None where nothing is recorded any more.
    """

    follower: Follower
    recorder: Recorder | None = None
    clock: Clock = now

    def found(self, decision_id: str) -> Overridden:
        """A decision by its id.

        Raises:
            UnknownDecisionError: None of this id is on record.
        """
        waiting = self._waiting(decision_id)
        if waiting is not None:  # an override would have put it on record
            return Overridden(decision=waiting, overrides=())
        with self.follower.store() as store, store.database.reading() as connection:
            decision = decisions.found(connection, decision_id)
            if decision is None:
                raise UnknownDecisionError(decision_id)
            said = overrides.of(connection, decision_id)
        return Overridden(decision=decision, overrides=tuple(said))

    def listed(self, asked: Asked) -> list[Summary]:
        """Decisions on record, newest first."""
        with self.follower.store() as store, store.database.reading() as connection:
            return decisions.listed(connection, asked)

    def override(
        self, decision_id: str, *, ranking: tuple[str, ...], by: str, reason: str
    ) -> tuple[Override, bool]:
        """Keep what a person made of a decision; what is on record, and whether it is new.

        Raises:
            UnknownDecisionError: No decision of this id is on record.
            InvalidOverrideError: The order is not one of those who were shown.
        """
        waiting = self._waiting(decision_id)
        said = Override(at=instant_of(self.clock()), ranking=ranking, by=by, reason=reason)
        with self.follower.store() as store:
            kept = put_on_record(store, decision_id, said, waiting=waiting)
        if waiting is not None and self.recorder is not None:
            self.recorder.settle([decision_id])
        return kept

    def _waiting(self, decision_id: str) -> Decision | None:
        return None if self.recorder is None else self.recorder.waiting(decision_id)


def archive_of(
    current: Current, *, metrics: Metrics, clock: Clock, record: bool, kept_days: int
) -> Archive | None:
    """The decisions of the store that is followed; None where none is."""
    if not isinstance(current, Follower):
        return None
    recorder = None
    if record:
        recorder = Recorder(current, metrics=metrics, kept_days=kept_days, clock=clock)
    return Archive(follower=current, recorder=recorder, clock=clock)

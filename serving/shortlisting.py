"""Writes from a terminal what a person makes of a list, as the console does over HTTP.

The same events and overrides, through the same checks. All are checked before any is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from pydantic import ValidationError

from matcher.decision_errors import NotOnListError, UnknownDecisionError
from matcher.domain import instant_of
from matcher.errors import InvalidRecordError, UsageError
from matcher.records import complaints
from matcher.store import acts, decisions, overrides
from matcher.store.decision import Decision
from matcher.store.overrides import Override
from matcher.store.store import Store
from matcher.violations import shown as shortened
from serving.decision_schemas import OverrideRequest
from serving.overriding import put_on_record
from serving.records import event_of
from serving.shortlist import Shortlist, Standing, shortlist_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be made of a list.

    Attributes:
        why: Why those who are dismissed are.
        note: What is to be noted on `on`, or on the one person who is named otherwise.
    """

    add: tuple[str, ...] = ()
    dismiss: tuple[str, ...] = ()
    invite: tuple[str, ...] = ()
    on: tuple[str, ...] = ()
    why: str | None = None
    note: str | None = None

    @property
    def acts(self) -> Iterator[tuple[str, str]]:
        """Kinds of events, and of whom."""
        for kind, ids in (
            ("shortlisted", self.add),
            ("rejected", self.dismiss),
            ("invited", self.invite),
        ):
            for id_ in dict.fromkeys(ids):
                yield kind, id_

    @property
    def notes(self) -> Iterator[tuple[str, str]]:
        """Whom a text is a note on, and the text."""
        if self.why is not None:
            for id_ in dict.fromkeys(self.dismiss):
                yield id_, self.why
        if self.note is not None:
            named = (*self.add, *self.invite, *self.dismiss)
            for id_ in dict.fromkeys(self.on or named):
                yield id_, self.note

    def check(self) -> None:
        """Refuse what contradicts itself.

        Raises:
            UsageError: It does.
        """
        both = sorted(set(self.dismiss) & {*self.add, *self.invite})
        if both:
            raise UsageError(f"{shortened(both[0])} is dismissed and kept at once; name one act")
        if any(text is not None and not text.strip() for text in (self.why, self.note)):
            raise UsageError("--why or --note is empty; say something, or leave it out")
        if self.why is not None and not self.dismiss:
            raise UsageError("--why says why somebody is dismissed; name whom with --dismiss")
        if self.note is not None and not any(self.notes):
            raise UsageError("--note is a note on somebody; name whom with --on")
        if self.on and self.note is None:
            raise UsageError("--on says whom a note is on; give the note with --note")


def read(store: Store, decision_id: str) -> Shortlist:
    """What people have made of a list by now.

    Raises:
        UnknownDecisionError: No decision of this id is on record.
        UsageError: It shows jobs.
    """
    with store.database.reading() as connection:
        decision = decisions.found(connection, decision_id)
        if decision is None:
            raise UnknownDecisionError(decision_id)
        if decision.summary.direction != "freelancers":
            raise UsageError(
                f"decision {decision_id} shows jobs for a freelancer; name one that shows "
                "freelancers for a job"
            )
        said = overrides.of(connection, decision_id)
        done = acts.about(connection, decision.summary)
    return shortlist_of(decision, overrides=said, acts=done)


def make(store: Store, decision_id: str, wish: Wish, *, by: str, at: datetime) -> None:
    """Put on record what a person makes of a list; what it has come to already is left out.

    Args:
        by: Who says so.
        at: When.

    Raises:
        UnknownDecisionError: No decision of this id is on record.
        NotOnListError: Somebody is named whom it did not show.
        InvalidRecordError: The store takes no such event, or a text is none that may be kept.
        UsageError: The wish contradicts itself, or the decision is about no job on record.
    """
    wish.check()
    current = read(store, decision_id)
    _check_shown(current.decision, wish)
    events = _events(current, wish, at=at)
    said = [_override(id_, text, by=by, at=instant_of(at)) for id_, text in wish.notes]
    verdicts = store.add_events(events) if events else []
    if wrong := [one.reason for one in verdicts if one.status != "accepted"]:
        raise InvalidRecordError(
            f"{len(wrong):,} of {len(verdicts):,} events were not written: {wrong[0]}"
        )
    for one in said:
        put_on_record(store, decision_id, one)


def _check_shown(decision: Decision, wish: Wish) -> None:
    named = [id_ for _, id_ in wish.acts] + [id_ for id_, _ in wish.notes]
    if strangers := sorted(set(named) - set(decision.shown)):
        raise NotOnListError(
            f"decision {decision.summary.decision_id} did not show {shortened(strangers[0])}, "
            f"expected one of the {len(decision.shown):,} ids that it showed; see "
            f"`matcher shortlist {decision.summary.decision_id}`"
        )


def _events(current: Shortlist, wish: Wish, *, at: datetime) -> Sequence[object]:
    """The events that the wish takes, checked as those that come over HTTP."""
    made = current.decision.summary
    seats = {one.freelancer_id: one for one in current.people}
    fresh = [(kind, id_) for kind, id_ in wish.acts if not _is_so(seats[id_].standing, kind)]
    if fresh and made.job_id is None:
        raise UsageError(
            f"decision {made.decision_id} is about a brief that is no job on record, and events "
            "are about jobs; put the brief with PUT /v1/jobs/ID, and ask for a list by job_id"
        )
    return [
        _checked(
            {
                "event_id": str(uuid4()),
                "at": at.isoformat(),
                "kind": kind,
                "job_id": made.job_id,
                "freelancer_id": id_,
                "decision_id": made.decision_id,
                "position": float(seats[id_].position),
            }
        )
        for kind, id_ in fresh
    ]


def _is_so(standing: Standing | None, kind: str) -> bool:
    """Whether the last word on a person is this one already."""
    if standing is None:
        return False
    if kind == "invited":
        return standing.state == "invited"
    return standing.choice == kind and (standing.state == "dismissed") == (kind == "rejected")


def _checked(event: dict[str, object]) -> object:
    sound = event_of(event)
    if isinstance(sound, str):
        raise InvalidRecordError(sound)
    return sound


def _override(id_: str, text: str, *, by: str, at: int) -> Override:
    try:
        asked = OverrideRequest.model_validate({"order": [id_], "by": by, "reason": text})
    except ValidationError as error:
        said = "; ".join(map(str, complaints(error.errors(include_url=False))))
        raise InvalidRecordError(f"{said}; correct it, and say it again") from error
    return Override(at=at, ranking=asked.order, by=asked.by, reason=asked.reason)

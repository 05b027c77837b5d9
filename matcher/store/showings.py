"""Decisions as `shown` events: who was on which list, where, and with what chance.

Not every decision becomes some. A brief that no table knows and a list of jobs have no job to be
an event of. A list that was asked as of another instant than that of asking was a question about
the past, shown to nobody. And what the asking program sent itself, under the same decision, is
what was shown: people may have been left out, or seen in another order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from matcher.domain import Kind
from matcher.marketplace import Marketplace, from_frames
from matcher.store.decision import Decision
from matcher.store.view import table_of

HOUR_US = 3_600_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Showings:
    """A marketplace with the seats of decisions among its events.

    Attributes:
        decisions: How many decisions there are.
        seats: How many events they became.
        left_out: How many decisions became none.
    """

    marketplace: Marketplace
    decisions: int = 0
    seats: int = 0
    left_out: int = 0


def with_showings(marketplace: Marketplace, pages: Iterable[list[Decision]]) -> Showings:
    """The marketplace, and a `shown` event for every seat of every list that was shown."""
    record = _Record.of(marketplace)
    rows: list[list[object]] = []
    total = left_out = 0
    for decision in (one for page in pages for one in page):
        seats = _seats(decision, record) if record.may_show(decision) else []
        rows += seats
        total, left_out = total + 1, left_out + (not seats)
    told = Showings(marketplace=marketplace, decisions=total, seats=len(rows), left_out=left_out)
    if not rows:
        return told
    shown = table_of(rows, "events")
    events = marketplace.events.astype({"kind": shown["kind"].dtype})
    together = from_frames(
        freelancers=marketplace.freelancers,
        jobs=marketplace.jobs,
        events=pd.concat([events, shown], ignore_index=True),
    )
    return replace(told, marketplace=together)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """What is on record.

    Attributes:
        seen: Whom the asking program says to have shown, by decision.
    """

    jobs: frozenset[str]
    freelancers: frozenset[str]
    event_ids: frozenset[str]
    seen: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, marketplace: Marketplace) -> _Record:
        events = marketplace.events
        sent = events[(events["kind"] == Kind.SHOWN) & events["decision_id"].notna()]
        return cls(
            jobs=frozenset(marketplace.jobs["job_id"]),
            freelancers=frozenset(marketplace.freelancers["freelancer_id"]),
            event_ids=frozenset(events["event_id"]),
            seen=frozenset(zip(sent["decision_id"], sent["freelancer_id"], strict=True)),
        )

    def may_show(self, decision: Decision) -> bool:
        """Whether a decision is a list that somebody may have seen, for a job on record."""
        made = decision.summary
        return made.job_id in self.jobs and abs(made.at - made.as_of) <= HOUR_US


def _seats(decision: Decision, record: _Record) -> list[list[object]]:
    """Rows of the events table, an extra column last."""
    made, rows = decision.summary, list[list[object]]()
    propensities = decision.figures["propensity"].tolist()
    for position, id_, chance in zip(decision.positions, decision.shown, propensities, strict=True):
        event_id = f"{made.decision_id}:{position}"
        is_known = (made.decision_id, id_) in record.seen or event_id in record.event_ids
        if id_ in record.freelancers and not is_known:
            at = [event_id, made.at, Kind.SHOWN.value, made.job_id, id_, made.decision_id]
            rows.append([*at, float(position), chance, None, None])
    return rows

"""The events of the market, noted as they are decided and read out in order of time."""

from __future__ import annotations

from collections.abc import Mapping

_ORDER = (
    "shown",
    "viewed",
    "invited",
    "invite_accepted",
    "invite_declined",
    "applied",
    "shortlisted",
    "hired",
    "rejected",
    "completed",
    "cancelled",
    "paid",
    "rated_freelancer",
    "rated_client",
    "rated_private",
)


class Journal:
    """Collects events; `rows` numbers them in order of time."""

    def __init__(self) -> None:
        self._events: list[
            tuple[int, int, str, str, str | None, int | None, float | None, float | None]
        ]
        self._events = []

    def note(
        self,
        at: int,
        kind: str,
        job_id: str,
        freelancer_id: str,
        *,
        decision_id: str | None = None,
        position: int | None = None,
        propensity: float | None = None,
        value: float | None = None,
    ) -> None:
        """Add one event, `at` seconds after the market's start."""
        self._events.append(
            (
                at,
                _ORDER.index(kind),
                job_id,
                freelancer_id,
                decision_id,
                position,
                propensity,
                value,
            )
        )

    def rows(self) -> tuple[Mapping[str, object], ...]:
        """Values of the events table, sorted by time, then kind, job and freelancer."""
        ordered = sorted(self._events, key=lambda event: event[:4])
        width = max(6, len(str(len(ordered))))
        return tuple(
            {
                "event_id": f"e{number:0{width}d}",
                "at": at,
                "kind": _ORDER[kind],
                "job_id": job_id,
                "freelancer_id": freelancer_id,
                "decision_id": decision_id,
                "position": position,
                "propensity": propensity,
                "value": value,
            }
            for number, (
                at,
                kind,
                job_id,
                freelancer_id,
                decision_id,
                position,
                propensity,
                value,
            ) in enumerate(ordered, start=1)
        )

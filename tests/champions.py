"""Who is champion in the registry at hand: what tests ask, and the moves that they make."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from matcher.ledger import reigns
from matcher.registry import Registered, holder, registered
from matcher.succession import Decision, crown, ledger, roll_back

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def version(number: int | str) -> Registered:
    return next(one for one in registered("matcher") if one.version == str(number))


def champion() -> str | None:
    held = holder("matcher", "champion")
    return None if held is None else held.version


def a_decision(how="promotion", *, by="ana", why=None, hours=0, **figures) -> Decision:
    return Decision(how=how, by=by, why=why, at=NOON + timedelta(hours=hours), figures=figures)


def crowned(*numbers: int) -> None:
    for hours, number in enumerate(numbers):
        crown(
            version(number),
            instead_of=holder("matcher", "champion"),
            decision=a_decision(hours=hours, why=f"reason {number}", ndcg=number),
        )


def rolled_back(to: str | None = None) -> Path:
    return roll_back("matcher", to=to, decision=a_decision("rollback", hours=9))[1]


def told() -> list[tuple[str | None, str | None]]:
    """Every reign: which version, and how it came about."""
    return [(one.version, one.how) for one in reigns(ledger().entries("matcher"))]

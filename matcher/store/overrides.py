"""What a person made of a list: another order, by whom and why.

They are appended, and never changed but to erase somebody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.engine import Connection

from matcher.decision_errors import InvalidOverrideError
from matcher.store import tables
from matcher.store.cells import DIGEST_BYTES, json_of
from matcher.store.decisions import insert_new
from matcher.violations import shown as shortened

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A person's order of some of whoever was shown.

    Attributes:
        at: When it came; an instant.
        ranking: Ids, best first.
        by: Who says so.
    """

    at: int
    ranking: tuple[str, ...]
    by: str
    reason: str


def check(ranking: Sequence[str], *, shown: Sequence[str]) -> None:
    """Refuse an order of anything but some of the shown, each once.

    Raises:
        InvalidOverrideError: It names others, or somebody twice.
    """
    strangers = sorted(set(ranking) - set(shown))
    twice = sorted({one for one in ranking if ranking.count(one) > 1}) if not strangers else []
    if not strangers and not twice:
        return
    named = ", ".join(shortened(one) for one in (strangers or twice)[:_NAMED])
    more = ", ..." if len(strangers or twice) > _NAMED else ""
    found = "who were not shown" if strangers else "more than once"
    raise InvalidOverrideError(
        f"order: found {named}{more} {found}, expected some or all of the {len(shown)} ids that "
        "this decision showed, each once; leave the others out"
    )


def add(connection: Connection, decision_id: str, override: Override) -> tuple[Override, bool]:
    """Keep an override; what is on record of it, and whether that is new.

    The same order by the same person for the same reason is on record once, at its first instant.
    """
    before = of(connection, decision_id)
    for one in before:
        if (one.ranking, one.by, one.reason) == (override.ranking, override.by, override.reason):
            return one, False
    last = max((one.at for one in before), default=override.at - 1)
    override = replace(override, at=max(override.at, last + 1))
    insert_new(connection, tables.overrides, [row_of(decision_id, override)])
    return override, True


def row_of(decision_id: str, override: Override) -> dict[str, object]:
    """The row of an override; another content has another digest."""
    said = json_of([override.ranking, override.by, override.reason])
    return {
        "decision_id": decision_id,
        "digest": hashlib.sha256(said.encode()).digest()[:DIGEST_BYTES],
        "at": override.at,
        "by": override.by,
        "reason": override.reason,
        "ranking": json_of(override.ranking),
    }


def of(connection: Connection, decision_id: str) -> list[Override]:
    """What people made of a decision, in the order in which it came."""
    table = tables.overrides
    query = select(table).where(table.c.decision_id == decision_id)
    return [
        Override(at=row.at, ranking=tuple(json.loads(row.ranking)), by=row.by, reason=row.reason)
        for row in connection.execute(query.order_by(table.c.at, table.c.digest))
    ]

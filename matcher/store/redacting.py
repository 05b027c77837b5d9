"""Decisions on record are rewritten without a person, a page a transaction.

Each is looked through, for a body is packed and no index knows whom it names: some 0.1 ms each.
How far it came is kept with the page, so whoever is cut short goes on there.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.engine import Connection

from matcher.decision_errors import DecisionDamagedError
from matcher.store import tables
from matcher.store.cells import json_of
from matcher.store.database import Database
from matcher.store.decision import Decision, may_name
from matcher.store.decisions import Prepared, insert_new, read
from matcher.store.erased import PENDING
from matcher.store.overrides import Override, row_of
from matcher.store.redaction import without

PAGE = 200
ERASED = "erased"  # who says so, where that person was erased

_ERASURES, _DECISIONS, _OVERRIDES = tables.erasures, tables.decisions, tables.overrides


def redact_some(database: Database, number: int) -> bool:
    """Do the next page for an erasure; whether there may be more."""
    with database.writing() as connection:
        mine = _ERASURES.c.number == number
        query = select(_ERASURES).where(mine, _ERASURES.c.state == PENDING)
        erasure = connection.execute(query.with_for_update()).first()
        if erasure is None:
            return False
        page = connection.execute(
            select(_DECISIONS)
            .where(_DECISIONS.c.decision_id > (erasure.scanned_to or ""))
            .order_by(_DECISIONS.c.decision_id)
            .limit(PAGE)
        ).all()
        if not page:
            return False
        removed = Counter(json.loads(erasure.removed))
        bundles = {*json.loads(erasure.bundles), *(row.bundle for row in page)}
        for row in page:
            removed["decisions"] += _redact(connection, row, erasure.freelancer_id)
        values = {"scanned_to": page[-1].decision_id, "bundles": json_of(sorted(bundles))}
        connection.execute(update(_ERASURES).where(mine).values(removed=json_of(removed), **values))
    return True


def redact_overrides(connection: Connection, id_: str) -> int:
    """Take a person out of the orders of others; how many are rewritten, or gone."""
    names = _OVERRIDES.c.ranking.contains(json_of(id_), autoescape=True)
    query = select(_OVERRIDES).where(names | (_OVERRIDES.c.by == id_))
    rows = [row for row in connection.execute(query).all() if _names(row, id_)]
    for row in rows:
        mine = (_OVERRIDES.c.decision_id == row.decision_id, _OVERRIDES.c.digest == row.digest)
        connection.execute(delete(_OVERRIDES).where(*mine))
        left = Override(
            at=row.at,
            ranking=tuple(one for one in json.loads(row.ranking) if one != id_),
            by=ERASED if row.by == id_ else row.by,
            reason=row.reason,
        )
        if left.ranking:
            insert_new(connection, _OVERRIDES, [row_of(row.decision_id, left)])
    return len(rows)


def _names(row: Row[Any], id_: str) -> bool:
    return row.by == id_ or id_ in json.loads(row.ranking)


def _redact(connection: Connection, row: Row[Any], id_: str) -> int:
    """1 where a decision named the person, or cannot be read, so that it may."""
    if row.freelancer_id != id_ and not may_name(bytes(row.body), id_):
        return 0
    try:
        [decision] = read(connection, [row])
    except DecisionDamagedError:
        return _deleted(connection, row.decision_id)
    left = without(decision, [id_])
    if left is None:
        return _deleted(connection, row.decision_id)
    return 0 if left is decision else _rewritten(connection, left)


def _rewritten(connection: Connection, left: Decision) -> int:
    [values] = Prepared.of([left]).rows
    mine = _DECISIONS.c.decision_id == left.summary.decision_id
    connection.execute(update(_DECISIONS).where(mine).values(values))
    return 1


def _deleted(connection: Connection, decision_id: str) -> int:
    for table in (_OVERRIDES, _DECISIONS):
        connection.execute(delete(table).where(table.c.decision_id == decision_id))
    return 1

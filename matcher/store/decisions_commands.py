"""What `matcher decisions` does, apart from its options."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from matcher.directories import check_file
from matcher.domain import instant_of
from matcher.heads import FACTORS
from matcher.ports import Column
from matcher.store import decisions
from matcher.store.commands import database_url
from matcher.store.decision import Decision
from matcher.store.store import Store

_INSTANT = pa.timestamp("us", "UTC")
_FIXED = (
    ("decision_id", pa.string()),
    ("at", _INSTANT),
    ("as_of", _INSTANT),
    ("direction", pa.string()),
    ("job_id", pa.string()),
    ("freelancer_id", pa.string()),
    ("seq", pa.int64()),
    ("bundle", pa.string()),
    ("position", pa.int32()),
    ("score", pa.float32()),
    ("p_hire", pa.float32()),
    *((name, pa.float32()) for name in FACTORS),
    ("expected_value", pa.float32()),
    ("propensity", pa.float32()),
    ("explored", pa.bool_()),
    ("components", pa.map_(pa.string(), pa.float32())),
)


def prune_decisions(*, before: datetime, database: str | None, as_json: bool) -> None:
    """Delete the decisions made before an instant, a few at a time."""
    gone = 0
    with Store.open(database_url(database), migrate=False) as store:
        while True:
            with store.database.writing() as connection:
                some = decisions.prune(connection, before=instant_of(before))
            gone += some
            if not some:
                break
        name = store.name
    if as_json:
        sys.stdout.write(json.dumps({"database": name, "deleted": gone}) + "\n")
    else:
        sys.stdout.write(f"{name}: {gone:,} decisions deleted\n")


def export_decisions(out: Path, *, database: str | None, force: bool, as_json: bool) -> None:
    """Write a row for every seat of every decision, whole or not at all.

    Raises:
        OutputExistsError: The file is there, and `force` is not given.
    """
    check_file(out, force=force)
    total = rows = 0
    with Store.open(database_url(database), migrate=False) as store:
        with store.database.reading() as connection:
            columns = decisions.columns_known(connection)
        schema = pa.schema([*_FIXED, *((f"features.{name}", pa.float32()) for name in columns)])
        with _written(out, schema) as writer:
            for page in decisions.every(store.database):
                table = pa.concat_tables([_table(one, schema) for one in page])
                writer.write_table(table)
                total, rows = total + len(page), rows + len(table)
    if as_json:
        told = {"file": str(out), "decisions": total, "rows": rows, "features": len(columns)}
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        sys.stdout.write(f"{out}: {rows:,} seats of {total:,} decisions\n")


@contextmanager
def _written(out: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """A file under another name, which takes its place once the block ends well."""
    out.parent.mkdir(parents=True, exist_ok=True)
    fresh = out.with_name(f".{out.name}.{secrets.token_hex(4)}.new")
    try:
        with pq.ParquetWriter(fresh, schema) as writer:
            yield writer
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)


def _table(decision: Decision, schema: pa.Schema) -> pa.Table:
    made, k = decision.summary, len(decision.shown)
    for_jobs = made.direction == "jobs"
    same = {
        name: [value] * k
        for name, value in (
            ("decision_id", made.decision_id),
            ("at", made.at),
            ("as_of", made.as_of),
            ("direction", made.direction),
            ("job_id", made.job_id),
            ("freelancer_id", made.freelancer_id),
            ("seq", made.seq),
            ("bundle", made.bundle),
        )
    }
    shown = {("job_id" if for_jobs else "freelancer_id"): list(decision.shown)}
    figures = {
        name: column
        for name, column in decision.figures.items()
        if not name.startswith(("factors.", "components."))
    }
    features = {
        f"features.{name}": decision.features[:, at] for at, name in enumerate(decision.columns)
    }
    values: dict[str, object] = {
        **same,
        **shown,
        "position": list(decision.positions),
        "explored": decision.explored,
        "components": _components(decision),
        **{name: _nulled(one) for name, one in figures.items()},
        **{name: _nulled(one) for name, one in decision.named("factors").items()},
        **{name: _nulled(one) for name, one in features.items()},
    }
    return pa.table(
        [
            pa.array(values[field.name], field.type)
            if field.name in values
            else pa.nulls(k, field.type)
            for field in schema
        ],
        schema=schema,
    )


def _nulled(column: Column) -> pa.Array:
    """NaN is null."""
    return pa.array(column, pa.float32(), mask=np.isnan(column))


def _components(decision: Decision) -> list[list[tuple[str, float]]]:
    parts = decision.named("components")
    return [
        [(name, float(part[seat])) for name, part in parts.items() if not np.isnan(part[seat])]
        for seat in range(len(decision.shown))
    ]

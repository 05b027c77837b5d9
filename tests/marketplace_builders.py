"""Small marketplaces on disk, written without the product's own writer."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from matcher.errors import InvalidMarketplaceError
from matcher.marketplace import read_marketplace

FORMS = ("parquet", "csv", "csv.gz", "jsonl", "jsonl.gz")
ROW = dict[str, object]


def a_freelancer(freelancer_id: object = "f1", **fields: object) -> ROW:
    return {"freelancer_id": freelancer_id, "joined_at": "2024-01-01T00:00:00Z", **fields}


def a_job(job_id: object = "j1", **fields: object) -> ROW:
    return {"job_id": job_id, "posted_at": "2024-02-01T00:00:00Z", "title": "go api", **fields}


def an_event(event_id: object = "e1", **fields: object) -> ROW:
    return {
        "event_id": event_id,
        "at": "2024-03-01T00:00:00Z",
        "kind": "hired",
        "job_id": "j1",
        "freelancer_id": "f1",
        **fields,
    }


def a_marketplace(
    directory: Path,
    *,
    form: str = "jsonl",
    freelancers: list[ROW] | None = None,
    jobs: list[ROW] | None = None,
    events: list[ROW] | None = None,
) -> Path:
    """A directory with the rows given; one freelancer, one job, one hire where none are."""
    directory.mkdir(exist_ok=True)
    tables = {
        "freelancers": [a_freelancer()] if freelancers is None else freelancers,
        "jobs": [a_job()] if jobs is None else jobs,
        "events": [an_event()] if events is None else events,
    }
    for name, rows in tables.items():
        (directory / f"{name}.{form}").write_bytes(encoded(rows, form))
    return directory


def refused(directory):
    with pytest.raises(InvalidMarketplaceError, match="refused whole") as caught:
        read_marketplace(directory)
    return caught.value


def encoded(rows: list[ROW], form: str) -> bytes:
    if form.endswith(".gz"):
        return gzip.compress(encoded(rows, form.removesuffix(".gz")))
    if not rows:
        return b""
    if form == "jsonl":
        return "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    if form == "parquet":
        cells = {column: _parquet_cells([row.get(column) for row in rows]) for column in columns}
        sink = io.BytesIO()
        pyarrow.parquet.write_table(pa.table(cells), sink)
        return sink.getvalue()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_csv_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue().encode()


def _parquet_cells(cells: list[object]) -> object:
    """Native instants where all cells are instants; anything else as it is."""
    try:
        instants = [None if cell is None else datetime.fromisoformat(str(cell)) for cell in cells]
        return pa.array(
            [instant and instant.astimezone(UTC) for instant in instants if _is_aware(instant)],
            pa.timestamp("us", "UTC"),
        )
    except (ValueError, OverflowError):
        return cells


def _is_aware(instant: datetime | None) -> bool:
    if instant is not None and instant.tzinfo is None:
        raise ValueError(instant)
    return True


def _csv_cell(cell: object) -> object:
    if isinstance(cell, list) and cell and isinstance(cell[0], dict):
        return json.dumps(cell)
    return "|".join(cell) or "|" if isinstance(cell, list) else cell

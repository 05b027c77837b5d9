"""Reads CSV: comma-separated, quoted as in RFC 4180, with a header line.

An empty cell is null, quoted or not. The items of a list stand between `|`; empty
items are dropped, so a lone `|` is the empty list.

Source: Shafranovich, RFC 4180, 2005.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from matcher.schema import TABLES, Meaning
from matcher.tables.byteform import WatchedBytes, opened
from matcher.tables.raw import (
    DAMAGE,
    RawTable,
    damaged,
    empty_table,
    header_findings,
    unreadable_table,
    without_undecodable,
)
from matcher.violations import Finding, RowNumbers, finding_in_rows

LIST_SEPARATOR = "|"
# What is parsed at once; a row much longer than this is refused, so memory stays bounded.
_BLOCK_BYTES = 1 << 24


def read_csv(path: Path, name: str) -> RawTable:
    """The table `name` from `path`; what cannot be read is a finding, not an exception."""
    misshapen: list[arrow_csv.InvalidRow] = []
    try:
        with opened(path) as stream:
            if stream.is_empty:
                return empty_table(name)
            header = _open(stream, misshapen.append).schema.names
        misshapen.clear()
        with opened(path) as stream:
            batches = _open(stream, misshapen.append, header=header)
            if complaints := header_findings(name, header):
                return unreadable_table(name, *complaints)
            table = batches.read_all()
    except DAMAGE as error:
        return unreadable_table(name, damaged(name, path.name, error))
    if stream.quotes % 2:
        return unreadable_table(name, _open_quote(name, path))
    return _raw(name, path, table=table, misshapen=misshapen, ends_well=stream.breaks_at_end)


def _open(
    stream: WatchedBytes,
    misshapen: Callable[[arrow_csv.InvalidRow], None],
    *,
    header: list[str] | None = None,
) -> arrow_csv.CSVStreamingReader:
    def skip(row: arrow_csv.InvalidRow) -> str:
        misshapen(row)
        return "skip"

    return arrow_csv.open_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(header or [], pa.binary()),
            strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _raw(
    name: str,
    path: Path,
    *,
    table: pa.Table,
    misshapen: list[arrow_csv.InvalidRow],
    ends_well: bool,
) -> RawTable:
    skipped = np.array([row.number - 1 for row in misshapen], dtype=np.int64)
    numbers = np.arange(1, table.num_rows + len(skipped) + 1, dtype=np.int64)
    raw = without_undecodable(
        RawTable(
            name=name,
            columns=dict(zip(table.column_names, table.columns, strict=True)),
            row_numbers=np.setdiff1d(numbers, skipped, assume_unique=True),
            findings=_misshapen_findings(name, skipped, misshapen),
            complete=not misshapen,
            warnings=() if ends_well else (_no_line_break(path),),
        )
    )
    for column in TABLES[name]:
        if column.meaning is Meaning.LIST and column.name in raw.columns:
            cells = raw.columns[column.name]
            raw.columns[column.name] = pc.split_pattern(cells, LIST_SEPARATOR)
    return raw


def _misshapen_findings(
    name: str, rows: RowNumbers, misshapen: list[arrow_csv.InvalidRow]
) -> tuple[Finding, ...]:
    if not misshapen:
        return ()
    return (
        finding_in_rows(
            name,
            None,
            rows=rows,
            values=[f"{row.actual_columns} cells: {row.text[:60]}" for row in misshapen[:20]],
            expected=f"{misshapen[0].expected_columns} cells, as in the header",
            remedy="quote cells that hold commas or line breaks; a last row too short was cut off",
        ),
    )


def _open_quote(name: str, path: Path) -> Finding:
    return Finding(
        table=name,
        column=None,
        expected="every quoted cell to be closed",
        remedy='it may be cut short: write it again, with a quote inside a cell as ""',
        values=(f"{path.name} with an odd number of double quotes",),
    )


def _no_line_break(path: Path) -> str:
    return f"1 file does not end in a line break and may have been cut short: {path.name}"

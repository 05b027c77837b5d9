"""Reads JSON Lines: one JSON object a line, UTF-8, blank lines left out.

Lines become Arrow columns a chunk at a time, so the Python objects of a large
table never exist all at once.

Source: Bray, RFC 8259, 2017; jsonlines.org.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyarrow as pa

from matcher.schema import TABLES, ColumnSpec
from matcher.tables.byteform import WatchedBytes, opened
from matcher.tables.raw import (
    DAMAGE,
    MOST_COLUMNS,
    Misfits,
    RawTable,
    damaged,
    empty_table,
    header_findings,
    unreadable_table,
)
from matcher.tables.values import column_of_extras, column_of_values
from matcher.violations import SHOWN, Finding, finding_in_rows

_CHUNK_ROWS = 1 << 15
_LONGEST_LINE = 1 << 24


def read_jsonl(path: Path, name: str) -> RawTable:
    """The table `name` from `path`; what cannot be read is a finding, not an exception."""
    growing = _GrowingTable(name)
    try:
        with opened(path) as stream:
            growing.read(stream)
    except DAMAGE as error:
        return unreadable_table(name, damaged(name, path.name, error))
    return growing.raw()


class _GrowingTable:
    """Columns under construction, chunk by chunk."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.specs = {column.name: column for column in TABLES[name]}
        self.chunks: defaultdict[str, list[pa.Array]] = defaultdict(list)
        self.misfits: defaultdict[str, list[tuple[int, object]]] = defaultdict(list)
        self.extras: dict[str, list[object]] = {}
        self.seen: dict[str, None] = {}
        self.numbers: list[int] = []
        self.unread: list[tuple[int, str]] = []

    def read(self, stream: WatchedBytes) -> None:
        """Take in every line.

        Raises:
            ValueError: A line is too long, or there are too many columns.
        """
        decoder = json.JSONDecoder(parse_constant=_refuse_constant)
        rows: list[dict[str, object]] = []
        number = 0
        for line in stream.lines(longest=_LONGEST_LINE):
            if len(line) >= _LONGEST_LINE:
                raise ValueError(f"row {number + 1} is longer than {_LONGEST_LINE:,} bytes")
            if line.isspace():
                continue
            number += 1
            try:
                rows.append(_object(line, decoder))
                self.numbers.append(number)
            except (ValueError, TypeError, RecursionError) as error:
                self.unread.append((number, _excerpt(line, error)))
            if len(rows) == _CHUNK_ROWS:
                self._take_in(rows)
                rows = []
        self._take_in(rows)

    def _take_in(self, rows: list[dict[str, object]]) -> None:
        before = len(self.numbers) - len(rows)
        for row in rows:
            self.seen.update(dict.fromkeys(row))
        if len(self.seen) > MOST_COLUMNS:
            raise ValueError(f"more than {MOST_COLUMNS:,} columns")
        for column in self.specs.values():
            self._take_column(column, [row.get(column.name) for row in rows], before=before)
        for column_name in self.seen.keys() - self.specs.keys():
            cells = self.extras.setdefault(column_name, [None] * before)
            cells.extend(row.get(column_name) for row in rows)

    def _take_column(self, column: ColumnSpec, values: list[object], *, before: int) -> None:
        chunk, misfits = column_of_values(values, column.meaning)
        self.chunks[column.name].append(chunk)
        self.misfits[column.name] += [(before + at, values[at]) for at in misfits]

    def raw(self) -> RawTable:
        """All that was taken in, as a table."""
        if not self.numbers and not self.unread:
            return empty_table(self.name)
        if complaints := header_findings(self.name, [str(column) for column in self.seen]):
            return unreadable_table(self.name, *complaints)
        columns = {
            column: pa.chunked_array(self.chunks[column])
            if column in self.specs
            else pa.chunked_array([column_of_extras(self.extras[column])])
            for column in self.seen
        }
        return RawTable(
            name=self.name,
            columns=columns if self.numbers else empty_table(self.name).columns,
            row_numbers=np.array(self.numbers, dtype=np.int64),
            misfits={
                column: self._misfits_of(found) for column, found in self.misfits.items() if found
            },
            findings=(self._unread_finding(),) if self.unread else (),
            complete=not self.unread,
        )

    def _misfits_of(self, found: list[tuple[int, object]]) -> Misfits:
        mask = np.zeros(len(self.numbers), dtype=np.bool_)
        mask[[at for at, _ in found]] = True
        return Misfits(mask=mask, values=tuple(value for _, value in found[:SHOWN]))

    def _unread_finding(self) -> Finding:
        return finding_in_rows(
            self.name,
            None,
            rows=np.array([row for row, _ in self.unread], dtype=np.int64),
            values=[line for _, line in self.unread[:SHOWN]],
            expected="one JSON object on the line, in UTF-8",
            remedy="write the row again; half an object at the end means a file cut short",
        )


def _object(line: bytes, decoder: json.JSONDecoder) -> dict[str, object]:
    row = decoder.decode(line.decode())
    if not isinstance(row, dict):
        raise TypeError(line)
    return row


def _excerpt(line: bytes, error: Exception) -> str:
    """The part of the line where the error is, or its start."""
    at = error.start if isinstance(error, UnicodeDecodeError) else 0
    return line[max(at - 20, 0) :][:60].decode(errors="backslashreplace")


def _refuse_constant(constant: str) -> object:
    raise ValueError(constant)

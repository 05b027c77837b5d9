"""Turns raw columns into the frame that the rest of the product reads.

A cell that is no value of its column becomes null and a finding, and is flagged
so that no later check complains of it again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from matcher.schema import EVENT_KINDS, TABLES, ColumnSpec, Meaning
from matcher.tables.convert import CONVERT, ColumnTypeError, string_column
from matcher.tables.raw import RawTable
from matcher.violations import SHOWN, Finding, RowMask, RowNumbers, finding_in_rows

_EXPECTED = {
    Meaning.ID: ("text", "write the id as a string"),
    Meaning.TEXT: ("text", "write it as a string"),
    Meaning.KIND: ("one of " + ", ".join(EVENT_KINDS), "rename the kind, or leave the event out"),
    Meaning.TIME: (
        "an instant with a time zone, such as 2024-05-01T09:30:00Z",
        "write times in UTC with a Z, or with their offset",
    ),
    Meaning.NUMBER: ("a finite number", "write a plain number, or leave the cell empty (null)"),
    Meaning.LIST: (
        "a list of strings",
        "write a native list in Parquet, an array in JSON, items between | in CSV",
    ),
    Meaning.RATINGS: (
        'a JSON array of {"platform": name, "mean": number, "count": whole number}',
        "correct it, or leave the cell empty (null)",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedTable:
    """A table whose cells are values of their columns, or null.

    Attributes:
        frame: Contract columns in order, then the others; row i is `row_numbers[i]`.
        flagged: Per contract column, a mask [n] of cells already found wrong.
        complete: Whether every row of the file is here, with its id column.
    """

    name: str
    frame: pd.DataFrame
    row_numbers: RowNumbers
    flagged: dict[str, RowMask]
    findings: tuple[Finding, ...]
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _TypedColumn:
    cells: object  # anything that pandas takes for a column
    flagged: RowMask
    findings: tuple[Finding, ...] = ()


def typed(raw: RawTable) -> TypedTable:
    """The table with every contract column present and typed."""
    columns = {column.name: _typed_column(raw, column) for column in TABLES[raw.name]}
    cells = {name: column.cells for name, column in columns.items()}
    extras = {name: _extra(values) for name, values in raw.columns.items() if name not in cells}
    return TypedTable(
        name=raw.name,
        frame=pd.DataFrame({**cells, **extras}, index=pd.RangeIndex(len(raw))),
        row_numbers=raw.row_numbers,
        flagged={name: column.flagged for name, column in columns.items()},
        findings=raw.findings
        + tuple(finding for column in columns.values() for finding in column.findings),
        complete=raw.complete and TABLES[raw.name][0].name in raw.columns,
    )


def _typed_column(raw: RawTable, column: ColumnSpec) -> _TypedColumn:
    if column.name not in raw.columns:
        missing = (_missing(raw.name, column.name),) if column.required else ()
        return _nothing(len(raw), column, findings=missing)
    values = raw.columns[column.name].combine_chunks()
    try:
        cells, mask = CONVERT[column.meaning](values)
    except ColumnTypeError as error:
        return _nothing(len(raw), column, findings=(_wrong_type(raw.name, column, str(error)),))
    flagged, findings = np.zeros(len(raw), dtype=np.bool_), []
    if mask.any():
        flagged |= mask
        found = values.filter(pa.array(mask)).slice(0, SHOWN).to_pylist()
        findings.append(_misfits(raw, column, mask=mask, found=found))
    if misfits := raw.misfits.get(column.name):
        flagged |= misfits.mask
        findings.append(_misfits(raw, column, mask=misfits.mask, found=misfits.values))
    return _TypedColumn(cells=cells, flagged=flagged, findings=tuple(findings))


def _nothing(
    n_rows: int, column: ColumnSpec, *, findings: tuple[Finding, ...] = ()
) -> _TypedColumn:
    """A column of nulls; already complained of as a whole where there are findings."""
    cells, _ = CONVERT[column.meaning](pa.nulls(n_rows))
    flagged = np.full(n_rows, bool(findings), dtype=np.bool_)
    return _TypedColumn(cells=cells, flagged=flagged, findings=findings)


def _extra(values: pa.ChunkedArray) -> object:
    """A column outside the contract, of the type it came in."""
    if pa.types.is_large_string(values.type) or pa.types.is_null(values.type):
        return string_column(values.cast(pa.large_string()))
    return pd.arrays.ArrowExtensionArray(values)


def _misfits(
    raw: RawTable, column: ColumnSpec, *, mask: RowMask, found: list[object] | tuple[object, ...]
) -> Finding:
    expected, remedy = _EXPECTED[column.meaning]
    return finding_in_rows(
        raw.name,
        column.name,
        rows=raw.row_numbers[mask],
        values=found,
        expected=expected,
        remedy=remedy,
    )


def _missing(table: str, column: str) -> Finding:
    return Finding(
        table=table,
        column=column,
        expected="this column to be present",
        remedy="add it: it is required",
        values=("no such column",),
    )


def _wrong_type(table: str, column: ColumnSpec, found: str) -> Finding:
    expected, remedy = _EXPECTED[column.meaning]
    return Finding(
        table=table, column=column.name, expected=expected, remedy=remedy, values=(found,)
    )

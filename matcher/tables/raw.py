"""A table as it came off the disk: Arrow columns, not yet understood.

Readers drop the rows that they cannot read and say so; the numbers of the rows
that are left still count from the file's first data row.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.schema import TABLES
from matcher.violations import Finding, RowMask, RowNumbers, finding_in_rows

MOST_COLUMNS = 1_000
# What damaged bytes raise, wherever they are met; ArrowException is Arrow's own root.
DAMAGE = (pa.ArrowException, OSError, EOFError, ValueError, zlib.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """The readable rows of one table.

    Attributes:
        columns: Arrow arrays of one length, by column name, in file order.
        row_numbers: [n] 1-based data rows in file order.
        misfits: Per column, rows [n] whose cell is no value of the column's meaning; the
            cell is null in `columns` and the first of them are told in words beside.
        findings: What could not be read.
        complete: Whether every row of the file is here, so that ids may be looked up.
        warnings: What looks wrong but may be right, a sentence each.
    """

    name: str
    columns: dict[str, pa.ChunkedArray]
    row_numbers: RowNumbers
    misfits: dict[str, Misfits] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    complete: bool = True
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.row_numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfits:
    """Cells that cannot be what their column means.

    Attributes:
        mask: [n] bool.
        values: What was found, for at least the first of them, in row order.
    """

    mask: RowMask
    values: tuple[object, ...]


def empty_table(name: str) -> RawTable:
    """The table of no rows: what a zero-byte file holds."""
    nothing = pa.chunked_array([], type=pa.null())
    return RawTable(
        name=name,
        columns={column.name: nothing for column in TABLES[name]},
        row_numbers=np.empty(0, dtype=np.int64),
    )


def unreadable_table(name: str, *findings: Finding) -> RawTable:
    """A table of which nothing could be read."""
    return RawTable(
        name=name,
        columns=empty_table(name).columns,
        row_numbers=np.empty(0, dtype=np.int64),
        findings=findings,
        complete=False,
    )


def damaged(name: str, path: object, error: BaseException) -> Finding:
    """The finding that a file ends too early or is not what its name says."""
    reason = " ".join(str(error).split())[:200] or type(error).__name__
    return Finding(
        table=name,
        column=None,
        expected="a whole file of the form that its name says",
        remedy="it may be cut short or damaged: write or copy it again",
        values=(f"{path}: {reason}",),
    )


def header_findings(name: str, names: list[str]) -> tuple[Finding, ...]:
    """Complaints about the column names themselves: one twice, or far too many."""
    if len(names) > MOST_COLUMNS:
        return (
            Finding(
                table=name,
                column=None,
                expected=f"at most {MOST_COLUMNS:,} columns",
                remedy="leave out what is not of the contract",
                values=(f"{len(names):,} columns",),
            ),
        )
    twice = sorted({column for column in names if names.count(column) > 1})
    return tuple(
        Finding(
            table=name,
            column=column,
            expected="every column name once",
            remedy="rename or remove one of the columns",
            values=(f"{names.count(column)} columns of this name",),
        )
        for column in twice
    )


def without_undecodable(raw: RawTable) -> RawTable:
    """The table without the rows that hold text which is not UTF-8, and a finding for each.

    Binary columns come out as text.
    """
    columns, undecodable = dict(raw.columns), np.zeros(len(raw), dtype=np.bool_)
    findings = []
    for name, values in raw.columns.items():
        if not _is_textual(values.type):
            continue
        columns[name], mask, found = _decoded(values)
        if found:
            undecodable |= mask
            findings.append(
                finding_in_rows(
                    raw.name,
                    name,
                    rows=raw.row_numbers[mask],
                    values=found,
                    expected="UTF-8 text",
                    remedy="write the file in UTF-8",
                )
            )
    if not findings:
        return replace(raw, columns=columns)
    kept = pa.array(~undecodable)
    return replace(
        raw,
        columns={name: values.filter(kept) for name, values in columns.items()},
        row_numbers=raw.row_numbers[~undecodable],
        misfits={
            name: Misfits(mask=misfits.mask[~undecodable], values=misfits.values)
            for name, misfits in raw.misfits.items()
        },
        findings=(*raw.findings, *findings),
        complete=False,
    )


def _is_textual(type_: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(type_)
        or pa.types.is_large_string(type_)
        or pa.types.is_binary(type_)
        or pa.types.is_large_binary(type_)
    )


def _decoded(values: pa.ChunkedArray) -> tuple[pa.ChunkedArray, RowMask, tuple[object, ...]]:
    """Large strings, with nulls where the bytes are no UTF-8; where; and the bytes found."""
    raw_bytes = values.cast(pa.large_binary())
    try:
        return raw_bytes.cast(pa.large_string()), np.zeros(len(values), dtype=np.bool_), ()
    except pa.ArrowInvalid:
        mask = np.fromiter(
            (not _is_utf8(cell.as_py()) for cell in raw_bytes), dtype=np.bool_, count=len(values)
        )
    found = tuple(raw_bytes.filter(pa.array(mask)).slice(0, 20).to_pylist())
    readable = pc.if_else(pa.array(~mask), raw_bytes, pa.scalar(None, pa.large_binary()))
    return readable.cast(pa.large_string()), mask, found


def _is_utf8(cell: bytes | None) -> bool:
    try:
        (cell or b"").decode()
    except UnicodeDecodeError:
        return False
    return True

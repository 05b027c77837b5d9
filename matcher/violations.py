"""What is wrong with a marketplace: where, what was found, what was expected.

A hostile table can break a rule a million times, so findings count every breach
but keep only the first few in words. Row numbers are 1-based data rows in file
order: neither a CSV header nor a blank line counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isnan

import numpy as np
from numpy.typing import NDArray

SHOWN = 20
TABLE_NAMES = ("freelancers", "jobs", "events")
_WIDEST_VALUE = 80

RowMask = NDArray[np.bool_]
RowNumbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One breach of the marketplace contract.

    Attributes:
        row: 1-based data row; None when a whole file or column is meant.
        column: None when a whole file or row is meant.
        value: What was found, shortened and escaped for printing.
    """

    table: str
    row: int | None
    column: str | None
    value: str | None
    expected: str
    remedy: str

    def __str__(self) -> str:
        place = [self.table]
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column is not None:
            place.append(f"column {shown_name(self.column)}")
        found = "" if self.value is None else f"found {self.value}, "
        return f"{', '.join(place)}: {found}expected {self.expected}; {self.remedy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Every breach of one rule in one column (or file) of one table.

    Attributes:
        rows: The first breaches' row numbers, ascending; empty for a whole file or column.
        values: Printable values, beside `rows`; one value or none for a whole file or column.
        count: How many breaches there are in all.
    """

    table: str
    column: str | None
    expected: str
    remedy: str
    rows: tuple[int, ...] = ()
    values: tuple[str | None, ...] = ()
    count: int = 1

    def violations(self) -> list[Violation]:
        """The first breaches, in row order."""
        rows: tuple[int | None, ...] = self.rows or (None,)
        values = self.values or (None,) * len(rows)
        return [
            Violation(
                table=self.table,
                row=row,
                column=self.column,
                value=value,
                expected=self.expected,
                remedy=self.remedy,
            )
            for row, value in zip(rows, values, strict=True)
        ]


def finding_in_rows(
    table: str,
    column: str | None,
    *,
    rows: RowNumbers,
    values: Sequence[object],
    expected: str,
    remedy: str,
) -> Finding:
    """A finding about the rows `rows`, ascending; `values` covers at least the first of them."""
    first = rows[:SHOWN].tolist()
    return Finding(
        table=table,
        column=column,
        expected=expected,
        remedy=remedy,
        rows=tuple(first),
        values=tuple(shown(value) for value in values[: len(first)]),
        count=len(rows),
    )


def first_violations(findings: Iterable[Finding]) -> tuple[Violation, ...]:
    """At most `SHOWN` violations: by table, whole files first, then by row."""
    violations = [violation for finding in findings for violation in finding.violations()]
    violations.sort(key=lambda found: (TABLE_NAMES.index(found.table), found.row or 0))
    return tuple(violations[:SHOWN])


def shown(value: object) -> str:
    """A value as one short printable line; control characters come out escaped."""
    if value is None or (isinstance(value, float) and isnan(value)):
        return "null"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        text = repr(value[: _WIDEST_VALUE + 1])
    elif isinstance(value, list | tuple):
        text = repr(list(value[:_WIDEST_VALUE]))
    else:
        text = repr(value)
    return text if len(text) <= _WIDEST_VALUE else f"{text[:_WIDEST_VALUE]}..."


def shown_name(name: str) -> str:
    """A column name as it is when it is plain, quoted and shortened when it is not."""
    return name if name.isidentifier() and len(name) <= _WIDEST_VALUE else shown(name)

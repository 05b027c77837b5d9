"""Records from outside, held to the very rules of a marketplace directory.

`matcher.checks` judges whole tables and tells the first breaches of each rule. Here every row
gets its own words, so rows found wrong are judged once more, a few at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.checks import check_values
from matcher.errors import InvalidMarketplaceError, InvalidRecordError
from matcher.marketplace import Marketplace
from matcher.schema import TABLES
from matcher.store.cells import Cells, extra_text, rows_of, text_cells
from matcher.tables.memory import read_frame
from matcher.tables.typed import TypedTable, typed
from matcher.violations import SHOWN, TABLE_NAMES, Finding, Violation, shown, shown_name

NUL = "\0"
WITHOUT_NUL = "text without NUL characters, which not every database can hold"
REMOVE = "remove them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a record came to: cells, or the words of its refusal.

    Attributes:
        id: Of the record, also of one refused; None where it has none that could be.
    """

    cells: Cells | None = None
    wrong: str = ""
    id: str | None = None


def checked(records: Sequence[object], name: str) -> list[Checked]:
    """Each record judged by itself, in the order given; ids may come twice."""
    found = [_with_extras(record, name) for record in records]
    sound = [at for at, one in enumerate(found) if isinstance(one, dict)]
    rows = [one for one in found if isinstance(one, dict)]
    table, _ = _judged(rows, name)
    bad = np.logical_or.reduce([np.zeros(len(rows), np.bool_), *table.flagged.values()])
    words = _words(rows, np.flatnonzero(bad).tolist(), name)
    cells = [row for batch in rows_of(table.frame, name) for row in batch]
    answers = [Checked(wrong=one) if isinstance(one, str) else Checked() for one in found]
    key = TABLES[name][0].name
    for row, at in enumerate(sound):
        wrong = words[row] if bad[row] else _of_nul(cells[row], name)
        answers[at] = Checked(
            cells=None if wrong else {**cells[row], "extra": rows[row]["extra"]},
            wrong=wrong,
            id=None if table.flagged[key][row] else str(cells[row][key]),
        )
    return answers


def checked_alone(record: Mapping[str, object], name: str) -> Cells:
    """The cells of one record.

    Raises:
        InvalidRecordError: It breaks the contract; every field at fault is named.
    """
    [one] = checked([record], name)
    if one.cells is None:
        raise InvalidRecordError(f"the {name.removesuffix('s')} is refused: {one.wrong}")
    return one.cells


def check_storable(marketplace: Marketplace) -> None:
    """Refuse what a directory may hold and a database may not.

    Raises:
        InvalidMarketplaceError: A text holds NUL; the rows are named by their ids.
    """
    violations = []
    for name in TABLE_NAMES:
        frame = getattr(marketplace, name)
        for column in text_cells(name):
            holds = frame[column].str.contains(NUL, regex=False).fillna(value=False)
            ids = frame.loc[holds.to_numpy(dtype=np.bool_), TABLES[name][0].name]
            violations += [_nul_in(name, column, value=f"{shown(id_)}: NUL") for id_ in ids]
    if violations:
        raise InvalidMarketplaceError(violations=tuple(violations[:SHOWN]), total=len(violations))


def _with_extras(record: object, name: str) -> Cells | str:
    """A row of contract columns, with the others as text; or why it cannot be one."""
    if not isinstance(record, Mapping) or not all(isinstance(key, str) for key in record):
        return f"found {shown(record)}, expected an object of named fields; send one"
    names = [column.name for column in TABLES[name]]
    extras = {key: value for key, value in record.items() if key not in names}
    try:
        extra = extra_text(extras)
    except ValueError as error:
        listed = ", ".join(map(shown_name, sorted(extras)[:SHOWN]))
        return f"{listed}: found what is no Unicode text or JSON ({error}), expected it; correct it"
    return {**{column: record.get(column) for column in names}, "extra": extra}


def _judged(rows: Sequence[Cells], name: str) -> tuple[TypedTable, tuple[Finding, ...]]:
    columns = {
        column.name: pd.Series([row[column.name] for row in rows], dtype=object)
        for column in TABLES[name]
    }
    table = typed(read_frame(pd.DataFrame(columns), name))
    return table, (*table.findings, *check_values(table, apart=True))


def _words(rows: Sequence[Cells], bad: Sequence[int], name: str) -> dict[int, str]:
    """What is wrong with each of the bad rows."""
    words: defaultdict[int, list[str]] = defaultdict(list)
    for start in range(0, len(bad), SHOWN):
        some = bad[start : start + SHOWN]
        _, findings = _judged([rows[at] for at in some], name)
        for violation in (one for finding in findings for one in finding.violations()):
            if violation.row is not None:
                words[some[violation.row - 1]].append(_worded(violation))
    return {at: "; ".join(found) for at, found in words.items()}


def _worded(violation: Violation) -> str:
    found = f"found {violation.value}, expected {violation.expected}; {violation.remedy}"
    return f"{violation.column}: {found}"


def _of_nul(cells: Cells, name: str) -> str:
    found = [column for column in text_cells(name) if NUL in str(cells[column])]
    return "; ".join(_worded(_nul_in(name, column, value="NUL")) for column in found)


def _nul_in(name: str, column: str, *, value: str) -> Violation:
    return Violation(
        table=name, row=None, column=column, value=value, expected=WITHOUT_NUL, remedy=REMOVE
    )

"""A record and the cells of its row: each comes back from the other exactly.

A record is flat, with the columns of the contract as Python values: text, aware UTC times,
floats, tuples of strings, tuples of ratings; None is unknown and `()` is an empty list. A cell
is what a database holds: text, a number, an instant in microseconds, or lists as JSON text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from math import isnan

import numpy as np
import pandas as pd
import pyarrow as pa

from matcher.domain import moment_of
from matcher.schema import TABLES, Meaning
from matcher.tables.memory import arrow_of_typed

Cells = dict[str, object]
Record = dict[str, object]

DIGEST_BYTES = 16
BATCH_ROWS = 5_000
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_CONTENT = {
    name: tuple(column.name for column in columns if column.name != "valid_from")
    for name, columns in TABLES.items()
}


def rows_of(frame: pd.DataFrame, name: str) -> Iterator[list[Cells]]:
    """Rows of a table that keeps the contract, in its order, by the batch.

    Raises:
        UnicodeEncodeError: Half a surrogate in a column outside the contract.
    """
    meanings = {column.name: column.meaning for column in TABLES[name]}
    for start in range(0, len(frame), BATCH_ROWS):
        part = frame.iloc[start : start + BATCH_ROWS]
        columns = [_cells(part[column], meaning) for column, meaning in meanings.items()]
        extras = _extras(part[[column for column in part.columns if column not in meanings]])
        names = (*meanings, "extra")
        yield [dict(zip(names, cells, strict=True)) for cells in zip(*columns, extras, strict=True)]


def record_of(cells: Mapping[str, object], name: str) -> Record:
    """What a row says: the contract's columns in order, and then the others by name."""
    record = {
        column.name: _value(cells.get(column.name), column.meaning) for column in TABLES[name]
    }
    return {**record, **extras_of(cells.get("extra"))}


def extras_of(text: object) -> Record:
    """Columns outside the contract."""
    return dict(json.loads(str(text))) if text is not None else {}


def extra_text(values: Mapping[str, object]) -> str | None:
    """Columns outside the contract as text; None where all are unknown.

    Raises:
        UnicodeEncodeError: Half a surrogate, which neither database can hold.
        ValueError: Nested without end.
    """
    known = {column: value for column, value in values.items() if not _is_unknown(value)}
    if not known:
        return None
    try:
        text = json.dumps(
            known, default=_in_words, ensure_ascii=False, separators=(",", ":"), sort_keys=True
        )
    except (RecursionError, TypeError) as error:
        raise ValueError("it is nested too deep, or has names that are no text") from error
    text.encode()
    return text


def digest_of(cells: Mapping[str, object], name: str) -> bytes:
    """By which equal content is known; from when a profile counts is no part of it.

    A column that a later release adds leaves the digest of rows that do not know it as it is.
    """
    known = [(column, cells[column]) for column in _CONTENT[name] if cells[column] is not None]
    text = json_of([known, cells["extra"]])
    return hashlib.sha256(text.encode()).digest()[:DIGEST_BYTES]


def body_of(cells: Mapping[str, object], name: str) -> str:
    """A row's known cells as the log keeps them."""
    names = (*(column.name for column in TABLES[name]), "extra")
    return json_of({column: cells[column] for column in names if cells[column] is not None})


def text_cells(name: str) -> tuple[str, ...]:
    """Columns whose cells are plain text, which PostgreSQL takes without NUL alone."""
    return tuple(column.name for column in TABLES[name] if column.meaning is Meaning.TEXT)


def json_of(content: object) -> str:
    """Plain values as text whose bytes depend on the content alone."""
    return _ENCODER.encode(content)


def _cells(column: pd.Series, meaning: Meaning) -> list[object]:
    if meaning in {Meaning.LIST, Meaning.RATINGS}:
        return [None if cell is None else json_of(cell) for cell in column]
    if meaning is Meaning.NUMBER:
        return [None if isnan(number) else number for number in column.tolist()]
    array = arrow_of_typed(column)
    if meaning is Meaning.TIME:
        array = array.cast(pa.timestamp("us", "UTC")).cast(pa.int64())
    if meaning is Meaning.KIND:
        array = array.cast(pa.large_string())
    cells: list[object] = array.to_pylist()
    return cells


def _extras(frame: pd.DataFrame) -> list[str | None]:
    columns = {
        str(column): frame[column].tolist()
        if frame[column].dtype == object
        else arrow_of_typed(frame[column]).to_pylist()
        for column in frame.columns
    }
    if not columns:
        return [None] * len(frame)
    rows = zip(*columns.values(), strict=True)
    return [extra_text(dict(zip(columns, row, strict=True))) for row in rows]


def _value(cell: object, meaning: Meaning) -> object:
    if cell is None:
        return None
    if meaning is Meaning.TIME:
        return moment_of(int(str(cell)))
    if meaning in {Meaning.LIST, Meaning.RATINGS}:
        return tuple(json.loads(str(cell)))
    return float(str(cell)) if meaning is Meaning.NUMBER else cell


def _is_unknown(value: object) -> bool:
    is_nan = isinstance(value, float | np.floating) and bool(np.isnan(value))
    return is_nan or value is None or value is pd.NA or value is pd.NaT


def _in_words(value: object) -> object:
    """What JSON has instead of a NumPy value; anything else in words."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return value.isoformat() if isinstance(value, datetime) else str(value)

"""A frame in memory as a raw table, so that it meets the same checks as a file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from matcher.schema import TABLES
from matcher.tables.parquet import plain
from matcher.tables.raw import (
    DAMAGE,
    Misfits,
    RawTable,
    header_findings,
    unreadable_table,
    without_undecodable,
)
from matcher.tables.values import column_of_extras, column_of_values
from matcher.violations import SHOWN, Finding


def read_frame(frame: pd.DataFrame, name: str) -> RawTable:
    """The table `name` from a frame, whose index is ignored; row 1 is its first row."""
    if complaints := header_findings(name, [str(column) for column in frame.columns]):
        return unreadable_table(name, *complaints)
    meanings = {column.name: column.meaning for column in TABLES[name]}
    columns, misfits = {}, {}
    for label in frame.columns:
        column, cells = str(label), frame[label]
        try:
            if cells.dtype != np.dtype(object):
                columns[column] = plain(_chunked(arrow_of_typed(cells)))
                continue
            values = cells.tolist()
            if column not in meanings:
                columns[column] = _chunked(column_of_extras(values))
                continue
            array, positions = column_of_values(values, meanings[column])
        except DAMAGE as error:
            return unreadable_table(name, _unknown_type(name, column, error))
        columns[column] = _chunked(array)
        if positions:
            mask = np.zeros(len(frame), dtype=np.bool_)
            mask[list(positions)] = True
            found = tuple(values[at] for at in positions[:SHOWN])
            misfits[column] = Misfits(mask=mask, values=found)
    numbers = np.arange(1, len(frame) + 1, dtype=np.int64)
    raw = RawTable(name=name, columns=columns, row_numbers=numbers, misfits=misfits)
    return without_undecodable(raw)


def arrow_of_typed(cells: pd.Series) -> pa.Array:
    """A column of any pandas type but object as Arrow; NaN and NaT are null."""
    if isinstance(cells.dtype, pd.DatetimeTZDtype):
        instants = cells.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return pa.array(instants, type=pa.timestamp(cells.dtype.unit, "UTC"), from_pandas=True)
    return pa.array(cells, from_pandas=True)


def _chunked(array: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _unknown_type(name: str, column: str, error: BaseException) -> Finding:
    return Finding(
        table=name,
        column=column,
        expected="cells of a type that Arrow knows",
        remedy="use text, numbers, instants or lists of text",
        values=(" ".join(str(error).split())[:200],),
    )

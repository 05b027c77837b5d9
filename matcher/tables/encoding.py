"""Tables as bytes: Parquet, CSV or JSON Lines, the same bytes for the same content.

A null is an empty cell in CSV and, outside the required columns, no key at all in
JSON Lines. CSV cannot say `|` inside a list item, and is refused rather than bent.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet

from matcher.errors import UsageError
from matcher.schema import TABLES, Meaning
from matcher.tables.delimited import LIST_SEPARATOR
from matcher.tables.instants import written
from matcher.tables.memory import arrow_of_typed
from matcher.tables.values import column_of_extras, json_text

_LARGEST_EXACT = 2.0**53
_BATCH_ROWS = 1 << 14
_LISTS = pa.large_list(pa.large_string())


def write_parquet(frame: pd.DataFrame, path: Path, name: str) -> None:
    """Zstandard pages with checksums; portable ratings as JSON text."""
    arrow_parquet.write_table(
        _arrow(frame, name), path, compression="zstd", write_page_checksum=True
    )


def write_csv(frame: pd.DataFrame, path: Path, name: str) -> None:
    """Comma-separated, with a header; texts quoted.

    Raises:
        UsageError: A list item holds a `|`.
    """
    table = _arrow(frame, name)
    columns = {column: _csv_cells(table.column(column), column) for column in table.column_names}
    with _opened(path) as file:
        arrow_csv.write_csv(pa.table(columns), file)


def write_jsonl(frame: pd.DataFrame, path: Path, name: str) -> None:
    """One object a line, keys in column order.

    Raises:
        UsageError: A column outside the contract holds a number that is not finite.
    """
    optional = {column.name for column in TABLES[name] if not column.required}
    table = _arrow(frame, name)
    with _opened(path) as file:
        for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
            columns = {
                column: _json_cells(batch.column(column), column) for column in table.column_names
            }
            for cells in zip(*columns.values(), strict=True):
                row = {
                    column: cell
                    for column, cell in zip(columns, cells, strict=True)
                    if cell is not None or column not in optional
                }
                file.write(_line(row))


def _line(row: dict[str, object]) -> bytes:
    try:
        return json_text(row).encode() + b"\n"
    except ValueError as error:
        raise UsageError(
            f"a row cannot be written as JSON ({error}); write Parquet, or drop the column"
        ) from error


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedIOBase]:
    """A file to write to, packed if its name says so; the packing keeps no name and no clock."""
    with path.open("wb") as file:
        if path.suffix == ".gz":
            with gzip.GzipFile(
                filename="", mode="wb", fileobj=file, mtime=0, compresslevel=6
            ) as packed:
                yield packed
        else:
            yield file


def _arrow(frame: pd.DataFrame, name: str) -> pa.Table:
    meanings = {column.name: column.meaning for column in TABLES[name]}
    return pa.table(
        {column: _array(frame[column], meanings.get(column)) for column in frame.columns}
    )


def _array(cells: pd.Series, meaning: Meaning | None) -> pa.Array | pa.ChunkedArray:
    if meaning is Meaning.LIST:
        return pa.array(cells.tolist(), type=_LISTS)
    if meaning is Meaning.RATINGS:
        ratings = [None if cell is None else json_text(cell) for cell in cells]
        return pa.array(ratings, type=pa.large_string())
    if meaning is Meaning.KIND:
        return arrow_of_typed(cells).cast(pa.large_string())
    if cells.dtype == object:
        return column_of_extras(cells.tolist())
    return arrow_of_typed(cells)


def _csv_cells(cells: pa.ChunkedArray, column: str) -> pa.Array | pa.ChunkedArray:
    if cells.type == _LISTS:
        return _joined(cells, column)
    if pa.types.is_timestamp(cells.type) and cells.type.tz:
        return written(cells)
    if pa.types.is_nested(cells.type) or pa.types.is_binary(cells.type):
        texts = [None if cell is None else json_text(cell) for cell in cells.to_pylist()]
        return pa.array(texts, type=pa.large_string())
    return cells


def _joined(lists: pa.ChunkedArray, column: str) -> pa.Array:
    if pc.any(pc.match_substring(pc.list_flatten(lists), LIST_SEPARATOR)).as_py():
        raise UsageError(
            f"an item in column {column} holds a {LIST_SEPARATOR!r}, which separates items in CSV; "
            "write Parquet or JSON Lines, or rename the item"
        )
    joined = [
        None if items is None else LIST_SEPARATOR.join(items) or LIST_SEPARATOR
        for items in lists.to_pylist()
    ]
    return pa.array(joined, type=pa.large_string())


def _json_cells(cells: pa.Array, column: str) -> list[object]:
    if pa.types.is_timestamp(cells.type) and cells.type.tz:
        texts: list[object] = written(cells).to_pylist()
        return texts
    values: list[object] = cells.to_pylist()
    if pa.types.is_floating(cells.type):
        return [_shortest(value) for value in values]
    if column == "portable_ratings":
        return [None if value is None else json.loads(str(value)) for value in values]
    return values


def _shortest(number: object) -> object:
    """A whole number without its `.0`; NaN, which only columns of others hold, as null."""
    if not isinstance(number, float) or number != number:  # noqa: PLR0124
        return None
    whole = number.is_integer() and abs(number) <= _LARGEST_EXACT
    return int(number) if whole else number


WRITERS: dict[str, Callable[[pd.DataFrame, Path, str], None]] = {
    "parquet": write_parquet,
    "csv": write_csv,
    "csv.gz": write_csv,
    "jsonl": write_jsonl,
    "jsonl.gz": write_jsonl,
}

"""Reads Parquet: any physical type that can carry a column's meaning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as arrow_parquet

from matcher.tables.raw import (
    DAMAGE,
    RawTable,
    damaged,
    empty_table,
    header_findings,
    unreadable_table,
    without_undecodable,
)


def read_parquet(path: Path, name: str) -> RawTable:
    """The table `name` from `path`; what cannot be read is a finding, not an exception."""
    if not path.stat().st_size:
        return empty_table(name)
    try:
        with arrow_parquet.ParquetFile(path, page_checksum_verification=True) as file:
            if complaints := header_findings(name, file.schema_arrow.names):
                return unreadable_table(name, *complaints)
            table = file.read()
            columns = {field: plain(table.column(field)) for field in table.column_names}
            for values in columns.values():
                if pa.types.is_nested(values.type):
                    values.validate(full=True)
        return without_undecodable(
            RawTable(
                name=name,
                columns=columns,
                row_numbers=np.arange(1, table.num_rows + 1, dtype=np.int64),
            )
        )
    except DAMAGE as error:
        return unreadable_table(name, damaged(name, path.name, error))


def plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same cells without dictionary, extension or view types."""
    type_ = values.type
    if isinstance(type_, pa.BaseExtensionType):
        chunks = [chunk.storage for chunk in values.chunks]
        return plain(pa.chunked_array(chunks, type=type_.storage_type))
    if pa.types.is_dictionary(type_):
        chunks = [chunk.dictionary_decode() for chunk in values.chunks]
        return plain(pa.chunked_array(chunks, type=type_.value_type))
    if pa.types.is_string_view(type_):
        return values.cast(pa.large_string())
    if pa.types.is_binary_view(type_):
        return values.cast(pa.large_binary())
    return values

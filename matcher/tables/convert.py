"""From any Arrow array that can carry a meaning to the pandas column of that meaning.

Physical types are taken as they come, meanings are not: an integer may be an id
and a string an instant, but an instant without a time zone is none. Each converter
gives its column and a mask of the cells that it had to make null.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.schema import EVENT_KINDS, Meaning
from matcher.tables.instants import INSTANT, bounded, only_where, parsed
from matcher.tables.values import column_of_values, ratings_of
from matcher.violations import RowMask

STRING = pd.StringDtype("pyarrow", na_value=pd.NA)
_NUMBER_SHAPE = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"

Converted = tuple[object, RowMask]


class ColumnTypeError(Exception):
    """A whole column is of a type that cannot mean what it should; says which."""


def string_column(texts: pa.Array | pa.ChunkedArray) -> object:
    """Large strings as a pandas column that shares their memory; null is `pd.NA`."""
    return texts.to_pandas(types_mapper=lambda _: STRING)


def _text(values: pa.Array) -> Converted:
    texts = _texts(values)
    return string_column(texts), _none_of(values)


def _kind(values: pa.Array) -> Converted:
    texts = _texts(values)
    codes = pc.index_in(texts, value_set=pa.array(EVENT_KINDS, pa.large_string()))
    numbers = pc.fill_null(codes, -1).to_numpy(zero_copy_only=False).astype(np.int8)
    kinds = pd.Categorical.from_codes(numbers, categories=pd.Index(EVENT_KINDS, dtype=STRING))
    return kinds, numbers < 0


def _time(values: pa.Array) -> Converted:
    type_, unknown = values.type, _none_of(values)
    if _is_all_null(values):
        instants, mask = pa.nulls(len(values), INSTANT), unknown
    elif pa.types.is_large_string(type_):
        instants, mask = parsed(_texts(values))
    elif pa.types.is_timestamp(type_) and type_.tz is None:
        raise ColumnTypeError(f"{type_} without a time zone")
    elif pa.types.is_timestamp(type_):
        instants, mask = _rescaled(values)
    else:
        raise ColumnTypeError(f"a column of {type_}")
    return instants.to_pandas(), mask


def _number(values: pa.Array) -> Converted:
    type_ = values.type
    if pa.types.is_large_string(type_):
        return _number_from_text(values)
    if _is_all_null(values):
        numbers = pa.nulls(len(values), pa.float64())
    elif pa.types.is_integer(type_) or pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        numbers = values.cast(pa.float64(), safe=False)
    else:
        raise ColumnTypeError(f"a column of {type_}")
    return _finite(numbers)


def _number_from_text(values: pa.Array) -> Converted:
    trimmed = pc.utf8_trim_whitespace(_texts(values))
    shaped = _as_mask(pc.match_substring_regex(trimmed, _NUMBER_SHAPE))
    unshaped = ~shaped & _as_mask(pc.is_valid(trimmed))
    unsigned = pc.replace_substring_regex(only_where(trimmed, shaped), r"^\+", "")
    numbers, infinite = _finite(unsigned.cast(pa.float64()))
    return numbers, unshaped | infinite


def _finite(numbers: pa.Array) -> tuple[np.ndarray, RowMask]:
    floats = numbers.to_numpy(zero_copy_only=False).astype(np.float64)
    infinite: RowMask = np.isinf(floats)
    return np.where(infinite, np.nan, floats), infinite


def _list(values: pa.Array) -> Converted:
    type_ = values.type
    if _is_all_null(values):
        return _objects([None] * len(values)), _none_of(values)
    if not _is_list_of_text(type_):
        raise ColumnTypeError(f"a column of {type_}")
    lists = values.cast(pa.large_list(pa.large_string())).to_pylist()
    return _objects([_items(items) for items in lists]), _none_of(values)


def _ratings(values: pa.Array) -> Converted:
    mask = _none_of(values)
    if _is_all_null(values):
        return _objects([None] * len(values)), mask
    if pa.types.is_nested(values.type):
        values, misfits = column_of_values(values.to_pylist(), Meaning.RATINGS)
        mask[list(misfits)] = True
    elif not pa.types.is_large_string(values.type):
        raise ColumnTypeError(f"a column of {values.type}")
    ratings: list[object] = []
    for at, cell in enumerate(_texts(values).to_pylist()):
        try:
            ratings.append(ratings_of(cell))
        except (TypeError, ValueError):
            ratings.append(None)
            mask[at] = True
    return _objects(ratings), mask


def _texts(values: pa.Array) -> pa.Array:
    """Large strings, null where empty."""
    type_ = values.type
    if _is_all_null(values):
        return pa.nulls(len(values), pa.large_string())
    if not (pa.types.is_large_string(type_) or pa.types.is_integer(type_)):
        raise ColumnTypeError(f"a column of {type_}")
    texts = values.cast(pa.large_string())
    return only_where(texts, _as_mask(pc.not_equal(texts, "")))


def _rescaled(values: pa.Array) -> tuple[pa.Array, RowMask]:
    """Instants of any unit to the microsecond, rounded down; and where they are out of bounds."""
    try:
        return bounded(values.cast(INSTANT, safe=values.type.unit != "ns"))
    except pa.ArrowInvalid:  # too far from 1970 even to be counted in microseconds
        coarse = values.cast(pa.int64()).to_numpy(zero_copy_only=False)
        per_second = {"s": 1, "ms": 1_000}[values.type.unit]
        near = np.abs(coarse) < 2**38 * per_second
        instants, outside = bounded(only_where(values, near).cast(INSTANT))
        return instants, outside | (~near & _as_mask(values.is_valid()))


def _is_all_null(values: pa.Array) -> bool:
    """Whether nothing is known; a column of NaN is what pandas makes of that."""
    return bool(pc.is_null(values, nan_is_null=True).false_count == 0)


def _is_list_of_text(type_: pa.DataType) -> bool:
    lists = (
        pa.types.is_list,
        pa.types.is_large_list,
        pa.types.is_fixed_size_list,
        pa.types.is_list_view,
        pa.types.is_large_list_view,
    )
    if not any(is_list(type_) for is_list in lists):
        return False
    item = type_.value_type
    item = item.value_type if pa.types.is_dictionary(item) else item
    return bool(
        pa.types.is_string(item)
        or pa.types.is_large_string(item)
        or pa.types.is_string_view(item)
        or pa.types.is_null(item)
    )


def _items(items: list[str | None] | None) -> tuple[str, ...] | None:
    """The known items; an empty or null one says nothing."""
    return None if items is None else tuple(item for item in items if item)


def _objects(cells: list[object]) -> np.ndarray:
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def _none_of(values: pa.Array) -> RowMask:
    return np.zeros(len(values), dtype=np.bool_)


def _as_mask(mask: pa.Array) -> RowMask:
    filled: RowMask = pc.fill_null(mask, False).to_numpy(zero_copy_only=False)  # noqa: FBT003
    return filled.astype(np.bool_)


CONVERT: dict[Meaning, Callable[[pa.Array], Converted]] = {
    Meaning.ID: _text,
    Meaning.TEXT: _text,
    Meaning.KIND: _kind,
    Meaning.TIME: _time,
    Meaning.NUMBER: _number,
    Meaning.LIST: _list,
    Meaning.RATINGS: _ratings,
}

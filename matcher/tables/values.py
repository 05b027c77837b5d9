"""Python values, from JSON or from object columns, as Arrow arrays.

Arrow converts a whole list at once when every value is of a fitting type; only a
list that holds a misfit is walked value by value, to find it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa

from matcher.schema import Meaning

_NOTHING = type(None)
_DEEPEST = 16
_NUMBER_TEXT = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_TEXT = pa.large_string()
_TYPES: dict[Meaning, pa.DataType] = {
    Meaning.ID: _TEXT,
    Meaning.TEXT: _TEXT,
    Meaning.KIND: _TEXT,
    Meaning.TIME: _TEXT,
    Meaning.RATINGS: _TEXT,
    Meaning.NUMBER: pa.float64(),
    Meaning.LIST: pa.large_list(_TEXT),
}
_FITTING: dict[Meaning, set[type]] = {
    Meaning.ID: {str},
    Meaning.TEXT: {str},
    Meaning.KIND: {str},
    Meaning.TIME: {str},
    Meaning.RATINGS: set(),
    Meaning.NUMBER: {int, float},
    Meaning.LIST: {list, tuple},
}


def column_of_values(
    values: Sequence[object], meaning: Meaning
) -> tuple[pa.Array, tuple[int, ...]]:
    """The values as one array [n], null for unknown; and the positions of misfits, also null."""
    if set(map(type, values)) <= _FITTING[meaning] | {_NOTHING}:
        try:
            return pa.array(values, type=_TYPES[meaning], from_pandas=True), ()
        except (pa.ArrowException, UnicodeEncodeError, OverflowError):
            pass  # one of them does not fit: find out which
    fitted, misfits = list[object](), list[int]()
    fit = _FIT[meaning]
    for position, value in enumerate(values):
        try:
            fitted.append(None if _is_unknown(value) else fit(value))
        except (TypeError, ValueError, OverflowError, RecursionError):
            fitted.append(None)
            misfits.append(position)
    return pa.array(fitted, type=_TYPES[meaning]), tuple(misfits)


def column_of_extras(values: Sequence[object]) -> pa.Array:
    """Values of a column outside the contract.

    As JSON text when they are of many types, or nested deeper than Parquet can hold.
    """
    try:
        array = pa.array(values, from_pandas=True)
    except (pa.ArrowException, UnicodeEncodeError, OverflowError):
        array = None
    if array is None or _is_deep(array.type):
        texts = [None if _is_unknown(value) else json_text(value) for value in values]
        return pa.array(texts, type=_TEXT)
    return array.cast(_TEXT) if pa.types.is_string(array.type) else array


def ratings_of(cell: str | None) -> tuple[dict[str, object], ...] | None:
    """Portable ratings from JSON text.

    Raises:
        TypeError: It is JSON of another shape.
        ValueError: It is no JSON, or says what no rating can be.
    """
    if cell is None:
        return None
    try:
        ratings = json.loads(cell)
    except RecursionError as error:
        raise ValueError(cell[:80]) from error
    if not isinstance(ratings, list):
        raise TypeError(cell[:80])
    return tuple(_rating(rating) for rating in ratings)


def _rating(rating: object) -> dict[str, object]:
    if not isinstance(rating, dict):
        raise TypeError(rating)
    platform, mean, count = (rating.get(key) for key in ("platform", "mean", "count"))
    if not isinstance(platform, str) or not platform:
        raise ValueError(rating)
    mean, count = _number(mean, texts=False), _number(count, texts=False)
    if not (0 <= mean < float("inf") and 0 <= count < float("inf") and count == int(count)):
        raise ValueError(rating)
    return {"platform": _text(platform), "mean": mean, "count": int(count)}


def _is_deep(type_: pa.DataType) -> bool:
    level = [type_]
    for _ in range(_DEEPEST):
        level = [nested.field(at).type for nested in level for at in range(nested.num_fields)]
    return bool(level)


def _is_unknown(value: object) -> bool:
    is_nan = isinstance(value, float | np.floating) and bool(np.isnan(value))
    return is_nan or value is None or value is pd.NA or value is pd.NaT


def _text(value: object) -> str:
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()  # a lone surrogate is no text
    return value


def _number(value: object, *, texts: bool = True) -> float:
    if isinstance(value, bool | np.bool_):
        raise TypeError(value)
    if texts and isinstance(value, str) and _NUMBER_TEXT.fullmatch(value):
        return float(value)
    if isinstance(value, int | float | Decimal | np.integer | np.floating):
        return float(value)
    raise TypeError(value)


def _time(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else _string(value)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return _text(value)


def _list(value: object) -> list[str | None]:
    if not isinstance(value, list | tuple | np.ndarray):
        raise TypeError(value)
    return [None if _is_unknown(item) else _string(item) for item in value]


def _ratings(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, list | tuple | np.ndarray):
        raise TypeError(value)
    return _text(json_text(list(value)))


def json_text(value: object) -> str:
    """Compact JSON; what JSON has no word for comes out as text.

    Raises:
        ValueError: A number is not finite.
    """
    return json.dumps(
        value, default=_plain, allow_nan=False, ensure_ascii=False, separators=(",", ":")
    )


def _plain(value: object) -> object:
    """What JSON has instead of a NumPy value; anything else in words."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return value.isoformat() if isinstance(value, datetime) else str(value)


_FIT: dict[Meaning, Callable[[object], object]] = {
    Meaning.ID: _text,
    Meaning.TEXT: _text,
    Meaning.KIND: _string,
    Meaning.TIME: _time,
    Meaning.RATINGS: _ratings,
    Meaning.NUMBER: _number,
    Meaning.LIST: _list,
}

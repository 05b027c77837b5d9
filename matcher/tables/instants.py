"""Times as text: ISO 8601 with an offset or Z, to the microsecond, and back.

The shape is checked by a pattern of linear cost, so that Arrow's own parser only
ever meets instants; fractions beyond the microsecond are cut off.

Source: ISO 8601-1:2019, extended format.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.violations import RowMask

INSTANT = pa.timestamp("us", "UTC")
_SHAPE = (
    r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]"
    r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?"
    r"(Z|[+-]([01]\d|2[0-3])(:?[0-5]\d)?)$"
)
_FIRST = -62_135_596_800_000_000  # 0001-01-01T00:00:00Z, in microseconds of Unix time
_LAST = 253_402_300_799_999_999  # 9999-12-31T23:59:59.999999Z


def parsed(texts: pa.Array) -> tuple[pa.Array, RowMask]:
    """Instants [n] from text, null where there is none; and a mask [n] of what is no instant."""
    trimmed = pc.utf8_trim_whitespace(texts)
    shaped = _filled(pc.match_substring_regex(trimmed, _SHAPE))
    candidates = only_where(trimmed, shaped)
    shortened = pc.replace_substring_regex(candidates, r"(\.\d{6})\d+", r"\1")
    try:
        instants = shortened.cast(INSTANT)
    except pa.ArrowInvalid:  # a day that its month does not have
        shaped &= _is_on_a_real_day(shortened)
        instants = only_where(shortened, shaped).cast(INSTANT)
    instants, outside = bounded(instants)
    return instants, (~shaped & ~_filled(pc.is_null(texts))) | outside


def bounded(instants: pa.Array) -> tuple[pa.Array, RowMask]:
    """The instants of the years 1 to 9999, the rest null; and a mask [n] of the rest."""
    microseconds = instants.cast(pa.int64())
    inside = pc.and_(
        pc.greater_equal(microseconds, pa.scalar(_FIRST)),
        pc.less_equal(microseconds, pa.scalar(_LAST)),
    )
    outside = _filled(pc.invert(inside))
    return (only_where(instants, ~outside) if outside.any() else instants), outside


def written(instants: pa.Array) -> pa.Array:
    """Instants as text such as 2024-05-01T09:30:00Z; a fraction only where there is one."""
    texts = pc.replace_substring(instants.cast(pa.large_string()), " ", "T", max_replacements=1)
    return pc.replace_substring_regex(texts, r"\.0+Z$", "Z")


def _filled(mask: pa.Array) -> RowMask:
    array: RowMask = pc.fill_null(mask, fill_value=False).to_numpy(zero_copy_only=False)
    return array.astype(np.bool_)


def only_where(values: pa.Array, mask: RowMask) -> pa.Array:
    """The values under the mask, null elsewhere."""
    return pc.if_else(pa.array(mask), values, pa.scalar(None, values.type))


def _is_on_a_real_day(texts: pa.Array) -> RowMask:
    days = pd.Series(pc.utf8_slice_codeunits(texts, 0, 10).to_pylist(), dtype="string")
    real: RowMask = pd.to_datetime(days, format="%Y-%m-%d", errors="coerce").notna().to_numpy()
    return real

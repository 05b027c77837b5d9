"""How much of a client's working day somebody elsewhere is awake."""

from __future__ import annotations

import numpy as np

from matcher.ports import Column

CLIENT_FROM, CLIENT_TO = 9.0, 17.0
AWAKE_FROM, AWAKE_TO = 8.0, 20.0
DAY = 24.0


def overlap_hours(client_offset: float | None, offsets: Column) -> list[float | None]:
    """[n] hours of 9 to 17 at the client's that are 8 to 20 at [n] other UTC offsets.

    Returns:
        0..8; None where either offset is unknown.

    >>> overlap_hours(1.0, np.array([1.0, -8.0, np.nan], np.float32))
    [8.0, 0.0, None]
    """
    known = np.isfinite(offsets)
    if client_offset is None:
        return [None] * len(offsets)
    ahead = np.where(known, offsets, 0).astype(np.float64) - client_offset
    hours = np.zeros(len(offsets))
    for days in (-DAY, 0.0, DAY, 2 * DAY, -2 * DAY):
        start = np.maximum(CLIENT_FROM + ahead, AWAKE_FROM + days)
        stop = np.minimum(CLIENT_TO + ahead, AWAKE_TO + days)
        hours += np.maximum(stop - start, 0.0)
    told = np.round(hours, 2).tolist()
    return [one if is_known else None for one, is_known in zip(told, known.tolist(), strict=True)]

"""The order of rows in each table: by time, or by id, with ties by id."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matcher.tables.memory import arrow_of_typed

SORT_KEYS = {
    "freelancers": ("freelancer_id", "valid_from"),
    "jobs": ("posted_at", "job_id"),
    "events": ("at", "event_id"),
}


def in_order(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The rows of table `name` in its order; ids compare by code point."""
    keys = SORT_KEYS[name]
    table = pa.table({key: arrow_of_typed(frame[key]) for key in keys})
    rows = pc.sort_indices(table, sort_keys=[(key, "ascending") for key in keys]).to_numpy()
    return frame.take(rows).reset_index(drop=True)

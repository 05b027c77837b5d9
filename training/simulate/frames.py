"""From the simulator's rows to tables in the columns of the marketplace contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from training.simulate.draws import Ints

_START = pd.Timestamp("2024-01-01T00:00:00Z")
_MICROSECONDS = 1_000_000

# column -> what it holds; the order is that of the tables.
FREELANCERS = {
    "freelancer_id": "text",
    "joined_at": "time",
    "valid_from": "time",
    "title": "text",
    "overview": "text",
    "skills": "list",
    "hourly_rate_usd": "number",
    "country": "text",
    "utc_offset_hours": "number",
    "languages": "list",
    "weekly_hours": "number",
    "portable_ratings": "list",
    "agency_id": "text",
    "group": "text",
}
JOBS = {
    "job_id": "text",
    "posted_at": "time",
    "title": "text",
    "description": "text",
    "client_id": "text",
    "category": "text",
    "skills": "list",
    "payment": "text",
    "budget_usd_min": "number",
    "budget_usd_max": "number",
    "weeks": "number",
    "country": "text",
    "utc_offset_hours": "number",
    "languages": "list",
    "positions": "number",
    "closes_at": "time",
}


def frame(rows: Sequence[Mapping[str, object]], columns: Mapping[str, str]) -> pd.DataFrame:
    """The rows as a table; times are seconds since 2024-01-01T00:00Z, unknown is null."""
    return pd.DataFrame(
        {name: column([row[name] for row in rows], holds) for name, holds in columns.items()},
        columns=list(columns),
    )


def column(values: Sequence[object], holds: str) -> pd.Series:
    """One column: `text`, `number` (NaN where unknown), `time` (NaT) or `list` (None)."""
    if holds == "text":
        return pd.Series(list(values), dtype="str")
    if holds == "number":
        return pd.Series(list(values), dtype="float64")
    if holds == "list":
        return pd.Series(list(values), dtype="object")
    return pd.Series(instants(values))


def instants(seconds: Sequence[object] | Ints) -> pd.Series:
    """Seconds since the market's start as UTC instants; NaT where None."""
    if isinstance(seconds, np.ndarray):
        elapsed = pd.array(seconds * _MICROSECONDS, dtype="Int64")
    else:
        elapsed = pd.array(
            [None if each is None else int(str(each)) * _MICROSECONDS for each in seconds],
            dtype="Int64",
        )
    return pd.Series(_START.as_unit("us") + pd.to_timedelta(elapsed, unit="us").as_unit("us"))

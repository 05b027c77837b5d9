"""All that a store holds at one instant, as a marketplace."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, select
from sqlalchemy.engine import Connection

from matcher.marketplace import Marketplace, from_frames
from matcher.schema import TABLES, Meaning
from matcher.store import tables
from matcher.store.cells import extras_of, record_of
from matcher.store.journal import last_seq
from matcher.tables.convert import string_column

_STRINGS = {Meaning.ID, Meaning.TEXT, Meaning.KIND}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class View:
    """What was on record once change `seq` was made.

    Attributes:
        marketplace: Deleted records too, for the past of others is about them.
        deleted_freelancers: Ids of those who are on no list any more; jobs likewise.
    """

    seq: int
    marketplace: Marketplace
    deleted_freelancers: frozenset[str]
    deleted_jobs: frozenset[str]


def view_of(connection: Connection) -> View:
    """Read everything; the connection sees one instant."""
    frames = {name: frame_of(connection, name) for name in TABLES}
    return View(
        seq=last_seq(connection),
        marketplace=from_frames(**frames),
        deleted_freelancers=_deleted(connection, "freelancers"),
        deleted_jobs=_deleted(connection, "jobs"),
    )


def without(marketplace: Marketplace, ids: Collection[str]) -> Marketplace:
    """A marketplace as if some people had never been there; jobs of theirs are nobody's."""
    if not ids:
        return marketplace
    people, jobs, events = marketplace.freelancers, marketplace.jobs, marketplace.events
    return from_frames(
        freelancers=people[~people["freelancer_id"].isin(ids)],
        jobs=jobs.assign(client_id=jobs["client_id"].mask(jobs["client_id"].isin(ids))),
        events=events[~events["freelancer_id"].isin(ids)],
    )


def _deleted(connection: Connection, name: str) -> frozenset[str]:
    table = tables.RECORDS[name]
    query = select(table.c[TABLES[name][0].name]).where(table.c.deleted_at.is_not(None))
    return frozenset(connection.execute(query).scalars())


def frame_of(connection: Connection, name: str, *which: ColumnElement[bool]) -> pd.DataFrame:
    """The rows of a table for which some conditions hold, as columns of the contract."""
    table, specs = tables.RECORDS[name], TABLES[name]
    query = select(*(table.c[spec.name] for spec in specs), table.c.extra).where(*which)
    return table_of(connection.execute(query).all(), name)


def table_of(rows: Sequence[Sequence[Any]], name: str) -> pd.DataFrame:
    """A table from rows of the contract's cells in order, `extra` last."""
    specs = TABLES[name]
    cells = list(zip(*rows, strict=True)) or [() for _ in range(len(specs) + 1)]
    columns = {
        spec.name: _column(values, spec.name, spec.meaning, name)
        for spec, values in zip(specs, cells[:-1], strict=True)
    }
    return pd.DataFrame(
        {**columns, **_extras([row[-1] for row in rows])}, index=pd.RangeIndex(len(rows))
    )


def _column(values: Sequence[object], column: str, meaning: Meaning, name: str) -> object:
    if meaning in _STRINGS:
        return string_column(pa.array(values, pa.large_string()))
    if meaning is Meaning.TIME:
        return pa.array(values, pa.int64()).cast(pa.timestamp("us", "UTC")).to_pandas()
    if meaning is Meaning.NUMBER:
        return np.array(values, np.float64)  # None is NaN
    read = [record_of({column: value}, name)[column] for value in values]
    return pd.Series(read, dtype=object)


def _extras(extras: Sequence[str | None]) -> dict[str, pd.Series]:
    """Columns outside the contract, by name; absent where no row has a value."""
    read = [extras_of(text) for text in extras]
    names = sorted({column for extras in read for column in extras})
    return {
        column: pd.Series([extras.get(column) for extras in read], dtype=object) for column in names
    }

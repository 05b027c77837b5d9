"""What holds between tables: events speak of known jobs and freelancers, in a likely order.

An unknown job or freelancer is refused; an unlikely order is only worth a warning,
a sentence with its count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matcher.tables.typed import TypedTable
from matcher.violations import SHOWN, Finding, finding_in_rows

_REFERENCES = {"job_id": "jobs", "freelancer_id": "freelancers"}


def check_references(tables: Mapping[str, TypedTable]) -> tuple[Finding, ...]:
    """Findings on events of unknown jobs or freelancers.

    A table of which nothing could be read is not asked.
    """
    events, findings = tables["events"], []
    for column, name in _REFERENCES.items():
        others = tables[name]
        if not others.complete and others.frame[column].isna().all():
            continue
        ids = events.frame[column]
        mask = (_rows_of(ids, others.frame[column]) < 0) & ~events.flagged[column]
        if mask.any():
            findings.append(
                finding_in_rows(
                    "events",
                    column,
                    rows=events.row_numbers[mask],
                    values=ids[mask].iloc[:SHOWN].tolist(),
                    expected=f"a {column} of the {name} table",
                    remedy=f"add it to {name}, or leave the event out"
                    + ("" if others.complete else f" (some rows of {name} could not be read)"),
                )
            )
    return tuple(findings)


def warnings_about(
    *, freelancers: pd.DataFrame, jobs: pd.DataFrame, events: pd.DataFrame
) -> tuple[str, ...]:
    """Sentences about what is allowed and yet unlikely; each starts with its count."""
    counted = (
        *_about_events(freelancers=freelancers, jobs=jobs, events=events),
        *_about_freelancers(freelancers),
        (
            int((jobs["closes_at"] < jobs["posted_at"]).sum()),
            "{} closed before it was posted, so it is never open",
            "job",
        ),
    )
    return tuple(
        sentence.format(f"{count:,} {noun}{'' if count == 1 else 's'}")
        for count, sentence, noun in counted
        if count
    )


def _about_events(
    *, freelancers: pd.DataFrame, jobs: pd.DataFrame, events: pd.DataFrame
) -> Iterator[tuple[int, str, str]]:
    joined = freelancers.groupby("freelancer_id", sort=False)["joined_at"].min()
    job_rows = _rows_of(events["job_id"], jobs["job_id"])
    freelancer_rows = _rows_of(events["freelancer_id"], pd.Series(joined.index))
    at = _microseconds(events["at"])
    early = int((at < _microseconds(jobs["posted_at"])[job_rows]).sum())
    yield early, "{} came before the job was posted", "event"
    early = int((at < _microseconds(joined)[freelancer_rows]).sum())
    yield early, "{} came before the freelancer joined", "event"
    hired = (events["kind"] == "hired").to_numpy(dtype=np.bool_)
    pairs = job_rows[hired] * (len(joined) + 1) + freelancer_rows[hired]
    again = len(pairs) - len(np.unique(pairs))
    yield again, "{} repeated one: the same freelancer was hired for the same job before", "hire"


def _about_freelancers(freelancers: pd.DataFrame) -> Iterator[tuple[int, str, str]]:
    by_id = freelancers.groupby("freelancer_id", sort=False)["joined_at"]
    yield (
        int((by_id.size() == 1).sum()),
        "{} known by a single row: the profile is taken as constant, and an overview edited "
        "later is a leak that no code can see",
        "freelancer",
    )
    disagree = by_id.min() < by_id.max()
    yield int(disagree.sum()), "{} with rows that disagree on joined_at", "freelancer"


def _rows_of(ids: pd.Series, known: pd.Series) -> NDArray[np.int64]:
    """[n] the first row of each id among the known ones; -1 where it is not among them."""
    rows = pc.index_in(pa.array(ids), value_set=pa.array(known), skip_nulls=True)
    return np.asarray(pc.fill_null(rows, -1), dtype=np.int64)


def _microseconds(instants: pd.Series) -> NDArray[np.int64]:
    naive: NDArray[np.datetime64] = instants.dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    return naive.astype(np.int64)

"""Reads, validates and writes a marketplace: the only door for data from disk.

A marketplace is read or refused whole. Three tables, each in exactly one form
(Parquet, CSV, JSON Lines), become three frames of fixed columns and types; every
violation is collected before the refusal.

The frames hold ids and texts as `string` (null: `pd.NA`), times as
`datetime64[us, UTC]`, numbers as float64 (null: NaN), event kinds as a categorical
of all kinds, and as objects tuples of strings (skills, languages) or of
`{"platform", "mean", "count"}` (portable ratings), with None for unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd

from matcher.checks import check_values
from matcher.errors import InvalidMarketplaceError, UsageError
from matcher.relations import check_references, warnings_about
from matcher.tables.forms import read_table
from matcher.tables.memory import read_frame
from matcher.tables.order import in_order
from matcher.tables.raw import RawTable
from matcher.tables.typed import TypedTable, typed
from matcher.tables.writing import write_tables
from matcher.violations import TABLE_NAMES, first_violations


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marketplace:
    """Three tables that keep the contract.

    Every contract column is present, in the contract's order; further columns follow.

    Attributes:
        freelancers: Sorted by (freelancer_id, valid_from); valid_from is never null.
        jobs: Sorted by (posted_at, job_id).
        events: Sorted by (at, event_id).
        warnings: What is allowed and yet unlikely, a sentence each, with its count.
    """

    freelancers: pd.DataFrame
    jobs: pd.DataFrame
    events: pd.DataFrame
    warnings: tuple[str, ...]

    def before(self, instant: datetime) -> Marketplace:
        """What was known strictly before `instant`, warnings included.

        Freelancer rows need both joined_at and valid_from before it; an event also
        needs its job and its freelancer to be kept.

        Raises:
            UsageError: The instant has no time zone.
        """
        if instant.utcoffset() is None:
            raise UsageError(
                f"{instant.isoformat()} has no time zone; give an aware instant, such as one in UTC"
            )
        known = (self.freelancers["joined_at"] < instant) & (
            self.freelancers["valid_from"] < instant
        )
        freelancers = self.freelancers[known].reset_index(drop=True)
        jobs = self.jobs[self.jobs["posted_at"] < instant].reset_index(drop=True)
        kept = (
            (self.events["at"] < instant)
            & self.events["job_id"].isin(jobs["job_id"])
            & self.events["freelancer_id"].isin(freelancers["freelancer_id"])
        )
        events = self.events[kept].reset_index(drop=True)
        return Marketplace(
            freelancers=freelancers,
            jobs=jobs,
            events=events,
            warnings=warnings_about(freelancers=freelancers, jobs=jobs, events=events),
        )


def read_marketplace(directory: Path) -> Marketplace:
    """The marketplace in `directory`, whole.

    Raises:
        InvalidMarketplaceError: It breaks the contract; all violations are counted.
    """
    return _validated({name: read_table(directory, name) for name in TABLE_NAMES})


def from_frames(
    *, freelancers: pd.DataFrame, jobs: pd.DataFrame, events: pd.DataFrame
) -> Marketplace:
    """A marketplace from frames in memory, held to the same rules; indexes are ignored.

    Raises:
        InvalidMarketplaceError: They break the contract; row 1 is a frame's first row.
    """
    frames = {"freelancers": freelancers, "jobs": jobs, "events": events}
    return _validated({name: read_frame(frame, name) for name, frame in frames.items()})


def write_marketplace(
    marketplace: Marketplace, directory: Path, *, form: str = "parquet", force: bool = False
) -> None:
    """Writes the three tables to `directory`, all or nothing.

    The bytes depend on the content alone. With `force`, a marketplace that is there
    is replaced whole, with whatever files lie beside its tables.

    Args:
        marketplace: What to write.
        directory: Appears complete or not at all; its parents are made.
        form: `parquet`, `csv`, `csv.gz`, `jsonl` or `jsonl.gz`.
        force: Whether a marketplace that is there may be replaced.

    Raises:
        OutputExistsError: `directory` is there, and `force` is not given.
        UsageError: The form is unknown or cannot hold the content (in CSV, a list item with
            a `|`), or what `force` would replace is no marketplace.
    """
    frames = {name: getattr(marketplace, name) for name in TABLE_NAMES}
    write_tables(frames, directory, form=form, force=force)


def _validated(raws: Mapping[str, RawTable]) -> Marketplace:
    tables = {name: _typed_and_filled(raw) for name, raw in raws.items()}
    findings = [finding for table in tables.values() for finding in table.findings]
    for table in tables.values():
        findings += check_values(table)
    findings += check_references(tables)
    if findings:
        raise InvalidMarketplaceError(
            violations=first_violations(findings),
            total=sum(finding.count for finding in findings),
        )
    freelancers, jobs, events = (in_order(tables[name].frame, name) for name in TABLE_NAMES)
    return Marketplace(
        freelancers=freelancers,
        jobs=jobs,
        events=events,
        warnings=(
            *(warning for raw in raws.values() for warning in raw.warnings),
            *warnings_about(freelancers=freelancers, jobs=jobs, events=events),
        ),
    )


def _typed_and_filled(raw: RawTable) -> TypedTable:
    table = typed(raw)
    if raw.name == "freelancers":
        default = table.frame["joined_at"].mask(table.flagged["valid_from"])
        table.frame["valid_from"] = table.frame["valid_from"].fillna(default)
    return table

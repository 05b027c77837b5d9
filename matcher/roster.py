"""Freelancers and jobs as columns: immutable, numbered in a fixed order.

A freelancer is a row [F]; each of their profiles is a version [V], in force
from its `valid_from` until the next. What is asked of a profile is always asked
as of an instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matcher.codes import Codes, skill_name
from matcher.domain import Job, moment_of
from matcher.ports import Column, Instants, Mask, Rows
from matcher.ragged import Ragged
from matcher.text import job_text, overview_in, profile_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Freelancers:
    """Who may be hired: in the order of their ids, and then those who came later.

    Attributes:
        ids: [F] str; row f is `ids[f]`.
        place: [F] place of each row in the order of ids; None where rows are in that order.
        joined_at: [F] instants.
        starts: [F] int64; versions of row f are `starts[f]:stops[f]`, oldest first. A version
            that lies in no such range was replaced.
        valid_from: [V] instants.
        texts: [V] what each version says, "" where it says nothing.
        rate: [V] USD per hour; NaN unknown. Also `offset` (hours), `weekly_hours`,
            `platform_mean` and `platform_count` (ratings brought from elsewhere).
        country: [V] code in `countries`, -1 unknown.
        skills: [V] codes in `skill_names`.
        languages: [V] codes in `language_names`.
        deleted: [F] who is on no list any more; the past of others is about them still.
    """

    ids: tuple[str, ...]
    joined_at: Instants
    starts: Rows
    stops: Rows
    valid_from: Instants
    texts: tuple[str, ...]
    titles: tuple[str | None, ...]
    rate: Column
    offset: Column
    weekly_hours: Column
    platform_mean: Column
    platform_count: Column
    country: Rows
    countries: Codes
    skills: Ragged
    skill_names: Codes
    languages: Ragged
    language_names: Codes
    deleted: Mask
    rows: dict[str, int]
    place: Rows | None = None

    @classmethod
    def of(cls, table: pd.DataFrame, *, deleted: frozenset[str] = frozenset()) -> Freelancers:
        """From the `freelancers` table of a marketplace, and the ids of those who are deleted."""
        table = table.sort_values(["freelancer_id", "valid_from"], kind="stable")
        owner = table["freelancer_id"].to_numpy(dtype=object)
        ids, starts = np.unique(owner.astype(str), return_index=True)
        joined = instants(table["joined_at"])
        skills = [[skill_name(s) for s in row] for row in lists(table["skills"])]
        languages = lists(table["languages"])
        skill_names = Codes.of(name for row in skills for name in row)
        language_names = Codes.of(name for row in languages for name in row)
        countries = Codes.of(c for c in strings(table["country"]) if c is not None)
        ratings = [platform_rating(row) for row in table["portable_ratings"]]
        titles = strings(table["title"])
        said = zip(titles, strings(table["overview"]), lists(table["skills"]), strict=True)
        return cls(
            ids=tuple(str(name) for name in ids),
            joined_at=joined[starts],  # of the first profile: a later one changes nothing
            starts=starts.astype(np.int64),
            stops=np.append(starts[1:], [len(table)][: len(ids)]).astype(np.int64),
            valid_from=instants(table["valid_from"]),
            texts=tuple(profile_text(title, words, skills=row) for title, words, row in said),
            titles=tuple(titles),
            rate=numbers(table["hourly_rate_usd"]),
            offset=numbers(table["utc_offset_hours"]),
            weekly_hours=numbers(table["weekly_hours"]),
            platform_mean=np.array([mean for mean, _ in ratings], np.float32),
            platform_count=np.array([count for _, count in ratings], np.float32),
            country=countries.column(strings(table["country"])),
            countries=countries,
            skills=Ragged.of([[skill_names.code(name) for name in row] for row in skills]),
            skill_names=skill_names,
            languages=Ragged.of([[language_names.code(x) for x in row] for row in languages]),
            language_names=language_names,
            deleted=np.array([str(name) in deleted for name in ids], np.bool_),
            rows={str(name): row for row, name in enumerate(ids)},
        )

    def __len__(self) -> int:
        return len(self.ids)

    def headline(self, version: int) -> str:
        """Title and rate of a version in a line; empty where neither is known, or for -1."""
        if version < 0:
            return ""
        rate = float(self.rate[version])
        asked = f"{rate:.0f} USD/h" if np.isfinite(rate) else None
        return ", ".join(part for part in (self.titles[version], asked) if part)

    def overview(self, version: int) -> str | None:
        """What a version says beside title and skills; None where it says nothing."""
        lists_skills = bool(self.skills.ends[version + 1] > self.skills.ends[version])
        return overview_in(self.texts[version], self.titles[version], lists_skills=lists_skills)

    def joined_before(self, as_of: int) -> Mask:
        """[F] who was in the pool at an instant; whoever is deleted by now is in none."""
        return (self.joined_at < as_of) & ~self.deleted

    def brought(self) -> tuple[Column, Column]:
        """[F] mean stars on other platforms by the latest profile, NaN without; and how many."""
        latest = self.stops - 1
        return self.platform_mean[latest], self.platform_count[latest]

    def versions(self, as_of: int) -> Rows:
        """[F] the version in force just before an instant; -1 where none was."""
        if self.valid_from.max(initial=0) < as_of:  # as mostly, for those who ask of now
            return np.where(self.stops > self.starts, self.stops - 1, -1)
        known = np.cumsum(np.append(0, self.valid_from < as_of))
        in_force = known[self.stops] - known[self.starts]
        return np.where(in_force > 0, self.starts + in_force - 1, -1)

    @property
    def places(self) -> Rows:
        """[F] place of each row in the order of ids."""
        return np.arange(len(self)) if self.place is None else self.place

    def in_order(self, rows: Rows) -> Rows:
        """Some rows, rising, in the order of ids."""
        return rows if self.place is None else rows[np.argsort(self.place[rows])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """What was asked for, in the order of (posted_at, job_id).

    Attributes:
        records: [N] the jobs as they were posted.
        client: [N] code in `clients`, -1 unknown; `category` likewise.
        skills: [N] codes in `skill_names` of the skills that each job lists.
    """

    records: tuple[Job, ...]
    posted_at: Instants
    texts: tuple[str, ...]
    client: Rows
    clients: Codes
    category: Rows
    categories: Codes
    skills: Ragged
    skill_names: Codes
    rows: dict[str, int]

    @classmethod
    def of(cls, table: pd.DataFrame) -> Jobs:
        """From the `jobs` table of a marketplace."""
        table = table.sort_values(["posted_at", "job_id"], kind="stable")
        records = tuple(_jobs(table))
        clients = Codes.of(job.client_id for job in records if job.client_id)
        categories = Codes.of(job.category for job in records if job.category)
        skills = [[skill_name(one) for one in job.skills] for job in records]
        skill_names = Codes.of(one for row in skills for one in row)
        return cls(
            records=records,
            posted_at=instants(table["posted_at"]),
            texts=tuple(text_of(job) for job in records),
            client=clients.column(job.client_id for job in records),
            clients=clients,
            category=categories.column(job.category for job in records),
            categories=categories,
            skills=Ragged.of([[skill_names.code(one) for one in row] for row in skills]),
            skill_names=skill_names,
            rows={job.job_id: row for row, job in enumerate(records) if job.job_id is not None},
        )

    def __len__(self) -> int:
        return len(self.records)


def text_of(job: Job) -> str:
    """The one text of a job."""
    return job_text(job.title, job.description, category=job.category, skills=job.skills)


def instants(column: pd.Series[pd.Timestamp]) -> Instants:
    """[n] int64 microseconds of a UTC time column without nulls."""
    return np.asarray(column.astype("datetime64[us, UTC]").astype("int64"), np.int64)


def numbers(column: pd.Series[float]) -> Column:
    """[n] float32; NaN where unknown."""
    return column.to_numpy(dtype=np.float32, na_value=np.nan)


def strings(column: pd.Series[Any]) -> list[str | None]:
    """Plain strings; None where unknown."""
    return [None if pd.isna(value) else str(value) for value in column]


def lists(column: pd.Series[Any]) -> list[tuple[str, ...]]:
    """Plain tuples; empty where unknown."""
    return [tuple(value) if isinstance(value, Iterable) else () for value in column]


def platform_rating(ratings: Sequence[dict[str, float]] | None) -> tuple[float, float]:
    """Mean and count over platforms, weighted by count; NaN and 0 without any."""
    if not ratings:
        return np.nan, 0.0
    count = sum(rating["count"] for rating in ratings)
    if count <= 0:
        return np.nan, 0.0
    return sum(rating["mean"] * rating["count"] for rating in ratings) / count, count


def _jobs(table: pd.DataFrame) -> Iterable[Job]:
    text_columns = ("title", "job_id", "description", "client_id", "category", "payment", "country")
    number_columns = ("budget_usd_min", "budget_usd_max", "weeks", "utc_offset_hours", "positions")
    texts = {name: strings(table[name]) for name in text_columns}
    figures = {name: _floats(table[name]) for name in number_columns}
    skills, languages = lists(table["skills"]), lists(table["languages"])
    posted = instants(table["posted_at"])
    closes = [None if pd.isna(at) else at.to_pydatetime() for at in table["closes_at"]]
    for i in range(len(table)):
        positions = figures["positions"][i]
        yield Job(
            title=texts["title"][i] or "",
            job_id=texts["job_id"][i],
            posted_at=moment_of(int(posted[i])),
            description=texts["description"][i],
            client_id=texts["client_id"][i],
            category=texts["category"][i],
            skills=skills[i],
            payment=texts["payment"][i],
            budget_usd_min=figures["budget_usd_min"][i],
            budget_usd_max=figures["budget_usd_max"][i],
            weeks=figures["weeks"][i],
            country=texts["country"][i],
            utc_offset_hours=figures["utc_offset_hours"][i],
            languages=languages[i],
            positions=None if positions is None else int(positions),
            closes_at=closes[i],
        )


def _floats(column: pd.Series[Any]) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in column]

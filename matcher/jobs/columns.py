"""What jobs ask for, as columns beside those of `Jobs`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.codes import Codes
from matcher.domain import Job
from matcher.enlisting import placed, renumbered
from matcher.ports import Column, Rows
from matcher.ragged import Ragged
from matcher.roster import Jobs

Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobColumns:
    """Fields of jobs that a freelancer looks at.

    Attributes:
        budget: [N] USD, the most that is offered: per hour, or in total; NaN unknown.
        payment: [N] code in `payments`, -1 unknown; `country` likewise.
        offset: [N] UTC offset in hours; NaN unknown.
        languages: [N] codes in `language_names`.
        place: [N] place of each job in the order of ids.
    """

    budget: Column
    payment: Rows
    payments: Codes
    country: Rows
    countries: Codes
    offset: Column
    languages: Ragged
    language_names: Codes
    place: Rows

    @classmethod
    def of(cls, jobs: Jobs) -> JobColumns:
        """From a roster."""
        return cls.of_records(jobs.records)

    @classmethod
    def of_records(cls, records: Sequence[Job]) -> JobColumns:
        """From jobs, by row."""
        payments = Codes.of(job.payment for job in records if job.payment)
        countries = Codes.of(job.country for job in records if job.country)
        languages = Codes.of(one for job in records for one in job.languages)
        place = np.empty(len(records), np.int64)
        order = sorted(range(len(records)), key=lambda row: records[row].job_id or "")
        place[order] = np.arange(len(records))
        return cls(
            budget=_column(
                job.budget_usd_min if job.budget_usd_max is None else job.budget_usd_max
                for job in records
            ),
            payment=payments.column(job.payment for job in records),
            payments=payments,
            country=countries.column(job.country for job in records),
            countries=countries,
            offset=_column(job.utc_offset_hours for job in records),
            languages=Ragged.of(
                [[languages.code(one) for one in job.languages] for job in records]
            ),
            language_names=languages,
            place=place,
        )

    def grown(self, jobs: Jobs, *, since: int, changed: Rows) -> JobColumns:
        """The same with the jobs from row `since` on, and other terms for some of before."""
        rows = np.append(changed, np.arange(since, len(jobs)))
        if len(rows) == 0:
            return self
        records = [jobs.records[row] for row in rows]
        new = JobColumns.of_records(records)
        payments = self.payments.grown(new.payments.names)
        countries = self.countries.grown(new.countries.names)
        names = self.language_names.grown(new.language_names.names)
        languages = self.languages.followed(
            new.languages.numbered(names.column(new.language_names.names))
        )
        lists = np.arange(len(jobs))
        lists[rows] = np.arange(since, since + len(rows))
        ids = [jobs.records[row].job_id or "" for row in range(since, len(jobs))]
        return JobColumns(
            budget=_with(self.budget, new.budget, rows, size=len(jobs)),
            payment=_with(
                self.payment,
                renumbered(new.payment, payments.column(new.payments.names)),
                rows,
                size=len(jobs),
            ),
            payments=payments,
            country=_with(
                self.country,
                renumbered(new.country, countries.column(new.countries.names)),
                rows,
                size=len(jobs),
            ),
            countries=countries,
            offset=_with(self.offset, new.offset, rows, size=len(jobs)),
            languages=languages.take(lists),
            language_names=names,
            place=placed(lambda row: jobs.records[row].job_id or "", self.place, ids),
        )


def _with(
    known: NDArray[Scalar], new: NDArray[Scalar], rows: Rows, *, size: int
) -> NDArray[Scalar]:
    """[size] a column with new values in some rows."""
    longer = np.append(known, np.zeros(size - len(known), known.dtype))
    longer[rows] = new
    return longer


def _column(values: Iterable[float | None]) -> Column:
    return np.array([np.nan if value is None else value for value in values], np.float32)

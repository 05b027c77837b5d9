"""What jobs ask for, as columns beside those of `Jobs`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from matcher.codes import Codes
from matcher.ports import Column, Rows
from matcher.ragged import Ragged
from matcher.roster import Jobs


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
        records = jobs.records
        payments = Codes.of(job.payment for job in records if job.payment)
        countries = Codes.of(job.country for job in records if job.country)
        languages = Codes.of(one for job in records for one in job.languages)
        place = np.empty(len(jobs), np.int64)
        place[sorted(range(len(jobs)), key=lambda row: records[row].job_id or "")] = np.arange(
            len(jobs)
        )
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


def _column(values: Iterable[float | None]) -> Column:
    return np.array([np.nan if value is None else value for value in values], np.float32)

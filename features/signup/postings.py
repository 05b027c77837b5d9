"""Jobs in the freelancers' own codes, and what each hired newcomers for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.engagements import NEVER
from matcher.ports import Column, Instants, Mask, Rows
from matcher.ragged import Ragged
from matcher.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Postings:
    """N jobs as columns; made once for a snapshot.

    Attributes:
        skills: [N] codes of the skills named, as freelancers list them; others are left out.
        offset: [N] hours; NaN unknown.
        hourly_budget: [N] USD an hour; NaN where unknown or a fixed sum.
        tongues: Each distinct set of languages asked for, as freelancers' codes.
        tongue: [N] which of `tongues`; -1 where the job asks for none.
        first_hired_at: [m] the instant of each engagement that was somebody's first; `NEVER`
            for the others.
    """

    skills: Ragged
    offset: Column
    hourly_budget: Column
    tongues: tuple[Rows, ...]
    tongue: Rows
    first_hired_at: Instants

    @classmethod
    def of(cls, snapshot: Snapshot) -> Postings:
        """From everything that a snapshot holds; who asks cuts it by instant."""
        freelancers, jobs = snapshot.freelancers, snapshot.jobs
        records = jobs.records
        code = freelancers.skill_names.column(jobs.skill_names.names)
        skills = [code[jobs.skills.codes[start:stop]] for start, stop in _edges(jobs.skills)]
        asked = [tuple(sorted(set(job.languages))) for job in records]
        distinct = sorted(set(asked) - {()})
        place = {languages: number for number, languages in enumerate(distinct)}
        budgets = [
            (job.budget_usd_max or job.budget_usd_min) if job.payment == "hourly" else None
            for job in records
        ]
        return cls(
            skills=Ragged.of([[int(one) for one in row if one >= 0] for row in skills]),
            offset=_column([job.utc_offset_hours for job in records]),
            hourly_budget=_column(budgets),
            tongues=tuple(freelancers.language_names.wanted(one) for one in distinct),
            tongue=np.array([place.get(one, -1) for one in asked], np.int64),
            first_hired_at=_first_hired_at(snapshot),
        )


def first_hires(snapshot: Snapshot) -> Instants:
    """[F] the instant at which each freelancer was first hired; `NEVER` where none was."""
    engagements = snapshot.history.engagements
    out = np.full(len(snapshot.freelancers), NEVER, np.int64)
    np.minimum.at(out, engagements.freelancer, engagements.at)
    return out


def _first_hired_at(snapshot: Snapshot) -> Instants:
    engagements = snapshot.history.engagements
    is_first: Mask = engagements.at == first_hires(snapshot)[engagements.freelancer]
    return np.where(is_first, engagements.at, NEVER)


def _edges(ragged: Ragged) -> list[tuple[int, int]]:
    return list(zip(ragged.ends[:-1].tolist(), ragged.ends[1:].tolist(), strict=True))


def _column(values: list[float | None]) -> Column:
    return np.array([np.nan if one is None else one for one in values], np.float32)

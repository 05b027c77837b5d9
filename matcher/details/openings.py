"""What a person wants to know of the open jobs on a freelancer's list, and of the freelancer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matcher.details.advice import Advice, advice
from matcher.details.asked import Shared, listed_by, named_by
from matcher.details.day import overlap_hours
from matcher.details.profile import LONGEST, Profile, profile_of
from matcher.details.record import TrackRecord, track_records
from matcher.domain import Job
from matcher.jobs.query import JobMatches
from matcher.learned import Learned
from matcher.reading.brief import shortened
from matcher.retrieval.filters import in_force
from matcher.skills import SkillFinder
from matcher.snapshot import Snapshot

READ = 1_000  # characters of a job that lists no skill: there may be a thousand of them
LOOKED_AT = 50  # of the best open jobs, whatever k: what advice counts over


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An open job as it was posted; None is unknown. `description` is its first words."""

    title: str
    description: str | None
    client_id: str | None
    category: str | None
    skills: tuple[str, ...]
    payment: str | None
    budget_usd_min: float | None
    budget_usd_max: float | None
    weeks: float | None
    country: str | None
    utc_offset_hours: float | None
    languages: tuple[str, ...]
    positions: int | None
    posted_at: datetime | None
    closes_at: datetime | None

    @classmethod
    def of(cls, job: Job) -> Opening:
        """From a job on record."""
        return cls(
            title=job.title,
            description=job.description and shortened(job.description, most=LONGEST),
            client_id=job.client_id,
            category=job.category,
            skills=job.skills,
            payment=job.payment,
            budget_usd_min=job.budget_usd_min,
            budget_usd_max=job.budget_usd_max,
            weeks=job.weeks,
            country=job.country,
            utc_offset_hours=job.utc_offset_hours,
            languages=job.languages,
            positions=job.positions,
            posted_at=job.posted_at,
            closes_at=job.closes_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetails:
    """One job on a list, and which of its skills the freelancer lists.

    Attributes:
        overlap_hours: Of the client's working day; None where an offset is unknown.
    """

    job: Opening
    skills: Shared
    overlap_hours: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whoever asks for jobs."""

    profile: Profile
    track_record: TrackRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class DetailedJobs:
    """The details of a list of jobs, in its order.

    Attributes:
        freelancer: None for somebody who had not joined before the list's instant.
    """

    freelancer: Person | None
    jobs: tuple[JobDetails, ...]
    advice: tuple[Advice, ...]


def detailed_jobs(
    matches: JobMatches, *, snapshot: Snapshot, learned: Learned, finder: SkillFinder
) -> DetailedJobs:
    """The details of a list of jobs; nothing at or after its instant counts."""
    query, records = matches.query, snapshot.jobs.records
    profile = profile_of(snapshot.freelancers, query.freelancer, query.version)
    shown = [snapshot.jobs.rows[one.job_id] for one in matches.top]
    best = matches.rows[:LOOKED_AT].tolist()
    asked = {row: _asked(records[row], finder) for row in dict.fromkeys([*shown, *best])}
    joined = int(snapshot.freelancers.joined_at[query.freelancer]) < query.as_of
    row = np.array([query.freelancer], np.int64)
    offset = in_force(snapshot.freelancers.offset, np.array([query.version], np.int64))
    (record,) = track_records(snapshot, learned, rows=row, as_of=query.as_of)
    return DetailedJobs(
        freelancer=Person(profile=profile, track_record=record) if joined else None,
        jobs=tuple(
            JobDetails(
                job=Opening.of(records[row]),
                skills=Shared.of(asked[row], profile.skills),
                overlap_hours=overlap_hours(records[row].utc_offset_hours, offset)[0],
            )
            for row in shown
        ),
        advice=advice(profile, [(records[row], asked[row]) for row in best]) if joined else (),
    )


def _asked(job: Job, finder: SkillFinder) -> tuple[str, ...]:
    """What a job lists; where it lists nothing, what its text names."""
    return listed_by(job) or named_by(job, finder, most=READ)

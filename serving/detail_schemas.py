"""What `details` adds to an answer, to the letter; null is unknown."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict

from serving.filters import Closed


class Told(Closed):
    """Read from what the kernel tells, attribute by attribute."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class ProfileRecord(Told):
    """A profile as it was in force just before `as_of`; of the overview, the first words."""

    title: str | None
    overview: str | None
    skills: tuple[str, ...]
    hourly_rate_usd: float | None
    country: str | None
    utc_offset_hours: float | None
    languages: tuple[str, ...]
    weekly_hours: float | None
    joined_at: datetime


class TrackRecordShape(Told):
    """What happened to somebody strictly before `as_of`.

    Attributes:
        rating_mean: Of the stars alone, 1..5; null without any.
        rating_expected: The same shrunk to the market's mean, and `rating_low` to `rating_high`:
            where it lies with 90%; null where nobody of the market was rated.
        hires_by_client: By the job's own client; null where none is named.
    """

    hires: int
    completed: int
    cancelled: int
    ratings: int
    rating_mean: float | None
    rating_expected: float | None
    rating_low: float | None
    rating_high: float | None
    hires_by_client: int | None
    last_hired_at: datetime | None


class SharedSkills(Told):
    """The skills that a job lists or its text names, by whether the freelancer lists them."""

    matched: tuple[str, ...]
    missing: tuple[str, ...]


class PrecedentRecord(Told):
    """A past job like this one that somebody was hired for; `similarity` is a cosine, 0..1."""

    job_id: str
    title: str
    similarity: float
    hired_at: datetime


class SimilarJobRecord(Told):
    """A past job like this one; `hires` counts those before `as_of`."""

    job_id: str
    title: str
    similarity: float
    posted_at: datetime
    hires: int


class DetailsRecord(Told):
    """What a person wants to know of a freelancer on the list.

    Attributes:
        sources: What found them; `newcomer` for a seat that was explored.
        overlap_hours: Hours of 9 to 17 at the client's that are 8 to 20 at theirs; null where
            either offset is unknown.
        precedents: At most three, most alike first.
    """

    profile: ProfileRecord
    track_record: TrackRecordShape
    skills: SharedSkills
    sources: tuple[str, ...]
    overlap_hours: float | None
    precedents: tuple[PrecedentRecord, ...]


class OpeningRecord(Told):
    """An open job as it was posted; of the description, the first words."""

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


class JobDetailsRecord(Told):
    """What a person wants to know of a job on the list; `overlap_hours` as of people."""

    job: OpeningRecord
    skills: SharedSkills
    overlap_hours: float | None


class PersonRecord(Told):
    """Whoever asks for jobs."""

    profile: ProfileRecord
    track_record: TrackRecordShape


class AdviceRecord(Told):
    """One plain sentence; `jobs` of `of` it is true of, null where nothing is counted."""

    kind: Literal["skill", "hours", "rate", "languages", "profile", "limits"]
    skill: str | None
    jobs: int | None
    of: int | None
    text: str

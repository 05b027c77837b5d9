"""What was understood of a brief, as `POST /v1/briefs` answers it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from matcher.reading.brief import Brief, read
from matcher.reading.offsets import in_utf16
from matcher.skills import SkillFinder
from matcher.text import TEXT_LIMIT
from serving.filters import Closed


class BriefRequest(Closed):
    """A brief in a person's own words."""

    text: Annotated[str, Field(max_length=TEXT_LIMIT)]


class BriefJob(Closed):
    """A job as `POST /v1/matches` takes it; null, or an empty list, where nothing was understood.

    Attributes:
        title: The first line that says anything; null for a text that says nothing.
        description: The rest.
    """

    title: str | None
    description: str | None
    skills: tuple[str, ...]
    payment: Literal["hourly", "fixed"] | None
    budget_usd_min: float | None
    budget_usd_max: float | None
    weeks: float | None
    utc_offset_hours: float | None
    country: str | None
    languages: tuple[str, ...]
    positions: int | None


class AtLeast(Closed):
    """A least value."""

    gte: float


class FoundRecord(Closed):
    """A place that says something; `start` and `end` count UTF-16 code units, as JavaScript does.

    Attributes:
        field: What of a brief it tells; `budget` for payment and both ends of the budget.
        value: The same in a few plain characters.
    """

    field: Literal[
        "skills",
        "budget",
        "weeks",
        "country",
        "utc_offset_hours",
        "languages",
        "positions",
        "weekly_hours",
    ]
    value: str
    start: int
    end: int


class BriefAnswer(Closed):
    """What was understood, ready to be asked with, and where the text says it.

    Attributes:
        filters: As `POST /v1/matches` takes them; only those that the text asks for.
    """

    job: BriefJob
    filters: dict[Literal["weekly_hours"], AtLeast]
    found: tuple[FoundRecord, ...]


def understood(request: BriefRequest, finder: SkillFinder) -> BriefAnswer:
    """The brief of a request, read.

    Args:
        finder: Knows the skills of the market.
    """
    brief = read(request.text, finder)
    hours = brief.weekly_hours
    return BriefAnswer(
        job=_job(brief),
        filters={} if hours is None else {"weekly_hours": AtLeast(gte=hours)},
        found=_places(brief, request.text),
    )


def _job(brief: Brief) -> BriefJob:
    job = brief.job
    return BriefJob.model_validate(
        {name: getattr(job, name) for name in BriefJob.model_fields} | {"title": job.title or None}
    )


def _places(brief: Brief, text: str) -> tuple[FoundRecord, ...]:
    units = in_utf16(text, (place for one in brief.found for place in (one.start, one.end)))
    return tuple(
        FoundRecord.model_validate(
            {
                "field": one.field,
                "value": one.value,
                "start": units[one.start],
                "end": units[one.end],
            }
        )
        for one in brief.found
    )

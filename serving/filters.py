"""The filters of a request: as JSON, and as the engines read them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from matcher.jobs.filters import JobFilters
from matcher.records import Country, Id, Languages, Name, Names
from matcher.retrieval.filters import Filters, Span

MOST_EXCLUDED = 10_000
WIDEST = 1e12

Bound = Annotated[float, Field(strict=True, ge=-WIDEST, le=WIDEST, allow_inf_nan=False)]


class Closed(BaseModel):
    """A JSON object with these fields and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SpanFilter(Closed):
    """An interval with inclusive ends; a missing end is open. The value must be known."""

    gte: Bound | None = None
    lte: Bound | None = None


class CountryFilter(Closed):
    """One of these countries."""

    in_: Annotated[tuple[Country, ...], Field(alias="in", min_length=1, max_length=300)]


class LanguagesFilter(Closed):
    """Every one of these languages; an empty list asks for nothing."""

    all_: Annotated[Languages, Field(alias="all")]


class SkillsFilter(Closed):
    """Every one of `all` and at least one of `any`; case and spacing do not matter."""

    all_: Annotated[Names | None, Field(alias="all")] = None
    any_: Annotated[tuple[Name, ...] | None, Field(alias="any", min_length=1, max_length=200)] = (
        None
    )


class FilterRecord(Closed):
    """Who may be on the list at all; a freelancer whose field is unknown fails a filter on it."""

    hourly_rate_usd: SpanFilter | None = None
    country: CountryFilter | None = None
    languages: LanguagesFilter | None = None
    skills: SkillsFilter | None = None
    utc_offset_hours: SpanFilter | None = None
    weekly_hours: SpanFilter | None = None
    exclude: Annotated[tuple[Id, ...], Field(max_length=MOST_EXCLUDED)] | None = None


class OneOfNames(Closed):
    """One of these names."""

    in_: Annotated[tuple[Name, ...], Field(alias="in", min_length=1, max_length=300)]


class JobFilterRecord(Closed):
    """Which jobs may be on the list at all; a job whose field is unknown fails a filter on it."""

    budget_usd: SpanFilter | None = None
    payment: Literal["hourly", "fixed"] | None = None
    country: CountryFilter | None = None
    category: OneOfNames | None = None
    skills: SkillsFilter | None = None
    exclude: Annotated[tuple[Id, ...], Field(max_length=MOST_EXCLUDED)] | None = None


def filters_of(record: FilterRecord | None) -> Filters:
    """The filters that a request describes."""
    if record is None:
        return Filters()
    skills = record.skills
    return Filters(
        hourly_rate_usd=span_of(record.hourly_rate_usd),
        utc_offset_hours=span_of(record.utc_offset_hours),
        weekly_hours=span_of(record.weekly_hours),
        country_in=frozenset(record.country.in_) if record.country else None,
        languages_all=frozenset(record.languages.all_ if record.languages else ()),
        skills_all=frozenset(skills.all_ or () if skills else ()),
        skills_any=frozenset(skills.any_ or () if skills else ()),
        exclude=frozenset(record.exclude or ()),
    )


def span_of(record: SpanFilter | None) -> Span | None:
    """The interval that a filter describes."""
    return Span(gte=record.gte, lte=record.lte) if record else None


def job_filters_of(record: JobFilterRecord | None) -> JobFilters:
    """The filters that a request describes."""
    if record is None:
        return JobFilters()
    skills = record.skills
    return JobFilters(
        budget_usd=span_of(record.budget_usd),
        payment=record.payment,
        country_in=frozenset(record.country.in_) if record.country else None,
        category_in=frozenset(record.category.in_) if record.category else None,
        skills_all=frozenset(skills.all_ or () if skills else ()),
        skills_any=frozenset(skills.any_ or () if skills else ()),
        exclude=frozenset(record.exclude or ()),
    )

"""What a recruiter's options mean, as a job and as filters of the API."""

from __future__ import annotations

from typing import Any


def fields_of(
    *,
    skills: str,
    category: str | None,
    client: str | None,
    budget: float | None,
    utc_offset: float | None,
) -> dict[str, Any]:
    """Fields of a job beside its text; those not given are left out."""
    fields: dict[str, Any] = {
        "skills": listed(skills),
        "category": category,
        "client_id": client,
        "utc_offset_hours": utc_offset,
    }
    if budget is not None:
        fields |= {"payment": "hourly", "budget_usd_max": budget}
    return {name: value for name, value in fields.items() if value not in (None, [])}


def filters_of_options(
    *,
    max_rate: float | None,
    countries: str,
    languages: str,
    must_have: str,
    min_hours: float | None,
    exclude: str,
) -> dict[str, Any]:
    """Filters as in `POST /v1/matches`; those not given are left out."""
    filters: dict[str, Any] = {
        "hourly_rate_usd": None if max_rate is None else {"lte": max_rate},
        "country": {"in": listed(countries.upper())} if countries else None,
        "languages": {"all": listed(languages.lower())} if languages else None,
        "skills": {"all": listed(must_have)} if must_have else None,
        "weekly_hours": None if min_hours is None else {"gte": min_hours},
        "exclude": listed(exclude) or None,
    }
    return {name: value for name, value in filters.items() if value is not None}


def listed(text: str) -> list[str]:
    """The parts between commas, trimmed; empty ones are left out.

    >>> listed("go, sql,,")
    ['go', 'sql']
    """
    return [part.strip() for part in text.split(",") if part.strip()]

"""What the options of a query mean, as a job and as filters of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.errors import UsageError


def subject(brief: str | None, freelancer: str | None, *, of_a_brief: Mapping[str, Any]) -> str:
    """What a match is asked about: the brief, or the freelancer's id.

    Args:
        of_a_brief: Fields and filters given, which mean nothing for a freelancer.

    Raises:
        UsageError: Both are given, or neither, or fields of a brief for a freelancer.
    """
    if freelancer is None:
        if brief is None:
            raise UsageError("nothing is asked about; give a brief in words, or --for with an id")
        return brief
    if brief is not None:
        raise UsageError("a brief and --for are given; give one of them")
    if of_a_brief:
        raise UsageError(
            f"--for goes with --bundle, --k, --as-of and --json alone, found options that set "
            f"{', '.join(sorted(of_a_brief))}; leave them out, or filter over the API"
        )
    return freelancer


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

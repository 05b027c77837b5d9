"""What the service answers with for a freelancer, for the page that shows it."""

from __future__ import annotations

from typing import Any

from tests.browser.model_reports import HOSTILE

Json = dict[str, Any]
PATH = "**/v1/freelancers/*/jobs"


def an_answer(**changed: object) -> Json:
    """Ten of 42 jobs; the second is foreign to everything that is known."""
    return {
        "decision_id": "481408f5-6280-4a8e-9c7f-d3f7b97a8f4c",
        "as_of": "2026-11-29T10:00:00Z",
        "model": {"name": "matcher", "version": "1", "digest": "a" * 64},
        "index": {"size": 42, "as_of": "2026-11-28T17:57:20Z"},
        "took_ms": dict.fromkeys(
            ("encode", "retrieve", "features", "rank", "rerank", "total"), 1.0
        ),
        "matches": [a_match(1), a_bare_match(2), *(a_match(rank) for rank in range(3, 11))],
        "excluded": {"given_up": 31, "already_applied": 1},
        "warnings": [],
        "freelancer": {"profile": a_profile(), "track_record": a_track()},
        "advice": some_advice(),
        **changed,
    }


def a_match(rank: int) -> Json:
    """An hourly job in Germany that pays less than what is asked."""
    return {
        "job_id": f"j{rank:04}",
        "rank": rank,
        "score": 3.0 - rank / 10,
        "p_hire": None,
        "components": {},
        "reasons": [
            a_reason(0.4, "went for similar jobs"),
            a_reason(0.8, "was hired for jobs like this"),
            a_reason(-0.3, "asks more than the job pays"),
        ],
        "details": {
            "job": {
                "title": f"Move report {rank} to PostgreSQL",
                "description": "It takes four hours.\nYou find out why.",
                "client_id": "c7",
                "category": "Data",
                "skills": ["postgresql", "dbt"],
                "payment": "hourly",
                "budget_usd_min": 30.0,
                "budget_usd_max": 45.0,
                "weeks": 1.0,
                "country": "DE",
                "utc_offset_hours": 1.0,
                "languages": ["de"],
                "positions": 1,
                "posted_at": "2026-11-20T10:00:00Z",
                "closes_at": None,
            },
            "skills": {"matched": ["postgresql"], "missing": ["dbt"]},
            "overlap_hours": 8.0,
        },
    }


def a_bare_match(rank: int) -> Json:
    """A job of which nothing but a title is known, and that one means harm."""
    known = a_match(rank)
    job = dict.fromkeys(known["details"]["job"]) | {"title": HOSTILE, "skills": []}
    details = {"job": job, "skills": {"matched": [], "missing": []}, "overlap_hours": None}
    return known | {"details": details, "reasons": []}


def a_reason(contribution: float, text: str) -> Json:
    """Why a job is there, or a doubt."""
    return {"feature": "f", "value": 1.0, "contribution": contribution, "text": text}


def a_profile(**changed: object) -> Json:
    """Somebody in Lisbon who says nothing of their hours."""
    return {
        "title": "Database engineer",
        "overview": "I make slow databases fast.",
        "skills": ["PostgreSQL", "SQL"],
        "hourly_rate_usd": 50.0,
        "country": "PT",
        "utc_offset_hours": 0.0,
        "languages": ["en", "pt"],
        "weekly_hours": None,
        "joined_at": "2024-01-01T09:00:00Z",
        **changed,
    }


def a_track(**changed: object) -> Json:
    """Two perfect ratings, which are not worth much."""
    return {
        "hires": 3,
        "completed": 2,
        "cancelled": 0,
        "ratings": 2,
        "rating_mean": 5.0,
        "rating_expected": 4.6,
        "rating_low": 4.1,
        "rating_high": 4.9,
        "hires_by_client": 0,
        "last_hired_at": "2026-09-01T00:00:00Z",
        **changed,
    }


def some_advice() -> list[Json]:
    """A skill, a rate, and what cannot be known."""
    none = {"skill": None, "jobs": None, "of": None}
    return [
        {
            "kind": "skill",
            "skill": "dbt",
            "jobs": 10,
            "of": 40,
            "text": "10 of 40 jobs ask for dbt.",
        },
        {**none, "kind": "rate", "text": "Half of these jobs pay less than 50 USD an hour."},
        {**none, "kind": "limits", "text": "This counts; it promises nothing."},
    ]


def a_problem(status: int, code: str, title: str, detail: str) -> Json:
    """How Playwright fulfils a request with a problem document."""
    body = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail}
    return {
        "status": status,
        "json": {**body, "instance": "/", "code": code},
        "content_type": "application/problem+json",
    }

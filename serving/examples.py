"""What `/openapi.json` shows of requests and answers."""

from __future__ import annotations

from fastapi.openapi.models import Example

REQUESTS: dict[str, Example] = {
    "by record": {
        "summary": "A brief that no table knows",
        "value": {
            "job": {
                "title": "Fix the checkout of a WooCommerce shop",
                "description": "The payment page fails on phones.",
                "skills": ["php", "woocommerce"],
                "payment": "hourly",
                "budget_usd_max": 50,
                "languages": ["en"],
            },
            "k": 3,
            "filters": {
                "hourly_rate_usd": {"lte": 60},
                "country": {"in": ["PL", "PT", "UA"]},
                "skills": {"any": ["php", "wordpress"]},
            },
        },
    },
    "by id": {"summary": "A job of the marketplace", "value": {"job_id": "j1", "k": 10}},
    "with details": {
        "summary": "With what a person decides by",
        "value": {"job": {"title": "A poster in ink"}, "k": 3, "details": True},
    },
}
ANSWER: dict[str, object] = {
    "decision_id": "5b0f9c1e-6f5c-4f0e-9a35-0d0a3a2c6d11",
    "seed": None,
    "as_of": "2024-05-01T09:30:00Z",
    "model": {"name": "matcher", "version": "1", "digest": "9f2c" * 16},
    "index": {"size": 1500, "as_of": "2024-04-30T22:10:05Z"},
    "took_ms": {
        "encode": 6.1,
        "retrieve": 4.2,
        "features": 2.9,
        "rank": 1.8,
        "rerank": 1.1,
        "total": 16.2,
    },
    "matches": [
        {
            "freelancer_id": "f7",
            "rank": 1,
            "score": 1.84,
            "p_hire": 0.12,
            "factors": {"p_accept": 0.41, "p_hire_given_accept": 0.28, "quality": 0.83},
            "expected_value": 0.095,
            "factor_reasons": {
                "p_accept": [
                    {
                        "feature": "interest_best",
                        "value": 0.81,
                        "contribution": 0.66,
                        "text": "went for a similar job (similarity 0.81)",
                    }
                ],
                "p_hire_given_accept": [],
                "quality": [],
            },
            "propensity": 1.0,
            "explored": False,
            "components": {"memory": 3.4, "lexical": 2.2, "fused": 0.061},
            "reasons": [
                {
                    "feature": "skill_coverage",
                    "value": 1.0,
                    "contribution": 0.42,
                    "text": "lists 100% of the required skills",
                }
            ],
        }
    ],
    "excluded": {"hourly_rate_usd": 210, "country": 930},
    "warnings": [],
}
JOBS_REQUESTS: dict[str, Example] = {
    "plain": {"summary": "The ten best", "value": {"k": 10}},
    "with details": {"summary": "With advice", "value": {"k": 3, "details": True}},
    "filtered": {
        "summary": "Well paid by the hour, not that one",
        "value": {
            "k": 5,
            "filters": {"payment": "hourly", "budget_usd": {"gte": 30}, "exclude": ["j1"]},
        },
    },
}
JOBS_ANSWER: dict[str, object] = {
    **ANSWER,
    "index": {"size": 240, "as_of": "2024-04-30T22:10:05Z"},
    "matches": [
        {
            "job_id": "j9",
            "rank": 1,
            "score": 1.31,
            "p_hire": None,
            "components": {"memory": 0.9, "prior": 1.1, "fused": 4.2},
            "reasons": [
                {
                    "feature": "skill_coverage",
                    "value": 1.0,
                    "contribution": 0.38,
                    "text": "you list 100% of the required skills",
                }
            ],
        }
    ],
    "excluded": {"given_up": 31, "already_applied": 2},
}
FREELANCERS: dict[str, Example] = {
    "a profile": {
        "summary": "What is left out is unknown",
        "value": {
            "title": "Illustrator",
            "overview": "Ink and watercolour, for books.",
            "skills": ["ink", "procreate"],
            "hourly_rate_usd": 45,
            "country": "PT",
            "languages": ["en", "pt"],
            "portable_ratings": [{"platform": "elsewhere", "mean": 4.8, "count": 31}],
        },
    }
}
JOBS: dict[str, Example] = {
    "a job": {
        "summary": "Only the title must be there",
        "value": {
            "title": "A poster for a fair",
            "skills": ["ink"],
            "payment": "fixed",
            "budget_usd_max": 300,
            "positions": 1,
        },
    }
}
_HIRED: dict[str, object] = {
    "event_id": "e1",
    "at": "2024-05-01T09:30:00Z",
    "kind": "hired",
    "job_id": "j1",
    "freelancer_id": "f1",
}
_RATED: dict[str, object] = {
    **_HIRED,
    "event_id": "e2",
    "at": "2024-05-20T16:00:00Z",
    "kind": "rated_freelancer",
    "value": 5,
}
EVENTS: dict[str, Example] = {
    "one": {"summary": "One event", "value": _HIRED},
    "several": {"summary": "Several", "value": [_HIRED, _RATED]},
}
RERANKS: dict[str, Example] = {
    "texts": {
        "summary": "Which text answers best",
        "value": {
            "query": "A poster in ink",
            "documents": ["A server in Go", {"text": "Ink drawings for books"}],
            "top_n": 1,
            "return_documents": True,
        },
    }
}
SIGN_INS: dict[str, Example] = {
    "a key": {
        "summary": "A key, as it was printed",
        "value": {"key": "matcher_0123456789abcdef_" + "0" * 64},
    }
}
OVERRIDES: dict[str, Example] = {
    "another first": {
        "summary": "Two of those who were shown, the second of them first",
        "value": {"order": ["f7", "f3"], "by": "ada", "reason": "knows the shop already"},
    }
}
_TEXT = "Speed up our PostgreSQL reports\n\n$30-50/hr, 20 hours/week, fluent German."
BRIEFS: dict[str, Example] = {
    "a text": {"summary": "As it is typed or pasted", "value": {"text": _TEXT}},
}
BRIEF_ANSWER: dict[str, object] = {
    "job": {
        "title": "Speed up our PostgreSQL reports",
        "description": "$30-50/hr, 20 hours/week, fluent German.",
        "skills": ["postgresql"],
        "payment": "hourly",
        "budget_usd_min": 30.0,
        "budget_usd_max": 50.0,
        "weeks": None,
        "utc_offset_hours": None,
        "country": None,
        "languages": ["de"],
        "positions": None,
    },
    "filters": {"weekly_hours": {"gte": 20.0}},
    "found": [
        {"field": "skills", "value": "postgresql", "start": 13, "end": 23},
        {"field": "budget", "value": "30-50 USD/hour", "start": 33, "end": 42},
        {"field": "weekly_hours", "value": "20 hours/week", "start": 44, "end": 57},
        {"field": "languages", "value": "de", "start": 66, "end": 72},
    ],
}

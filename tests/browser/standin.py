"""Temporary: answers for what the service does not answer yet."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import BrowserContext, Route

from tests.browser.market import PEOPLE

BY_ID = {one["freelancer_id"]: one for one in PEOPLE}


def install(context: BrowserContext) -> None:
    context.route("**/v1/briefs", _brief)
    context.route("**/v1/matches", _matches)


def _brief(route: Route) -> None:
    text = route.request.post_data_json["text"]
    title, _, rest = text.partition("\n")
    job: dict[str, Any] = dict.fromkeys(
        ["payment", "budget_usd_min", "budget_usd_max", "weeks", "utc_offset_hours", "country", "positions"]
    )
    job |= {"title": title[:200], "description": rest or None}
    job["skills"] = [one for one in ("PostgreSQL", "Django") if one.lower() in text.lower()]
    job["languages"] = ["en"] if "English" in text else []
    if "UTC+1" in text:
        job["utc_offset_hours"] = 1
    if "35-60" in text:
        job |= {"payment": "hourly", "budget_usd_min": 35, "budget_usd_max": 60}
    filters = {"weekly_hours": {"gte": 20}} if "20 hours" in text else {}
    route.fulfill(json={"job": job, "filters": filters, "found": []})


def _matches(route: Route) -> None:
    asked = route.request.post_data_json
    asked.pop("details", None)
    answer = route.fetch(post_data=json.dumps(asked))
    if answer.status != 200:
        route.fulfill(response=answer)
        return
    said = answer.json()
    for match in said["matches"]:
        match["details"] = _details(match["freelancer_id"])
    said["similar_jobs"] = [
        {"job_id": "j1", "title": "Slow PostgreSQL reports 1", "similarity": 0.8,
         "posted_at": "2025-01-01T00:00:00Z", "hires": 1}
    ]  # fmt: skip
    route.fulfill(response=answer, json=said)


def _details(id_: str) -> dict[str, Any]:
    person = {key: value for key, value in BY_ID[id_].items() if key != "freelancer_id"}
    person.pop("portable_ratings")
    person["joined_at"] = person["joined_at"].isoformat()
    person["skills"] = person["skills"] or []
    person["languages"] = person["languages"] or []
    offset = person["utc_offset_hours"]
    record = dict.fromkeys(("completed", "cancelled", "ratings", "hires_by_client"), 0)
    record |= {"hires": 3, "rating_mean": None, "rating_expected": 4.4, "rating_low": 3.8,
               "rating_high": 4.8, "last_hired_at": None}  # fmt: skip
    return {
        "profile": person,
        "track_record": record,
        "skills": {"matched": person["skills"], "missing": ["Redis"]},
        "sources": ["profile"],
        "overlap_hours": None if offset is None else max(0, 8 - abs(offset - 1)),
        "precedents": [],
    }

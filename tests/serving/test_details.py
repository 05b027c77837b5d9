"""`details`: what they add to an answer, what they cost nobody else, and what they leave alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pandas as pd
import pytest
from starlette.testclient import TestClient

from matcher.marketplace import from_frames
from matcher.store.decision import packed
from serving import service
from serving.decisions import Origin, of_jobs, of_matches
from serving.jobs_service import JobsService
from serving.schemas import JobsRequest, MatchRequest
from serving.service import MatchService, Served
from tests.serving.conftest import ASKED_AT, a_client, a_market, a_served, an_app

JOB = {
    "title": "go api server",
    "skills": ["go", "cobol"],
    "utc_offset_hours": 0,
    "client_id": "c0",
}
AN_ID = UUID(int=7)


def asked(client: TestClient, path: str = "matches", **request: object) -> dict[str, object]:
    answer = client.post(f"/v1/{path}", json=request)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def open_jobs() -> Served:
    """The small market with two jobs that nobody was hired for yet."""
    market = a_market()
    more = pd.DataFrame(
        {
            "job_id": ["open/1", "open/2"],
            "posted_at": [ASKED_AT - timedelta(days=2)] * 2,
            "title": ["A go api server", "Figma logos"],
            "skills": [["Go", "Kafka"], None],
            "payment": ["hourly", None],
            "budget_usd_max": [35.5, None],
            "utc_offset_hours": [5.0, None],
            "description": ["long " * 300, None],
        }
    )
    jobs = pd.concat([market.jobs, more.assign(posted_at=pd.to_datetime(more["posted_at"]))])
    return a_served(from_frames(freelancers=market.freelancers, jobs=jobs, events=market.events))


def test_details_tell_of_everybody_on_the_list(client):
    answer = asked(client, job=JOB, k=12, details=True)
    first = next(one for one in answer["matches"] if one["freelancer_id"] == "f0")["details"]
    assert first["profile"] == {
        "title": "go api server",
        "overview": None,
        "skills": ["go", "sql"],
        "hourly_rate_usd": 20.0,
        "country": "PL",
        "utc_offset_hours": 0.0,
        "languages": ["en"],
        "weekly_hours": 10.0,
        "joined_at": "2024-01-01T00:00:00Z",
    }
    assert first["track_record"] == {
        "hires": 3,
        "completed": 0,
        "cancelled": 0,
        "ratings": 0,
        "rating_mean": None,
        "rating_expected": None,
        "rating_low": None,
        "rating_high": None,
        "hires_by_client": 2,
        "last_hired_at": "2024-05-08T09:00:00Z",
    }
    assert first["skills"] == {"matched": ["go"], "missing": ["cobol"]}
    assert first["overlap_hours"] == 8.0
    assert {"memory", "words"} <= set(first["sources"])
    assert set(first["precedents"][0]) == {"job_id", "title", "similarity", "hired_at"}
    assert len(first["precedents"]) == 3
    assert set(answer["similar_jobs"][0]) == {"job_id", "title", "similarity", "posted_at", "hires"}
    assert answer["similar_jobs"][0]["title"] == "Need a go api server"
    (silent,) = [one for one in answer["matches"] if one["freelancer_id"] == "f11"]
    assert silent["details"]["profile"]["title"] is None
    assert silent["details"]["overlap_hours"] is None


def test_without_details_there_are_none(client):
    answer = asked(client, job=JOB, k=3)
    assert answer["similar_jobs"] == []
    assert [one["details"] for one in answer["matches"]] == [None] * 3
    jobs = asked(client, "freelancers/f0/jobs", as_of="2024-05-09T00:00:00Z")
    assert (jobs["freelancer"], jobs["advice"]) == (None, [])
    assert {one["details"] for one in jobs["matches"]} == {None}


def test_without_details_nothing_is_looked_up(monkeypatch):
    def never(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(service, "detailed", never)
    found = MatchService(served=a_served(), clock=lambda: ASKED_AT)
    assert found.match(MatchRequest(job=JOB)).matches
    with pytest.raises(AssertionError):
        found.match(MatchRequest(job=JOB, details=True))


def test_details_change_nothing_else_in_the_answer(client):
    plain, told = asked(client, job=JOB, seed=3), asked(client, job=JOB, seed=3, details=True)
    for answer in (plain, told):
        del answer["decision_id"], answer["took_ms"], answer["similar_jobs"]
        for match in answer["matches"]:
            del match["details"]
    assert told == plain


def test_a_decision_is_the_same_to_the_byte_with_details_and_without(open_jobs):
    origin = Origin(served=open_jobs, store="s", seq=1)
    options = {"served": open_jobs, "clock": lambda: ASKED_AT, "new_id": lambda: AN_ID}
    matches, jobs = MatchService(**options), JobsService(**options)
    told, plain, unsaid = (
        packed(of_matches(matches.matched(MatchRequest(job=JOB, k=5, **asks)), origin))
        for asks in ({"details": True}, {"details": False}, {})
    )
    assert told == plain == unsaid
    told, plain = (
        packed(of_jobs(jobs.matched("f0", JobsRequest(k=5, details=details)), origin))
        for details in (True, False)
    )
    assert told == plain


def test_a_list_of_jobs_tells_of_jobs_of_whoever_asks_and_what_to_mind(open_jobs):
    with a_client(an_app(open_jobs)) as client:
        answer = asked(client, "freelancers/f0/jobs", k=1, details=True)
    (first,) = answer["matches"]
    details = first["details"]
    assert first["job_id"] == "open/1"
    assert (details["job"]["payment"], details["job"]["budget_usd_max"]) == ("hourly", 35.5)
    assert details["job"]["skills"] == ["Go", "Kafka"]
    assert len(details["job"]["description"]) <= 600
    assert details["skills"] == {"matched": ["go"], "missing": ["kafka"]}
    own = answer["freelancer"]["profile"]
    # 9 to 17 at the client's is 4 to 12 there, of which the day has begun from 8 on
    assert (own["title"], own["utc_offset_hours"]) == ("go api server", 0)
    assert details["overlap_hours"] == 4
    assert answer["freelancer"]["track_record"]["hires"] == 3
    assert answer["freelancer"]["track_record"]["hires_by_client"] is None
    assert [one["kind"] for one in answer["advice"]] == ["limits"]


def test_who_says_nothing_is_told_what_clients_filter_by(client):
    answer = asked(client, "freelancers/f11/jobs", details=True)
    kinds = [one["kind"] for one in answer["advice"]]
    assert {"rate", "hours", "languages", "profile"} <= set(kinds)
    assert kinds[-1] == "limits"


def test_before_somebody_joined_nothing_is_told_of_them(client):
    answer = asked(client, "freelancers/f0/jobs", details=True, as_of="2023-01-01T00:00:00Z")
    assert (answer["freelancer"], answer["advice"]) == (None, [])


@pytest.mark.parametrize("details", [1, "true", None])
def test_details_are_asked_for_by_true_or_false_alone(client, details):
    refused = client.post("/v1/matches", json={"job": JOB, "details": details})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid-request")


def test_texts_of_users_come_back_as_they_are(client):
    title = "<img src=x onerror=alert(1)> 🦊 \u202e Go developer"
    answer = asked(client, job={"title": title, "skills": ["<b>"]}, details=True)
    skills = answer["matches"][0]["details"]["skills"]
    assert {*skills["matched"], *skills["missing"]} == {"<b>", "go"}

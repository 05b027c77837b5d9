"""`POST /v1/briefs`: a text in, fields and places out, ready to be asked with."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from serving.examples import BRIEF_ANSWER, BRIEFS

TEXT = "🦊 Two Go developers\n\nfigma logo, $30-50/hr, 20 hours/week, fluent German, UTC+2"


def read(client: TestClient, text: str, status: int = 200) -> dict[str, object]:
    answer = client.post("/v1/briefs", json={"text": text})
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_brief_is_answered_in_the_documented_shape(client):
    answer = read(client, TEXT)
    assert set(answer) == {"job", "filters", "found"}
    assert answer["job"] == {
        "title": "🦊 Two Go developers",
        "description": "figma logo, $30-50/hr, 20 hours/week, fluent German, UTC+2",
        "skills": ["go", "figma"],
        "payment": "hourly",
        "budget_usd_min": 30.0,
        "budget_usd_max": 50.0,
        "weeks": None,
        "utc_offset_hours": 2.0,
        "country": None,
        "languages": ["de"],
        "positions": 2,
    }
    assert answer["filters"] == {"weekly_hours": {"gte": 20.0}}


def test_places_count_as_javascript_does(client):
    units = TEXT.encode("utf-16-le")
    said = {
        one["value"]: units[2 * one["start"] : 2 * one["end"]].decode("utf-16-le")
        for one in read(client, TEXT)["found"]
    }
    assert said == {
        "2 people": "Two",
        "go": "Go",
        "figma": "figma",
        "30-50 USD/hour": "$30-50/hr",
        "20 hours/week": "20 hours/week",
        "de": "German",
        "UTC+2": "UTC+2",
    }


def test_what_was_understood_can_be_asked_with_as_it_is(client):
    answer = read(client, TEXT)
    asked = {"job": answer["job"], "filters": answer["filters"], "details": True}
    found = client.post("/v1/matches", json=asked)
    assert found.status_code == 200, found.text
    assert found.json()["excluded"]["weekly_hours"] > 0


@pytest.mark.parametrize("text", ["", " \n\t ", "\u0000", "?!"])
def test_a_text_that_says_nothing_is_understood_as_nothing(client, text):
    answer = read(client, text)
    assert answer["filters"] == {}
    assert answer["found"] == []
    assert answer["job"]["title"] in {None, "\u0000", "?!"}
    assert answer["job"]["skills"] == answer["job"]["languages"] == []


def test_the_longest_text_is_read_and_a_longer_one_refused(client):
    assert read(client, "go $40/hr " * 2_000)["job"]["budget_usd_max"] == 40.0
    refused = read(client, "x" * 20_001, status=422)
    assert (refused["code"], refused["errors"][0]["field"]) == ("invalid-request", "text")


@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": 1}, {"text": "a", "k": 1}, []])
def test_anything_else_is_refused(client, body):
    assert client.post("/v1/briefs", json=body).json()["code"] == "invalid-request"


def test_half_a_surrogate_is_refused(client):
    body = b'{"text": "\\ud83e go"}'
    answer = client.post("/v1/briefs", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_the_example_tells_the_truth(client):
    """But for its skill, which the small market does not know."""
    answer = read(client, BRIEFS["a text"]["value"]["text"])
    known = {**BRIEF_ANSWER, "found": list(BRIEF_ANSWER["found"])[1:]}
    assert answer == {**known, "job": {**BRIEF_ANSWER["job"], "skills": []}}

"""`POST /v1/events`: a verdict for each, and the good ones are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from serving.routes.events import MOST_EVENTS
from tests.serving.live import a_service, an_event, send

LINES = {"content-type": "application/x-ndjson"}
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    database = tmp_path_factory.mktemp("live") / "m.db"
    with a_service(f"sqlite:///{database}") as client:
        yield client


def statuses(answer: dict[str, object]) -> list[str]:
    assert sum(answer[name] for name in ("accepted", "duplicate", "conflict", "refused")) == len(
        answer["verdicts"]
    )
    return [one["status"] for one in answer["verdicts"]]


def test_one_event_is_taken_as_a_list_of_one(live):
    answer = live.post("/v1/events", json=an_event("single"))
    assert answer.json()["verdicts"] == [{"event_id": "single", "status": "accepted", "reason": ""}]


def test_each_gets_its_verdict_and_the_good_ones_are_kept(live):
    answer = send(
        live,
        an_event("good"),
        an_event("good"),
        an_event("good", at="2024-06-06T00:00:00Z"),
        an_event("stranger", freelancer_id="nobody"),
        an_event("odd", kind="adored"),
        an_event("late", at="2024-06-05"),
        an_event("more", mood="glad"),
        an_event("rated", kind="rated_freelancer", value=6),
        an_event("propensity", propensity="0.5"),
        an_event("a b"),
        17,
        None,
        an_event("last", kind="paid", value=30.25, position=1, propensity=0.5),
    )
    assert statuses(answer) == [
        *("accepted", "duplicate", "conflict"), *["refused"] * 9, "accepted",
    ]  # fmt: skip
    reasons = {one["event_id"]: one["reason"] for one in answer["verdicts"]}
    assert "never to change" in answer["verdicts"][2]["reason"]
    assert reasons["stranger"].startswith("freelancer_id: found 'nobody', expected one that is on")
    assert reasons["odd"].startswith("kind: found 'adored', expected one of shown, viewed")
    assert reasons["more"].startswith("mood: found 'glad', expected no field of this name; correct")
    assert reasons["rated"].startswith("value: found ")
    assert [one["event_id"] for one in answer["verdicts"]][9:12] == [None] * 3
    again = send(live, an_event("good"), an_event("last", "paid", value=30.25))
    assert statuses(again) == ["duplicate", "conflict"]


def test_lines_are_events_and_one_cut_short_is_refused_alone(live):
    lines = [json.dumps(an_event(f"line{n}", value=n)) for n in range(3)]
    body = "\r\n".join([*lines, "", "  ", lines[0][:40]]).encode() + b"\n\xff"
    answer = live.post("/v1/events", content=body, headers=LINES).json()
    assert statuses(answer) == ["accepted"] * 3 + ["refused"] * 2
    again = live.post("/v1/events", content=body, headers=LINES).json()
    assert statuses(again) == ["duplicate"] * 3 + ["refused"] * 2


@pytest.mark.parametrize(("content", "headers"), [(b"[]", JSON), (b"", LINES), (b"\n \n", LINES)])
def test_nothing_is_an_answer(live, content, headers):
    answer = live.post("/v1/events", content=content, headers=headers)
    assert (answer.status_code, answer.json()["verdicts"]) == (200, [])


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b"{", JSON, 400, "malformed-json"),
        (b"", JSON, 400, "malformed-json"),
        (b"\xff", JSON, 400, "malformed-json"),
        (b"[" * 100_000, JSON, 400, "malformed-json"),
        (b"[" + b"1" * 5_000 + b"]", JSON, 400, "malformed-json"),
        (b"7", JSON, 422, "invalid-request"),
        (b'"text"', JSON, 422, "invalid-request"),
        (b"null", JSON, 422, "invalid-request"),
        (b"[" + b"0," * MOST_EVENTS + b"0]", JSON, 422, "invalid-request"),
        (b"0\n" * (MOST_EVENTS + 1), LINES, 422, "invalid-request"),
        (b" " * ((1 << 20) + 1), LINES, 413, "body-too-large"),
        (b"[]", {"content-type": "text/plain"}, 415, "unsupported-media-type"),
        (b"[]", {}, 415, "unsupported-media-type"),
    ],
)
def test_a_body_that_is_none_is_refused_whole(live, content, headers, status, code):
    answer = live.post("/v1/events", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "1" * 400, "true", '"1"'])
def test_a_value_that_is_no_number_is_refused(live, number):
    content = json.dumps(an_event("number", "paid", value=0)).replace(": 0}", f": {number}}}")
    answer = live.post("/v1/events", content=content.replace('"value": 0', f'"value": {number}'),
                       headers=JSON).json()  # fmt: skip
    assert statuses(answer) == ["refused"]
    assert answer["verdicts"][0]["reason"].startswith("value: found ")


def test_half_a_surrogate_is_refused_and_the_rest_kept(live):
    bad = json.dumps(an_event("half")).replace("half", "\\ud800")
    content = f"[{bad}, {json.dumps(an_event('whole'))}]"
    answer = live.post("/v1/events", content=content, headers=JSON).json()
    assert statuses(answer) == ["refused", "accepted"]
    assert answer["verdicts"][0]["event_id"] is None

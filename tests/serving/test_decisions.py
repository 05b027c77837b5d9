"""Every list is on record: as it was answered with, found by id, listed, and let go when old."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from features import FEATURES
from matcher.run import Run
from matcher.settings import Settings
from serving.app import create_app
from serving.recording import NOT_ON_RECORD
from tests.serving.conftest import a_client, a_served, an_app
from tests.serving.deciding import GO, asked, listing, metric, on_record, written
from tests.serving.live import a_service, put, until

BY_ID = {"job_id": "j/0", "k": 3, "filters": {"country": {"in": ["PL"]}}, "seed": 7}
Service = Callable[..., Any]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'm.db'}"


@pytest.fixture
def live(url: str) -> Iterator[TestClient]:
    with a_service(url) as client:
        yield client


# What is kept


@pytest.mark.parametrize("request_", [GO, BY_ID], ids=["brief", "by id"])
def test_a_list_is_on_record_as_it_was_answered_with(live, request_):
    answer = asked(live, **request_)
    kept = on_record(live, answer["decision_id"])
    assert kept["request"] == request_
    assert kept["job_id"] == request_.get("job_id")
    assert (kept["direction"], kept["freelancer_id"]) == ("freelancers", None)
    for name in ("decision_id", "as_of", "model", "excluded", "warnings"):
        assert kept[name] == answer[name], name
    assert kept["bundle"] == answer["model"]["digest"]
    assert kept["seq"] == int(metric(live, "matcher_snapshot_seq"))
    assert kept["snapshot"].endswith(f":{kept['seq']}")
    assert kept["overrides"] == []
    assert len(kept["vector"]) == 64
    same = ("score", "p_hire", "factors", "expected_value", "components", "propensity", "explored")
    for shown, match in zip(kept["shown"], answer["matches"], strict=True):
        assert (shown["id"], shown["position"]) == (match["freelancer_id"], match["rank"])
        assert {name: shown[name] for name in same} == {name: match[name] for name in same}
        assert tuple(shown["features"]) == FEATURES.names
    assert all(isinstance(one["features"]["fused_score"], float) for one in kept["shown"])
    assert None in kept["shown"][0]["features"].values()


def test_the_rest_of_the_pool_is_kept_with_its_scores(live):
    everybody = asked(live, **GO, k=100)["matches"]
    kept = on_record(live, asked(live, **GO, k=2)["decision_id"])
    ranked = [(one["id"], one["score"]) for one in (*kept["shown"], *kept["pool"])]
    assert len(ranked) >= len(everybody) - 1  # nothing is known of the last: no source finds them
    assert ranked == [(one["freelancer_id"], one["score"]) for one in everybody[: len(ranked)]]
    assert (len(kept["shown"]), kept["k"]) == (2, 2)


def test_it_is_the_same_from_the_queue_and_from_the_table(live):
    decision_id = asked(live, **BY_ID)["decision_id"]
    soon = on_record(live, decision_id)
    written(live, decision_id)
    until(lambda: metric(live, "matcher_decisions_queued") == 0)
    assert on_record(live, decision_id) == soon


def test_a_list_of_jobs_is_on_record_too(live):
    answer = asked(live, "freelancers/f3/jobs", k=2, as_of="2024-05-10T00:00:00Z")
    kept = on_record(live, answer["decision_id"])
    assert (kept["direction"], kept["freelancer_id"], kept["job_id"]) == ("jobs", "f3", None)
    assert [one["id"] for one in kept["shown"]] == [one["job_id"] for one in answer["matches"]]
    assert [one["score"] for one in kept["shown"]] == [one["score"] for one in answer["matches"]]
    assert (kept["vector"], kept["seed"], kept["exploration"]) == (None, None, None)
    assert set(kept["shown"][0]["features"]) == set(FEATURES.jobs.names)
    written(live, answer["decision_id"])
    assert on_record(live, answer["decision_id"])["shown"] == kept["shown"]


def test_a_list_without_anybody_is_a_decision(live):
    nobody = {"country": {"in": ["ZZ"]}}
    answer = asked(live, **GO, filters=nobody)
    written(live, answer["decision_id"])
    kept = on_record(live, answer["decision_id"])
    assert (kept["shown"], kept["pool"]) == ([], [])
    assert kept["excluded"]["country"] > 0


def test_the_seed_that_drew_the_seats_is_kept(live):
    assert on_record(live, asked(live, **BY_ID)["decision_id"])["seed"] == 7
    drawn = on_record(live, asked(live)["decision_id"])
    assert isinstance(drawn["seed"], int)
    assert drawn["exploration"]["share"] == Run().exploration.share


def test_decisions_outlive_the_service(url):
    with a_service(url) as client:
        ids = [asked(client)["decision_id"] for _ in range(5)]
        kept = [on_record(client, one) for one in ids]
    with a_service(url) as client:
        assert [on_record(client, one) for one in ids] == kept


def test_an_unknown_decision_is_told(live):
    answer = live.get("/v1/decisions/nobody's")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-decision")


def test_without_a_database_nothing_is_recorded_and_that_is_said():
    with a_client(an_app(a_served())) as client:
        decision_id = asked(client)["decision_id"]
        for path in (f"/{decision_id}", ""):
            answer = client.get(f"/v1/decisions{path}")
            assert (answer.status_code, answer.json()["code"]) == (409, "read-only")
        sent = client.post(
            f"/v1/decisions/{decision_id}/override", json={"order": ["f1"], "by": "ada"}
        )
        assert (sent.status_code, sent.json()["code"]) == (409, "read-only")


def test_recording_can_be_turned_off_and_what_was_recorded_stays(url):
    with a_service(url) as client:
        before = asked(client)["decision_id"]
    with a_service(url, app=partial(create_app, record=False)) as client:
        answer = asked(client)
        assert NOT_ON_RECORD not in answer["warnings"]
        assert client.get(f"/v1/decisions/{answer['decision_id']}").status_code == 404
        assert on_record(client, before)["decision_id"] == before


def test_what_is_recorded_can_be_set_in_the_environment(monkeypatch):
    assert (Settings().record_decisions, Settings().decisions_kept_days) == (True, 400)
    monkeypatch.setenv("MATCHER_RECORD_DECISIONS", "false")
    monkeypatch.setenv("MATCHER_DECISIONS_KEPT_DAYS", "30")
    assert (Settings().record_decisions, Settings().decisions_kept_days) == (False, 30)


# Listing


def test_a_listing_is_newest_first_page_by_page(live):
    ids = [asked(live, **GO, k=k)["decision_id"] for k in range(1, 8)]
    written(live, ids[-1])
    found, after = [], {}
    while True:
        page = listing(live, limit=3, **after)
        found += page["decisions"]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert [one["decision_id"] for one in found] == ids[::-1]
    assert [one["shown"] for one in found] == list(range(7, 0, -1))
    assert set(found[0]) < set(on_record(live, ids[0]))


def test_a_listing_can_be_of_a_job_a_freelancer_and_a_span(live):
    of_job = asked(live, job_id="j/1")["decision_id"]
    of_person = asked(live, "freelancers/f1/jobs", k=1)["decision_id"]
    written(live, of_person)

    def ids(**query: object) -> list[str]:
        return [one["decision_id"] for one in listing(live, **query)["decisions"]]

    assert ids(job_id="j/1") == [of_job]
    assert ids(freelancer_id="f1") == [of_person]
    assert ids(job_id="j/1", freelancer_id="f1") == []
    first = on_record(live, of_job)["at"]
    assert ids(to=first) == []
    assert ids(**{"from": first}) == [of_person, of_job]


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 501}, {"after": "x"}, {"from": "yesterday"}, {"nonsense": 1}],
)
def test_a_listing_that_cannot_be_is_refused(live, query):
    answer = live.get("/v1/decisions", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


# Overrides


def test_overrides_are_kept_in_order_and_by_whom(live):
    answer = asked(live, **GO, k=4)
    path = f"/v1/decisions/{answer['decision_id']}/override"
    ids = [one["freelancer_id"] for one in answer["matches"]]
    sent = [
        {"order": ids[::-1], "by": "ada", "reason": "knows the shop"},
        {"order": ids[2:3], "by": "bo ☕", "reason": ""},
        {"order": ids[::-1], "by": "bo ☕", "reason": "knows the shop"},
    ]
    told = [live.post(path, json=one) for one in sent]
    assert [one.status_code for one in told] == [201] * 3
    again = live.post(path, json=sent[0])
    assert (again.status_code, again.json()) == (200, told[0].json())
    kept = on_record(live, answer["decision_id"])
    assert kept["overrides"] == [one.json() for one in told]
    assert [{n: one[n] for n in ("order", "by", "reason")} for one in kept["overrides"]] == sent
    assert [one["id"] for one in kept["shown"]] == ids
    assert metric(live, 'matcher_writes_total{outcome="created",route="/v1/decisions') == 3


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (["f0", "nobody"], "'nobody' who were not shown"),
        (["f0", "f0"], "'f0' more than once"),
    ],
)
def test_an_order_of_others_is_refused_with_what_was_found(live, order, words):
    decision_id = asked(live, **GO, k=100)["decision_id"]
    answer = live.post(f"/v1/decisions/{decision_id}/override", json={"order": order, "by": "a"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-override")
    assert words in answer.json()["detail"]
    assert on_record(live, decision_id)["overrides"] == []


@pytest.mark.parametrize(
    "wrong", [{"order": []}, {"by": ""}, {"by": " "}, {"by": None}, {"reason": "\0"}, {"more": 1}]
)
def test_an_override_that_breaks_the_schema_is_refused(live, wrong):
    decision_id = asked(live)["decision_id"]
    sent = {"order": ["f0"], "by": "ada", **wrong}
    answer = live.post(f"/v1/decisions/{decision_id}/override", json=sent)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


def test_what_nobody_decided_cannot_be_overridden(live):
    answer = live.post("/v1/decisions/none/override", json={"order": ["f0"], "by": "ada"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-decision")


def test_a_list_of_a_later_change_names_it(live):
    before = on_record(live, asked(live)["decision_id"])["seq"]
    put(live, "freelancers/new", title="go api server")
    answer = asked(live, **GO, k=100)
    kept = on_record(live, answer["decision_id"])
    assert kept["seq"] == before + 1
    assert "new" in [one["freelancer_id"] for one in answer["matches"]]

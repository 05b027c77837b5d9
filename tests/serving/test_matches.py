"""`POST /v1/matches`: what it answers."""

from __future__ import annotations

import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pandas as pd
import pytest
from starlette.testclient import TestClient

from matcher.marketplace import from_frames
from matcher.rerank.exploration import Exploration
from tests.serving.conftest import ASKED_AT, PEOPLE, a_client, a_market, a_served, an_app


def ask(client: TestClient, status: int = 200, **request: object) -> dict[str, object]:
    answer = client.post("/v1/matches", json=request)
    assert answer.status_code == status, answer.text
    return answer.json()


def ids(answer: dict[str, object]) -> list[str]:
    return [match["freelancer_id"] for match in answer["matches"]]


def test_a_brief_is_answered_in_the_documented_shape(client):
    answer = ask(client, job={"title": "go api server", "skills": ["go"]}, k=3)
    assert set(answer) == {
        "decision_id", "seed", "as_of", "model", "index", "took_ms", "matches", "similar_jobs",
        "excluded", "warnings",
    }  # fmt: skip
    assert UUID(answer["decision_id"])
    assert answer["as_of"] == ASKED_AT.isoformat().replace("+00:00", "Z")
    assert answer["model"] == {"name": "tiny", "version": "1", "digest": "d" * 64}
    assert answer["index"] == {"size": PEOPLE, "as_of": "2024-05-10T09:00:00Z"}
    assert set(answer["took_ms"]) == {"encode", "retrieve", "features", "rank", "rerank", "total"}
    first = answer["matches"][0]
    assert set(first) == {
        "freelancer_id", "rank", "score", "p_hire", "factors", "expected_value", "factor_reasons",
        "propensity", "explored", "components", "reasons", "details",
    }  # fmt: skip
    assert first["p_hire"] is None
    assert set(first["factors"].values()) == {None}
    assert first["expected_value"] is None
    assert set(first["reasons"][0]) == {"feature", "value", "contribution", "text"}
    assert answer["warnings"] == []


def test_matches_are_numbered_and_fall_in_score(client):
    matches = ask(client, job={"title": "figma logo"}, k=PEOPLE)["matches"]
    assert [match["rank"] for match in matches] == list(range(1, PEOPLE + 1))
    scores = [match["score"] for match in matches]
    assert scores == sorted(scores, reverse=True)


def test_a_known_job_is_matched_by_its_id(client):
    by_id = ask(client, job_id="j/0", k=3)
    by_record = ask(
        client,
        job={"title": "Need a go api server", "skills": ["go", "sql"], "client_id": "c0"},
        k=3,
    )
    assert ids(by_id) == ids(by_record)


def test_stages_add_up_to_the_total(client):
    took = ask(client, job={"title": "php"})["took_ms"]
    total = took.pop("total")
    assert sum(took.values()) == pytest.approx(total, abs=1)


def test_k_above_the_pool_gives_the_whole_pool(client):
    assert len(ask(client, job={"title": "php"}, k=1000)["matches"]) == PEOPLE


@pytest.mark.parametrize(
    ("filters", "passes", "reason"),
    [
        ({"hourly_rate_usd": {"lte": 22}}, {"f0", "f1", "f2"}, "hourly_rate_usd"),
        ({"country": {"in": ["PT"]}}, {"f1", "f4", "f7", "f10"}, "country"),
        ({"languages": {"all": ["pl", "en"]}}, {"f1", "f3", "f5", "f7", "f9"}, "languages"),
        ({"skills": {"all": ["GO", "sql"]}}, {"f0", "f3", "f6", "f9"}, "skills_all"),
        ({"skills": {"any": ["figma", "cobol"]}}, {"f1", "f4", "f7", "f10"}, "skills_any"),
        ({"utc_offset_hours": {"gte": 2, "lte": 3}}, {"f2", "f5", "f8"}, "utc_offset_hours"),
        ({"weekly_hours": {"gte": 40}}, {"f3", "f7"}, "weekly_hours"),
    ],
)
def test_a_filter_keeps_whom_it_names_and_the_unknown_fail_it(client, filters, passes, reason):
    answer = ask(client, job={"title": "php"}, k=100, filters=filters)
    assert set(ids(answer)) == passes
    assert answer["excluded"] == {f"{reason}_unknown": 1, reason: PEOPLE - 1 - len(passes)}


def test_a_whole_number_may_carry_a_point(client):
    assert len(ask(client, job={"title": "go", "positions": 1.0}, k=3.0)["matches"]) == 3


def test_named_freelancers_are_left_out(client):
    answer = ask(client, job={"title": "php"}, k=100, filters={"exclude": ["f2", "nobody"]})
    assert "f2" not in ids(answer)
    assert answer["excluded"] == {"exclude": 1}


def test_filters_that_nobody_passes_leave_an_empty_list_and_a_warning(client):
    answer = ask(client, job={"title": "php"}, filters={"country": {"in": ["FR"]}})
    assert answer["matches"] == []
    assert answer["warnings"] == [
        f"none of {PEOPLE} freelancers passes the filters; `excluded` says which exclude"
    ]


def test_a_brief_without_words_is_answered_with_a_warning(client):
    answer = ask(client, job={"title": " \t\u200b", "description": "!?"})
    assert len(answer["matches"]) == 10
    assert any("no words" in one for one in answer["warnings"])


def test_old_data_is_warned_of(client):
    (warning,) = ask(client, job={"title": "go"}, as_of="2024-08-18T09:00:00Z")["warnings"]
    assert "the data ends at 2024-05-10T09:00:00Z, 100 days before" in warning


def test_an_instant_that_the_model_has_learned_from_is_warned_of(client):
    (warning,) = ask(client, job={"title": "go"}, as_of="2024-05-19T23:59:59+00:00")["warnings"]
    assert "before 2024-05-20T00:00:00Z" in warning


def test_as_of_may_carry_any_offset(client):
    answer = ask(client, job={"title": "go"}, as_of="2024-06-01T02:00:00+02:00")
    assert answer["as_of"] == "2024-06-01T00:00:00Z"


def test_before_anybody_joined_the_list_is_empty(client):
    answer = ask(client, job={"title": "go"}, as_of="0001-01-01T00:00:00Z")
    assert answer["matches"] == []
    assert answer["index"]["size"] == 0
    assert "nobody had joined before as_of" in answer["warnings"]


@pytest.mark.parametrize(
    "title", ["żółć 日本語 العربية", "🦊" * 500, "a\u0000b", "\ufeff", "I" + "\u0307" * 5000]
)
def test_any_unicode_is_answered(client, title):
    assert len(ask(client, job={"title": title, "skills": [title[:200]]})["matches"]) == 10


def test_a_text_of_100_kilobytes_is_answered(client):
    assert ask(client, job={"title": "go", "description": "golang api " * 9_000})["matches"]


def test_every_field_of_a_job_is_accepted(client):
    job = {
        "job_id": "mine", "posted_at": "2024-05-30T00:00:00Z", "title": "go", "description": None,
        "client_id": "c0", "category": "web", "skills": ["go"], "payment": "fixed",
        "budget_usd_min": 0, "budget_usd_max": 1e12, "weeks": 0.5, "country": "PL",
        "utc_offset_hours": -12, "languages": ["en"], "positions": 2,
        "closes_at": "2024-07-01T00:00:00Z",
    }  # fmt: skip
    assert ask(client, job=job, k=1)["matches"]


def test_an_empty_marketplace_is_answered():
    market = from_frames(
        freelancers=pd.DataFrame({"freelancer_id": [], "joined_at": []}, dtype=object),
        jobs=pd.DataFrame({"job_id": [], "posted_at": [], "title": []}, dtype=object),
        events=pd.DataFrame(
            {name: [] for name in ("event_id", "at", "kind", "job_id", "freelancer_id")},
            dtype=object,
        ),
    )
    with a_client(an_app(a_served(market))) as client:
        answer = ask(client, job={"title": "go"})
    assert answer["matches"] == []
    assert answer["index"] == {"size": 0, "as_of": None}
    assert "nobody had joined before as_of" in answer["warnings"]


def test_freelancers_without_history_are_matched():
    with a_client(an_app(a_served(a_market(jobs=0)))) as client:
        answer = ask(client, job={"title": "go"}, k=5)
    assert len(answer["matches"]) == 5


def test_threads_get_the_answers_that_one_gets(client):
    titles = [f"{trade} {i}" for i in range(8) for trade in ("go api", "figma logo", "php shop")]

    def told(title: str) -> str:
        return json.dumps(ask(client, job={"title": title}, k=PEOPLE)["matches"])

    alone = [told(title) for title in titles]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(told, titles)) == alone


def test_without_exploration_every_seat_is_certain_and_no_seed_is_told(client):
    answer = ask(client, job={"title": "go api"}, k=4, seed=3)
    assert answer["seed"] is None
    assert {match["propensity"] for match in answer["matches"]} == {1.0}
    assert not any(match["explored"] for match in answer["matches"])


def test_explored_seats_are_told_with_their_propensity_and_come_again_with_the_seed():
    served = a_served()
    engine = dataclasses.replace(served.engine, exploration=Exploration(share=0.5, few_hires=99))
    with a_client(an_app(dataclasses.replace(served, engine=engine))) as curious:
        first = ask(curious, job={"title": "go api"}, k=4)
        again = ask(curious, job={"title": "go api"}, k=4, seed=first["seed"])
    assert first["decision_id"] != again["decision_id"]
    seats = [
        [(one["freelancer_id"], one["explored"], one["propensity"]) for one in answer["matches"]]
        for answer in (first, again)
    ]
    assert seats[0] == seats[1]
    assert sum(explored for _, explored, _ in seats[0]) == 2
    assert all(0 < propensity <= 1 for _, _, propensity in seats[0])


@pytest.mark.parametrize("seed", [-1, 2**53, 1.5, "7", True])
def test_a_seed_that_is_no_small_whole_number_is_refused(client, seed):
    ask(client, 422, job={"title": "go api"}, seed=seed)

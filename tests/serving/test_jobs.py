"""`POST /v1/freelancers/{freelancer_id}/jobs`: what it answers."""

from __future__ import annotations

import pandas as pd
import pytest
from starlette.testclient import TestClient

from matcher.marketplace import Marketplace, from_frames
from tests.serving.conftest import ASKED_AT, a_client, a_market, a_served, an_app

OPEN = {
    "o/1": "Need a go api server",
    "o/2": "Need a logo design in figma",
    "o/3": "Need a php shop checkout",
}


def with_open_jobs() -> Marketplace:
    """The usual market, three jobs posted a week before it is asked, and somebody with a slash."""
    market = a_market()
    posts = pd.DataFrame(
        {
            "job_id": list(OPEN),
            "posted_at": ["2024-05-25T09:00:00Z"] * 3,
            "title": list(OPEN.values()),
            "payment": ["hourly", "fixed", None],
            "budget_usd_max": [50.0, 900.0, None],
        }
    )
    person = pd.DataFrame({"freelancer_id": ["a/b"], "joined_at": ["2024-05-30T00:00:00Z"]})
    return from_frames(
        freelancers=pd.concat([market.freelancers, from_frames_of(person)], ignore_index=True),
        jobs=pd.concat([market.jobs, posts.assign(posted_at=pd.to_datetime(posts["posted_at"]))]),
        events=market.events,
    )


def from_frames_of(person: pd.DataFrame) -> pd.DataFrame:
    return person.assign(joined_at=pd.to_datetime(person["joined_at"]))


@pytest.fixture(scope="module")
def jobs_client():
    with a_client(an_app(a_served(with_open_jobs()))) as client:
        yield client


def ask(client: TestClient, who: str, status: int = 200, **request: object) -> dict[str, object]:
    answer = client.post(f"/v1/freelancers/{who}/jobs", json=request)
    assert answer.status_code == status, answer.text
    return answer.json()


def ids(answer: dict[str, object]) -> list[str]:
    return [match["job_id"] for match in answer["matches"]]


def test_the_answer_has_the_shape_of_the_other_direction(jobs_client):
    answer = ask(jobs_client, "f1", k=2)
    assert set(answer) == {
        "decision_id", "as_of", "model", "index", "took_ms", "matches", "freelancer",
        "advice", "excluded", "warnings",
    }  # fmt: skip
    assert answer["as_of"] == ASKED_AT.isoformat().replace("+00:00", "Z")
    assert answer["index"]["size"] == len(OPEN)
    assert set(answer["took_ms"]) == {"encode", "retrieve", "features", "rank", "rerank", "total"}
    first = answer["matches"][0]
    assert set(first) == {
        "job_id", "rank", "score", "p_hire", "components", "reasons", "details",
    }  # fmt: skip
    assert first["p_hire"] is None
    assert [match["rank"] for match in answer["matches"]] == [1, 2]


@pytest.mark.parametrize(("who", "first"), [("f0", "o/1"), ("f1", "o/2"), ("f2", "o/3")])
def test_everybody_gets_what_suits_them_first(jobs_client, who, first):
    assert ids(ask(jobs_client, who))[0] == first


def test_an_id_with_a_slash_is_percent_encoded(jobs_client):
    answer = ask(jobs_client, "a%2Fb")
    assert sorted(ids(answer)) == sorted(OPEN)
    assert "nothing is known of the freelancer but the id" in answer["warnings"][0]


@pytest.mark.parametrize("who", ["ghost", "f1%2F", "%C5%BD"])
def test_nobody_of_that_id_is_not_found(jobs_client, who):
    problem = ask(jobs_client, who, 404)
    assert problem["code"] == "unknown-freelancer"


def test_as_of_shows_what_was_open_then(jobs_client):
    answer = ask(jobs_client, "f1", as_of="2024-05-01T12:00:00Z")
    assert ids(answer) == ["j/0"]
    assert "before" in answer["warnings"][0]
    none = ask(jobs_client, "f1", as_of="2024-01-01T00:00:00Z")
    assert none["matches"] == []
    assert (
        none["warnings"][-2:]
        == [
            "the freelancer had not joined before as_of",
            "nothing is known of the freelancer but the id: the list rests on how fresh jobs are "
            "and on what is hired for lately",
        ]
        or none["warnings"][-1] == "no job is open at as_of"
    )


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"payment": "hourly"}, ["o/1"]),
        ({"budget_usd": {"gte": 60}}, ["o/2"]),
        ({"exclude": ["o/1", "o/2"]}, ["o/3"]),
        ({"skills": {"any": ["cobol"]}}, []),
    ],
)
def test_filters_are_kept(jobs_client, filters, left):
    answer = ask(jobs_client, "f1", filters=filters)
    assert ids(answer) == left
    if not left:
        assert answer["warnings"][-1] == "none of 3 open jobs is left; `excluded` says why"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({"k": 0}, "k"),
        ({"k": "3"}, "k"),
        ({"job_id": "o/1"}, "job_id"),
        ({"filters": {"payment": "barter"}}, "filters.payment"),
        ({"as_of": "2024-06-01T00:00:00"}, "as_of"),
    ],
)
def test_a_request_that_breaks_the_schema_says_where(jobs_client, request_, field):
    problem = ask(jobs_client, "f1", 422, **request_)
    assert [one["field"] for one in problem["errors"]] == [field]


def test_an_id_that_is_none_says_so(jobs_client):
    problem = ask(jobs_client, "a%20b", 422)
    assert problem["errors"][0]["field"] == "freelancer_id"

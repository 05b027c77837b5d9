"""Every failure is a problem document with a stable code."""

from __future__ import annotations

import dataclasses

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from matcher.candidates import Matches, Query
from matcher.engine import Engine
from matcher.errors import EncoderError
from tests.serving.conftest import a_client, a_served, an_app

JSON = {"content-type": "application/json"}


def refused(client: TestClient, status: int, code: str, **sent: object) -> dict[str, object]:
    sent = {"method": "POST", "url": "/v1/matches", **sent}
    answer = client.request(**sent)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/problems/{code}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


@pytest.mark.parametrize("content", [b"{", b"nonsense", b'{"k":' + b"[" * 100_000, b"\xff{}"])
def test_what_is_not_json_is_malformed(client, content):
    refused(client, 400, "malformed-json", content=content, headers=JSON)


def test_json_under_another_name_is_an_unsupported_media_type(client):
    headers = {"content-type": "text/plain"}
    refused(client, 415, "unsupported-media-type", content='{"job_id":"j/0"}', headers=headers)


def test_a_body_that_says_it_is_too_large_is_refused_unread(client):
    refused(client, 413, "body-too-large", content=b" " * (1 << 20) + b"{}", headers=JSON)


def test_a_body_that_turns_out_too_large_is_refused(client):
    pieces = (b" " * 65_536 for _ in range(17))
    refused(client, 413, "body-too-large", content=pieces, headers=JSON)


def test_an_unknown_job_is_named(client):
    problem = refused(client, 404, "unknown-job", json={"job_id": "nope"})
    assert "'nope'" in problem["detail"]
    assert problem["instance"] == "/v1/matches"


@pytest.mark.parametrize("url", ["/console", "/v1", "/v1/matches/", "/docs", "/%ff%00"])
def test_an_unknown_route_is_a_problem(client, url):
    refused(client, 404, "unknown-route", method="GET", url=url)


def test_a_wrong_method_names_the_right_one(client):
    refused(client, 405, "method-not-allowed", method="DELETE")
    assert client.delete("/v1/matches").headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        ({}, ""),
        ([], ""),
        ({"job": {"title": "go"}, "job_id": "j/0"}, ""),
        ({"job_id": "j/0", "K": 1}, "K"),
        ({"job_id": "j/0", "k": 0}, "k"),
        ({"job_id": "j/0", "k": 1001}, "k"),
        ({"job_id": "j/0", "k": 1.5}, "k"),
        ({"job_id": "j/0", "k": "10"}, "k"),
        ({"job_id": "j/0", "k": True}, "k"),
        ({"job_id": "a b"}, "job_id"),
        ({"job_id": ""}, "job_id"),
        ({"job_id": "x" * 201}, "job_id"),
        ({"job_id": "j/0", "as_of": "2024-06-01T00:00:00"}, "as_of"),
        ({"job_id": "j/0", "as_of": "2024-06-01"}, "as_of"),
        ({"job_id": "j/0", "as_of": 1717200000}, "as_of"),
        ({"job_id": "j/0", "as_of": "1717200000"}, "as_of"),
        ({"job_id": "j/0", "as_of": "0001-01-01T00:00:00+14:00"}, "as_of"),
        ({"job": {}}, "job.title"),
        ({"job": {"title": "go", "salary": 1}}, "job.salary"),
        ({"job": {"title": "go", "budget_usd_max": -1}}, "job.budget_usd_max"),
        ({"job": {"title": "go", "budget_usd_max": "5"}}, "job.budget_usd_max"),
        ({"job": {"title": "go", "budget_usd_min": 9, "budget_usd_max": 5}}, "job"),
        ({"job": {"title": "go", "utc_offset_hours": 14.5}}, "job.utc_offset_hours"),
        ({"job": {"title": "go", "payment": "barter"}}, "job.payment"),
        ({"job": {"title": "go", "positions": 0}}, "job.positions"),
        ({"job": {"title": "go", "country": "pl"}}, "job.country"),
        ({"job": {"title": "go", "skills": ["x"] * 201}}, "job.skills"),
        ({"job": {"title": "go", "skills": "go"}}, "job.skills"),
        ({"job": {"title": "x" * 200_001}}, "job.title"),
        ({"job_id": "j/0", "filters": {"age": {"lte": 30}}}, "filters.age"),
        ({"job_id": "j/0", "filters": {"country": ["PL"]}}, "filters.country"),
        ({"job_id": "j/0", "filters": {"country": {"in": []}}}, "filters.country.in"),
        ({"job_id": "j/0", "filters": {"country": {"in_": ["PL"]}}}, "filters.country.in_"),
        ({"job_id": "j/0", "filters": {"weekly_hours": {"lt": 5}}}, "filters.weekly_hours.lt"),
    ],
)  # fmt: skip
def test_an_invalid_request_names_the_field(client, request_, field):
    problem = refused(client, 422, "invalid-request", json=request_)
    assert field in [one["field"] for one in problem["errors"]]
    assert all(len(one["found"]) <= 60 and one["expected"] for one in problem["errors"])


def test_no_body_at_all_is_an_invalid_request(client):
    refused(client, 422, "invalid-request")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1" * 400])
@pytest.mark.parametrize("field", ["weeks", "budget_usd_max", "utc_offset_hours", "positions"])
def test_numbers_that_are_not_finite_are_refused(client, number, field):
    content = f'{{"job": {{"title": "go", "{field}": {number}}}}}'
    problem = refused(client, 422, "invalid-request", content=content, headers=JSON)
    assert problem["errors"][0]["field"] == f"job.{field}"


@pytest.mark.parametrize(
    "content",
    [
        r'{"job": {"title": "\ud800"}}',
        r'{"job": {"title": "go", "skills": ["\udfff"]}}',
        r'{"job": {"title": "go", "\ud800": 1}}',
        r'{"job_id": "\udc00"}',
        r'{"job_id": "j/0", "filters": {"exclude": ["\ud800"]}}',
        r'{"\ud800": "\ud800"}',
    ],
)
def test_half_surrogates_are_refused(client, content):
    refused(client, 422, "invalid-request", content=content, headers=JSON)


def broken(error: Exception) -> TestClient:
    class Broken(Engine):
        def match(self, query: Query, **options: object) -> Matches:
            raise error

    served = a_served()
    parts = {one.name: getattr(served.engine, one.name) for one in dataclasses.fields(Engine)}
    return a_client(an_app(dataclasses.replace(served, engine=Broken(**parts))))


def test_a_bug_says_nothing_of_itself_and_is_logged():
    client = broken(ZeroDivisionError("secret"))
    with capture_logs() as logs:
        problem = refused(client, 500, "internal-error", json={"job": {"title": "go"}})
    assert "secret" not in str(problem)
    assert logs[0]["event"] == "request_failed"
    assert logs[0]["exc_info"]


def test_a_failure_of_the_service_names_no_file():
    client = broken(EncoderError("/private/model is damaged"))
    problem = refused(client, 503, "encoder-refused", json={"job": {"title": "go"}})
    assert "private" not in str(problem)

"""`PUT`, `GET` and `DELETE` of freelancers and jobs: what is kept, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from matcher.schema import TABLES
from tests.fakes import FakeEncoder
from tests.serving.live import a_service, put

FULL_PROFILE = {
    "joined_at": "2024-02-01T09:30:00.000001Z", "valid_from": "2024-02-01T09:30:00.000001Z",
    "title": "Illustrator", "overview": "Ink.", "skills": ["ink", "Żółć"],
    "hourly_rate_usd": 45.5, "country": "PT", "utc_offset_hours": -3.5, "languages": ["en"],
    "weekly_hours": 20.0,
    "portable_ratings": [{"platform": "elsewhere", "mean": 4.8, "count": 31}],
}  # fmt: skip
FULL_JOB = {
    "posted_at": "2024-05-30T00:00:00Z", "title": "go", "description": "do", "client_id": "c0",
    "category": "web", "skills": [], "payment": "fixed", "budget_usd_min": 0.0,
    "budget_usd_max": 1e12, "weeks": 0.5, "country": "PL", "utc_offset_hours": -12.0,
    "languages": ["en"], "positions": 2, "closes_at": "2024-07-01T00:00:00Z",
}  # fmt: skip


@pytest.fixture(scope="module")
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, encoder: FakeEncoder) -> Iterator[TestClient]:
    database = tmp_path_factory.mktemp("live") / "m.db"
    with a_service(f"sqlite:///{database}", encoder=encoder) as client:
        yield client


def refused(answer, status: int, code: str) -> str:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    return str(answer.json()["detail"])


# What is kept


@pytest.mark.parametrize(
    ("path", "id_", "record"),
    [("freelancers/full", "full", FULL_PROFILE), ("jobs/full", "full", FULL_JOB)],
)
def test_every_column_comes_back_as_it_was_sent(live, path, id_, record):
    tag = put(live, path, 201, **record)
    answer = live.get(f"/v1/{path}")
    assert answer.headers["etag"] == tag
    assert answer.json() == {**record, f"{path.split('s/')[0]}_id": id_}
    assert put(live, path, 200, **answer.json()) == tag


@pytest.mark.parametrize(("kind", "record"), [("freelancers", {}), ("jobs", {"title": "go"})])
def test_what_is_not_sent_is_null_and_the_first_instant_is_now(live, kind, record):
    before = datetime.now(UTC)
    put(live, f"{kind}/bare", 201, **record)
    found = live.get(f"/v1/{kind}/bare").json()
    assert list(found) == [column.name for column in TABLES[kind]]
    since = found["joined_at" if kind == "freelancers" else "posted_at"]
    assert before <= datetime.fromisoformat(since) <= datetime.now(UTC) + timedelta(seconds=1)
    told = {name for name, value in found.items() if value is not None}
    dated = {"joined_at", "valid_from"} if kind == "freelancers" else {"posted_at"}
    assert told == {f"{kind[:-1]}_id", *dated, *record}


def test_a_profile_is_replaced_whole_and_joined_stays(live):
    first = put(live, "freelancers/again", 201, title="go", country="PL")
    joined = live.get("/v1/freelancers/again").json()["joined_at"]
    second = put(live, "freelancers/again", 200, title="figma")
    found = live.get("/v1/freelancers/again").json()
    assert first != second
    assert (found["title"], found["country"], found["joined_at"]) == ("figma", None, joined)
    answer = live.put("/v1/freelancers/again", json={"joined_at": "2024-01-01T00:00:00Z"})
    assert "joined_at" in refused(answer, 422, "invalid-record")


def test_sent_again_it_is_unchanged_and_nothing_is_encoded(live, encoder):
    tag = put(live, "freelancers/retry", 201, title="a text that nobody had before")
    known = len(encoder.calls)
    answer = live.put("/v1/freelancers/retry", json={"title": "a text that nobody had before"})
    assert answer.json() == {"outcome": "unchanged", "version": tag.strip('"')}
    put(live, "freelancers/namesake", 201, title="a text that nobody had before")
    assert len(encoder.calls) == known


@pytest.mark.parametrize(
    ("path", "id_"),
    [("a%2Fb", "a/b"), ("a/b/c", "a/b/c"), ("%C5%BC%F0%9F%A6%8A", "ż🦊"), ("jobs", "jobs"),
     ("x%2Fjobs", "x/jobs"), ("..%2F..", "../.."), ("'%3B--", "';--"), ("%253", "%3")],
)  # fmt: skip
def test_an_id_of_any_characters_is_one_id(live, path, id_):
    for kind in ("freelancers", "jobs"):
        put(live, f"{kind}/{path}", 201, title="go")
        assert live.get(f"/v1/{kind}/{path}").json()[f"{kind[:-1]}_id"] == id_
        assert live.delete(f"/v1/{kind}/{path}").status_code == 204


# Versions


def test_if_match_guards_a_write(live):
    tag = put(live, "jobs/guarded", 201, title="one")
    stale = {"If-Match": tag}
    assert live.put("/v1/jobs/guarded", json={"title": "two"}, headers=stale).status_code == 200
    detail = refused(
        live.put("/v1/jobs/guarded", json={"title": "three"}, headers=stale), 412, "stale-version"
    )
    assert "read it again" in detail
    refused(live.delete("/v1/jobs/guarded", headers=stale), 412, "stale-version")
    assert live.get("/v1/jobs/guarded").json()["title"] == "two"
    assert live.delete("/v1/jobs/guarded", headers={"If-Match": "*"}).status_code == 204


@pytest.mark.parametrize("tag", ["*", '"1"', '"*"', "1", 'W/"1"', '"1", "2"', '""', '"', "\xff"])
def test_if_match_of_what_is_not_there_is_stale(live, tag):
    headers = {"If-Match": tag.encode("latin-1")}
    refused(
        live.put("/v1/jobs/nowhere", json={"title": "x"}, headers=headers), 412, "stale-version"
    )


def test_only_a_bare_star_matches_anything(live):
    put(live, "jobs/star", title="x")
    for tag, status in (('"*"', 412), ("*", 200)):
        answer = live.put("/v1/jobs/star", json={"title": "y"}, headers={"If-Match": tag})
        assert answer.status_code == status


# Deleting


@pytest.mark.parametrize("kind", ["freelancers", "jobs"])
def test_what_is_deleted_is_unknown_until_it_is_written_again(live, kind):
    code = f"unknown-{kind[:-1]}"
    refused(live.delete(f"/v1/{kind}/gone"), 404, code)
    put(live, f"{kind}/gone", 201, title="go")
    since = live.get(f"/v1/{kind}/gone").json()
    deleted = live.delete(f"/v1/{kind}/gone")
    assert (deleted.status_code, deleted.content) == (204, b"")
    refused(live.delete(f"/v1/{kind}/gone"), 404, code)
    refused(live.get(f"/v1/{kind}/gone"), 404, code)
    put(live, f"{kind}/gone", 201, title="go")
    again = live.get(f"/v1/{kind}/gone").json()
    first = "joined_at" if kind == "freelancers" else "posted_at"
    assert again[first] == since[first]


# What is refused


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"title": "go", "salary": 1}, "salary"),
        ({"hourly_rate_usd": "45"}, "hourly_rate_usd"),
        ({"hourly_rate_usd": -1}, "hourly_rate_usd"),
        ({"weekly_hours": 168.5}, "weekly_hours"),
        ({"joined_at": "2024-01-01T00:00:00"}, "joined_at"),
        ({"country": "pt"}, "country"),
        ({"skills": ["x"] * 201}, "skills"),
        ({"title": "x" * 200_001}, "title"),
        ({"portable_ratings": [{"platform": "a", "mean": 5}]}, "portable_ratings.0.count"),
        ({"portable_ratings": [{"platform": "a", "mean": 5, "count": 1.5}]},
         "portable_ratings.0.count"),
    ],
)  # fmt: skip
def test_a_profile_that_breaks_the_contract_is_refused_with_its_field(live, record, field):
    answer = live.put("/v1/freelancers/bad", json=record)
    refused(answer, 422, "invalid-request")
    assert [one["field"] for one in answer.json()["errors"]] == [field]
    refused(live.get("/v1/freelancers/bad"), 404, "unknown-freelancer")


def test_an_id_in_the_body_must_be_that_of_the_path(live):
    answer = live.put("/v1/jobs/one", json={"job_id": "two", "title": "x"})
    assert refused(answer, 422, "invalid-record").startswith("job_id: found 'two', expected 'one'")


@pytest.mark.parametrize("path", ["", "a%20b", "a%00b", "x" * 201, "%E2%80%A8"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_id_that_is_none_is_refused(live, path, method):
    body = {"json": {"title": "x"}} if method == "PUT" else {}
    answer = live.request(method, f"/v1/freelancers/{path}", **body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE freelancers; --", "<script>alert(1)</script>", "\x01\x1b[31m\r\n\t\x7f",
     "\u202e\u2028\ufeff\uffff", "👩‍👩‍👧" * 50, "x" * 20_000, "\\u0000", "%00"],
)  # fmt: skip
def test_a_hostile_text_comes_back_as_it_was(live, text):
    put(live, "freelancers/hostile", title=text, overview=text)
    found = live.get("/v1/freelancers/hostile").json()
    assert (found["title"], found["overview"]) == (text, text)
    put(live, "jobs/hostile", title=text, description=text, category=text)
    assert live.get("/v1/jobs/hostile").json()["category"] == text


@pytest.mark.parametrize("field", ["title", "overview"])
def test_what_a_database_cannot_hold_is_refused_with_its_field(live, field):
    answer = live.put("/v1/freelancers/nul", json={field: "a\0b"})
    assert f"{field}: found NUL" in refused(answer, 422, "invalid-record")
    content = '{"%s": "\\ud800"}' % field  # noqa: UP031
    headers = {"content-type": "application/json"}
    answer = live.put("/v1/freelancers/half", content=content, headers=headers)
    refused(answer, 422, "invalid-request")
    assert answer.json()["errors"][0]["field"] == field


# Without a database


@pytest.mark.parametrize("kind", ["freelancers", "jobs"])
def test_without_a_database_nothing_is_written(client, kind):
    sent = [
        client.put(f"/v1/{kind}/x", json={"title": "x"}),
        client.get(f"/v1/{kind}/x"),
        client.delete(f"/v1/{kind}/x"),
        client.post("/v1/events", json=[]),
    ]
    for answer in sent:
        assert "start it with --database" in refused(answer, 409, "read-only")


def test_a_method_that_a_record_lacks_is_told_with_those_it_has(live):
    answer = live.post("/v1/jobs/x", json={})
    assert answer.headers["allow"] == "DELETE, GET, PUT"

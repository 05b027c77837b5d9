"""What goes out is what was meant: paths are one segment, bodies are JSON in ASCII."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import unquote
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.client import MatcherClient
from matcher.client.calls import matching, place, written
from matcher.domain import Job
from matcher.errors import UsageError
from tests.client.services import a_client, says


@given(st.text(min_size=1, max_size=50).filter(lambda id_: id_.isprintable()))
def test_an_id_is_one_segment_that_arrives_as_it_is(id_):
    _, _, segment = place("jobs", id_).rpartition("/")
    url = httpx.URL(f"http://localhost{place('jobs', id_)}")
    assert url.raw_path.decode() == f"/v1/jobs/{segment}"
    assert unquote(segment) == id_


@pytest.mark.parametrize("id_", ["", "half \ud800"])
def test_an_id_that_no_path_can_hold_is_refused(id_):
    with pytest.raises(UsageError, match="id"):
        place("jobs", id_)


def test_a_job_of_the_library_is_a_job_of_the_api():
    job = Job(title="x", skills=("go",), posted_at=datetime(2024, 1, 1, tzinfo=UTC))
    assert json.loads(written({"job": job}))["job"] == {
        **dict.fromkeys(Job.__dataclass_fields__),
        "title": "x",
        "skills": ["go"],
        "languages": [],
        "posted_at": "2024-01-01T00:00:00+00:00",
    }


def test_texts_of_any_kind_go_out_in_ascii():
    text = 'ünïcode 🖋 \x00\x1f " \ud800'
    assert json.loads(written({"t": text})) == {"t": text}
    assert written({"id": UUID(int=1)}) == b'{"id":"00000000-0000-0000-0000-000000000001"}'


def a_circle() -> dict[str, object]:
    circle: dict[str, object] = {}
    circle["self"] = circle
    return circle


@pytest.mark.parametrize("content", [{"skills": {"go"}}, {"x": object()}, a_circle(), {"x": Job}])
def test_what_json_does_not_know_is_refused(content):
    with pytest.raises(UsageError, match="cannot be written as JSON"):
        written(content)


@pytest.mark.parametrize(
    ("version", "tag"), [("7", '"7"'), ('"7"', '"7"'), ("*", "*"), ("a/b:c", '"a/b:c"')]
)
def test_a_version_is_named_as_a_tag(version, tag):
    assert matching(version) == {"If-Match": tag}


@pytest.mark.parametrize("version", ["", "a\r\nX: y", 'a"b', "é", "a b", "\x00"])
def test_a_version_that_is_none_never_reaches_a_header(version):
    with pytest.raises(UsageError, match="if_match"):
        matching(version)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "localhost:8080",
        "ftp://x",
        "http://",
        "http://x/?a=1",
        "http://x#a",
        "http://x:y",
        "/v1",
    ],
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(UsageError, match="expected an address"):
        MatcherClient(address)


def test_an_address_with_a_password_is_refused_and_not_repeated():
    with pytest.raises(UsageError) as refused:
        MatcherClient("http://ada:secret@localhost")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("key", ["", "a\nb", "ключ", "a b"])
def test_a_key_that_is_none_is_refused_and_not_repeated(key):
    with pytest.raises(UsageError, match="as it was issued") as refused:
        MatcherClient("http://localhost", key=key)
    assert not key or key not in str(refused.value)


@pytest.mark.parametrize(
    "options", [{"retries": -1}, {"timeout_s": 0}, {"timeout_s": float("nan")}]
)
def test_limits_that_are_none_are_refused(options):
    with pytest.raises(UsageError, match="retries from 0"):
        MatcherClient("http://localhost", **options)


def test_the_key_goes_as_a_bearer_token_and_into_no_repr():
    client, service = a_client(says(content={"name": "m", "version": "1", "digest": "d"}), key="k1")
    client.model()
    assert service.requests[0].headers["authorization"] == "Bearer k1"
    assert "k1" not in repr(client)


def test_a_service_may_lie_below_a_path():
    service = httpx.MockTransport(
        lambda request: says(404 if request.url.path != "/m/readyz" else 200)
    )
    with MatcherClient("https://localhost/m/", transport=service) as client:
        assert client.is_ready()


def test_a_job_and_its_id_exclude_each_other():
    client, service = a_client()
    for named in ({}, {"job": {"title": "x"}, "job_id": "j"}):
        with pytest.raises(UsageError, match="exactly one"):
            client.match(**named)
    assert service.requests == []


def test_a_text_is_no_list_of_documents():
    client, _ = a_client()
    with pytest.raises(UsageError, match="expected a list"):
        client.rerank("x", "a document")

"""Asked again where that is safe and may help, and told apart where not."""

from __future__ import annotations

import httpx
import pytest

from matcher.client import MatcherClient
from matcher.client.errors import ApiError, UnreachableError, UnreadableAnswerError
from matcher.errors import MatcherError
from tests.client.services import Waits, a_client, refuses, says

MODEL = {"name": "m", "version": "1", "digest": "d"}
WRITTEN = {"outcome": "created", "version": "1"}
OVERRIDE = {"at": "2024-06-01T00:00:00Z", "by": "ada", "order": ["f1"]}
NOT_MADE = [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), httpx.PoolTimeout("full")]
BROKEN = [httpx.ReadTimeout("silent"), httpx.ReadError("reset"), httpx.RemoteProtocolError("half")]


@pytest.mark.parametrize("error", [*NOT_MADE, *BROKEN], ids=lambda error: type(error).__name__)
def test_no_answer_is_asked_for_again(error):
    client, service = a_client(error, error, says(content=MODEL))
    assert client.model().name == "m"
    assert len(service.requests) == 3


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_refusal_that_passes_is_waited_for(status):
    waits = Waits()
    client, _ = a_client(refuses(status, "x"), says(content=MODEL), waits=waits)
    assert client.model().name == "m"
    assert waits.slept == [0.2]


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 412, 413, 415, 422, 500, 599])
def test_a_refusal_that_stays_is_told_at_once(status):
    client, service = a_client(refuses(status, "some-code", "because"))
    with pytest.raises(ApiError, match=f"{status} some-code: because") as refused:
        client.model()
    error = refused.value
    assert (error.status, error.code, error.detail) == (status, "some-code", "because")
    assert isinstance(error, MatcherError)
    assert not error.uncertain
    assert len(service.requests) == 1


def test_after_the_last_attempt_the_refusal_is_told():
    waits = Waits()
    client, service = a_client(*[refuses(503, "busy")] * 4, waits=waits)
    with pytest.raises(ApiError, match="busy"):
        client.model()
    assert len(service.requests) == 4
    assert waits.slept == [0.2, 0.4, 0.8]


def test_after_the_last_attempt_the_silence_is_told():
    client, _ = a_client(*BROKEN, retries=2)
    with pytest.raises(UnreachableError, match=r"in 3 attempts .*half.*may have been") as silent:
        client.model()
    assert silent.value.attempts == 3
    assert isinstance(silent.value.__cause__, httpx.RemoteProtocolError)


def test_without_retries_there_is_one_attempt():
    client, service = a_client(refuses(503, "busy"), retries=0)
    with pytest.raises(ApiError):
        client.model()
    assert len(service.requests) == 1


def test_as_long_as_the_service_asks_is_waited():
    waits = Waits()
    client, _ = a_client(refuses(429, "x", Retry_After="7"), says(content=MODEL), waits=waits)
    client.model()
    assert waits.slept == [7.2]


def test_a_service_that_wants_an_hour_is_not_waited_for():
    client, service = a_client(refuses(429, "x", Retry_After="3600"))
    with pytest.raises(ApiError) as refused:
        client.model()
    assert refused.value.retry_after_s == 3600
    assert len(service.requests) == 1


@pytest.mark.parametrize("error", NOT_MADE, ids=lambda error: type(error).__name__)
def test_an_override_is_sent_again_where_no_connection_was_made(error):
    client, service = a_client(error, says(201, OVERRIDE))
    assert client.override("d1", ["f1"], by="ada").by == "ada"
    assert len(service.requests) == 2


@pytest.mark.parametrize("error", BROKEN, ids=lambda error: type(error).__name__)
def test_an_override_that_may_have_arrived_is_not_sent_again(error):
    client, service = a_client(error)
    with pytest.raises(UnreachableError, match="may have been carried out") as silent:
        client.override("d1", ["f1"], by="ada")
    assert silent.value.uncertain
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_override_that_was_refused_is_not_sent_again(status):
    client, service = a_client(refuses(status, "x"))
    with pytest.raises(ApiError):
        client.override("d1", ["f1"], by="ada")
    assert len(service.requests) == 1


def test_a_write_whose_version_went_by_may_be_ones_own_and_says_so():
    client, service = a_client(httpx.ReadTimeout("x"), refuses(412, "stale-version"))
    with pytest.raises(ApiError, match="may have been carried out") as refused:
        client.put_job("j", {"title": "x"}, if_match="7")
    assert refused.value.uncertain
    assert {one.headers["if-match"] for one in service.requests} == {'"7"'}


@pytest.mark.parametrize(
    "step",
    [
        httpx.ReadTimeout("x"),
        refuses(502, "http-error"),
        refuses(503, "timeout"),
        refuses(503, "store-unavailable"),
    ],
)
def test_what_is_gone_after_an_unanswered_deletion_is_deleted(step):
    client, _ = a_client(step, refuses(404, "unknown-job"))
    client.delete_job("j")


@pytest.mark.parametrize(
    "steps", [[], [httpx.ConnectError("x")], [refuses(503, "busy")], [refuses(429, "x")]]
)
def test_what_was_never_there_is_not_deleted(steps):
    client, _ = a_client(*steps, refuses(404, "unknown-job"))
    with pytest.raises(ApiError, match="unknown-job"):
        client.delete_job("j")


def test_erasing_asks_for_it():
    client, service = a_client(httpx.Response(204), httpx.Response(204))
    client.delete_freelancer("a/ü", erase=True)
    client.delete_freelancer("a/ü")
    assert [one.url.raw_path for one in service.requests] == [
        b"/v1/freelancers/a%2F%C3%BC?erase=true",
        b"/v1/freelancers/a%2F%C3%BC",
    ]


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (httpx.Response(502, text="<h1>Bad\nGateway</h1>"), "Bad Gateway; .*<h1>Bad Gateway</h1>"),
        (httpx.Response(418, content=b"\xff\x00"), "not this API"),
        (httpx.Response(599, text=""), "no known status"),
        (says(400, ["code"]), "not this API"),
        (says(400, {"code": 7}), "not this API"),
        (httpx.Response(400, text="[" * 100_000), "not this API"),
    ],
)
def test_a_refusal_of_something_else_is_told_apart(answer, detail):
    client, _ = a_client(answer, retries=0)
    with pytest.raises(ApiError, match=detail) as refused:
        client.model()
    assert refused.value.code == "http-error"
    assert len(refused.value.detail) < 500


@pytest.mark.parametrize("errors", [None, 7, {}, [7], [{"field": "k"}]])
def test_fields_at_fault_are_those_that_can_be_read(errors):
    client, _ = a_client(says(422, {"code": "invalid-request", "detail": "x", "errors": errors}))
    with pytest.raises(ApiError) as refused:
        client.model()
    assert refused.value.fields == (({"field": "k"},) if errors == [{"field": "k"}] else ())


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[]", b"null", b'{"name": 7}', b"\xff"])
def test_a_success_of_something_else_is_told_apart(body):
    client, _ = a_client(httpx.Response(200, content=body))
    with pytest.raises(UnreadableAnswerError, match="GET /v1/model was answered with no ModelCard"):
        client.model()


def test_what_cannot_be_unpacked_is_told_apart():
    torn = httpx.Response(
        200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip")
    )
    client, _ = a_client(torn)
    with pytest.raises(UnreadableAnswerError, match="cannot be unpacked"):
        client.model()


@pytest.mark.parametrize(
    ("step", "ready"),
    [
        (says(), True),
        (refuses(503, "not-ready"), False),
        (httpx.ConnectError("refused"), False),
        (httpx.ReadTimeout("silent"), False),
    ],
)
def test_readiness_is_asked_once(step, ready):
    waits = Waits()
    client, service = a_client(step, waits=waits)
    assert client.is_ready() is ready
    assert len(service.requests) == 1
    assert waits.slept == []


def test_what_is_no_service_is_not_merely_unready():
    client, _ = a_client(httpx.Response(404, text="nothing here"))
    with pytest.raises(ApiError, match="not this API"):
        client.is_ready()


def test_a_port_where_nobody_listens_is_unreachable():
    with MatcherClient("http://127.0.0.1:9", retries=1, backoff=Waits().backoff) as client:
        assert not client.is_ready()
        with pytest.raises(UnreachableError, match="did not answer in 2 attempts") as silent:
            client.model()
    assert not silent.value.uncertain

"""Nothing waits for ever: a slow body, a slow answer, a long line, a client that went away."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from matcher.errors import BusyError, UsageError
from matcher.ports import Vectors
from matcher.settings import Settings
from serving.app import create_app
from serving.terms import Terms
from serving.turns import MOST_MATCHES_WAITING, Turns
from tests.fakes import FakeEncoder
from tests.serving.conftest import a_client, a_served, wait_until_ready
from tests.serving.live import a_service, until
from tests.serving.wire import code_of, connected, listening, told

POST = "POST /v1/matches HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
BODY = b'{"job_id": "j/0"}'


class Gate(FakeEncoder):
    """Encodes a text that says so only once it is opened, and counts such texts."""

    def __init__(self) -> None:
        super().__init__()
        self.opened, self.held = Event(), 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        if any("wait" in text for text in texts):
            self.held += 1
            assert self.opened.wait(20)
        return super().encode(texts)


def ask(client: TestClient, title: str = "wait") -> tuple[int, str | None]:
    """The status of an answer, and the code of a problem."""
    answer = client.post("/v1/matches", json={"job": {"title": title}})
    return answer.status_code, answer.json().get("code")


def an_app(encoder: FakeEncoder | None = None, **terms: Any) -> FastAPI:
    return create_app(a_served(encoder=encoder), at_once=1, terms=Terms(**terms))


# Bodies


@pytest.mark.parametrize("framing", ["Content-Length: 17", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("begun", [b"", b'{"job'])
def test_a_body_that_trickles_in_is_cut_off(framing, begun):
    if begun and "chunked" in framing:
        begun = b"5\r\n" + begun + b"\r\n"
    with listening(an_app(body_timeout_s=0.05)) as port, connected(port) as asking:
        asking.sendall(f"{POST}{framing}\r\n\r\n".encode() + begun)
        answer = told(asking)  # to the end: it is closed by the service
        assert answer.startswith("HTTP/1.1 408 ")
        assert code_of(answer) == "slow-body"


def test_a_body_in_pieces_is_taken_as_long_as_it_is_in_time():
    with listening(an_app()) as port, connected(port) as asking:
        asking.sendall(f"{POST}Connection: close\r\nContent-Length: {len(BODY)}\r\n\r\n".encode())
        for byte in BODY:
            asking.sendall(bytes([byte]))
        assert told(asking).startswith("HTTP/1.1 200 ")


def test_a_client_that_goes_away_leaves_a_line_in_the_log_and_nothing_else(tmp_path):
    url = f"sqlite:///{tmp_path / 'm.db'}"
    put = "PUT /v1/jobs/half HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with a_service(url) as client, listening(client.app) as port, capture_logs() as logs:
        with connected(port) as asking:
            asking.sendall(f'{put}Content-Length: 16\r\n\r\n{{"title": '.encode())
        until(lambda: [one for one in logs if one["event"] == "request_cut"])
        assert client.get("/v1/jobs/half").status_code == 404
        assert 'route="/v1/jobs/{job_id:path}",outcome=' not in client.get("/metrics").text
    assert not [one for one in logs if one["event"] == "request_failed"]


# Answers


def test_an_answer_that_takes_too_long_is_given_up_and_the_service_goes_on():
    gate = Gate()
    with a_client(an_app(gate, request_timeout_s=0.2)) as client:
        wait_until_ready(client)
        answer = client.post("/v1/matches", json={"job": {"title": "wait"}})
        assert (answer.status_code, answer.json()["code"]) == (503, "timeout")
        assert int(answer.headers["retry-after"]) > 0
        assert "within 0.2 seconds" in answer.json()["detail"]
        assert ask(client) == (503, "timeout")  # the thread is busy still, so this one never began
        assert gate.held == 1
        gate.opened.set()
        until(lambda: ask(client, "go")[0] == 200)
        assert gate.held == 1


def test_a_write_that_was_given_up_is_whole(tmp_path):
    gate = Gate()
    url = f"sqlite:///{tmp_path / 'm.db'}"

    def app(follower) -> FastAPI:
        return create_app(follower, terms=Terms(request_timeout_s=0.2))

    with a_service(url, app=app, encoder=gate) as client:
        refused = client.put("/v1/jobs/late", json={"title": "wait"})
        assert (refused.status_code, refused.json()["code"]) == (503, "timeout")
        gate.opened.set()
        until(lambda: client.get("/v1/jobs/late").status_code == 200)
        again = client.put("/v1/jobs/late", json={"title": "wait"})
        assert again.json()["outcome"] == "unchanged"


# Lines


@pytest.mark.parametrize("path", ["/v1/matches", "/v1/freelancers/f1/jobs"])
def test_a_full_line_answers_busy_with_when_to_come_again(path, monkeypatch):
    async def full(*_: object) -> None:
        raise BusyError(MOST_MATCHES_WAITING, of="matches")

    monkeypatch.setattr(Turns, "take", full)
    with a_client(an_app()) as client:
        answer = client.post(path, json={"job_id": "j/0"} if path == "/v1/matches" else {})
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.headers["retry-after"] == "1"
        assert "128 matches are waiting" in answer.json()["detail"]


def test_beyond_the_line_a_match_is_refused_and_those_in_line_are_answered(monkeypatch):
    monkeypatch.setattr("serving.app.MOST_MATCHES_WAITING", 2)
    gate = Gate()
    with a_client(an_app(gate)) as client, ThreadPoolExecutor(6) as pool:
        wait_until_ready(client)
        asked = [pool.submit(ask, client) for _ in range(6)]
        until(lambda: sum(one.done() for one in asked) == 3)
        gate.opened.set()
        told_ = sorted(one.result() for one in asked)
        assert [status for status, _ in told_] == [200] * 3 + [503] * 3
        assert {code for status, code in told_ if status == 503} == {"busy"}


def test_settings_become_terms(monkeypatch):
    monkeypatch.setenv("MATCHER_ALLOWED_HOSTS", " a.example, ,b.example,")
    monkeypatch.setenv("MATCHER_BODY_TIMEOUT_S", "1.5")
    monkeypatch.setenv("MATCHER_REQUEST_TIMEOUT_S", "7")
    monkeypatch.setenv("MATCHER_DRAIN_S", "0")
    monkeypatch.setenv("MATCHER_HOST", "::1")
    assert Terms.of(Settings()) == Terms(
        host="::1",
        allowed_hosts=("a.example", "b.example"),
        body_timeout_s=1.5,
        request_timeout_s=7,
        drain_s=0,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("BODY_TIMEOUT_S", one) for one in ("0", "-1", "nan", "inf", "soon", "3601")),
        *(("REQUEST_TIMEOUT_S", one) for one in ("0", "1e9")),
        ("DRAIN_S", "-0.1"),
    ],
)
def test_a_limit_that_is_none_is_wrong_usage(name, value, monkeypatch):
    monkeypatch.setenv(f"MATCHER_{name}", value)
    with pytest.raises(UsageError, match=f"MATCHER_{name}: found '{value}', .*correct the env"):
        Settings()

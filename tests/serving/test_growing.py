"""What answers grows by what came, and is made anew where that does not fit or has become much."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from serving.app import create_app
from serving.following import Follower
from tests.serving.conftest import a_client, wait_until_ready
from tests.serving.gated import gated, warned
from tests.serving.live import a_follower, a_service, an_event, listed, put, send, until


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'm.db'}"


def written(client: TestClient) -> None:
    """Some of everything, in several growths."""
    for n in range(4):
        put(client, f"freelancers/a{n}", title="go api server", skills=["go"], country="DE")
        put(client, f"jobs/late{n}", title="go api", client_id=f"new{n}", skills=["go", f"s{n}"])
        send(client, an_event(f"h{n}", job_id=f"late{n}", freelancer_id=f"a{n}"))
        listed(client)
    send(client, an_event("r", "rated_freelancer", job_id="late0", freelancer_id="a0", value=5))
    put(client, "freelancers/a1", title="cobol", skills=["cobol"])
    client.delete("/v1/freelancers/a2")
    put(client, "jobs/late1", title="go api", client_id="new1", skills=["go", "s1"], positions=3)


def told(client: TestClient) -> list[object]:
    """What both directions answer, but for names and times of the answers themselves."""
    answers = []
    for path, request in (
        ("/v1/matches", {"job": {"title": "go api server", "skills": ["go"]}, "k": 100}),
        ("/v1/matches", {"job_id": "late3", "k": 100}),
        ("/v1/freelancers/a0/jobs", {"k": 100}),
    ):
        answer = client.post(path, json={**request, "as_of": "2100-01-01T00:00:00Z"}).json()
        answers.append({key: answer[key] for key in ("matches", "excluded", "index", "warnings")})
    return answers


def test_what_grew_answers_as_what_a_restart_makes_anew(url):
    with a_service(url) as client:
        written(client)
        grown, text = told(client), client.get("/metrics").text
    assert "matcher_rebuild_seconds_count 0.0" in text
    with a_service(url) as client:
        assert told(client) == grown


def test_what_does_not_fit_is_made_anew(url):
    with a_service(url) as client:
        put(client, "jobs/n", title="go")
        put(client, "jobs/n", title="a logo for a bakery")
        assert client.post("/v1/matches", json={"job_id": "n"}).status_code == 200
        text = client.get("/metrics").text
    assert "matcher_rebuild_seconds_count 1.0" in text


def test_nobody_waits_for_what_takes_longer_than_they_may_wait(url):
    follower, seen = gated(url, wait_s=20.0)
    seen["open"].set()
    with a_client(create_app(follower)) as client:
        wait_until_ready(client)
        put(client, "jobs/n", title="go")
        assert not warned(client, "behind")
        follower._rebuild_s = 1000.0  # what the last one took
        seen["may_build"].clear()
        put(client, "jobs/n", title="a logo for a bakery")
        until(lambda: seen["builds"])
        started = time.monotonic()
        assert warned(client, "behind")
        assert time.monotonic() - started < 10
        seen["may_build"].set()
        until(lambda: not warned(client, "behind"))
        assert follower._rebuild_s < 1000.0


def test_what_has_grown_by_much_is_made_anew_beside_it(url):
    first = a_follower(url)
    follower = Follower(first._builder, first._held, poll_s=0.05, most_grown=3)
    with a_client(create_app(follower)) as client:
        wait_until_ready(client)
        written(client)
        until(lambda: follower._held.grown <= 3)
        renewed = told(client)
    with a_service(url) as client:
        assert told(client) == renewed

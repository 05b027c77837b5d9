"""Lists follow what is written: at once here, soon elsewhere, and never half."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from matcher.store.store import Store
from serving.app import create_app
from tests.fakes import FakeEncoder
from tests.serving.conftest import PEOPLE, a_client, wait_until_ready
from tests.serving.gated import gated, warned
from tests.serving.live import (
    a_follower,
    a_service,
    an_event,
    jobs_for,
    listed,
    put,
    send,
    until,
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'm.db'}"


@pytest.fixture
def live(url: str) -> Iterator[TestClient]:
    with a_service(url) as client:
        yield client


# What a writer reads next


def test_a_sign_up_is_on_the_next_list_and_a_deleted_one_on_none(live):
    put(live, "freelancers/new", title="go api server", skills=["go"])
    assert "new" in listed(live)
    assert live.get("/v1/model").json()["freelancers"] == PEOPLE + 1
    assert live.delete("/v1/freelancers/new").status_code == 204
    assert "new" not in listed(live)
    answer = live.post(
        "/v1/matches", json={"job": {"title": "go"}, "as_of": "2100-01-01T00:00:00Z"}
    )
    assert answer.json()["index"]["size"] == PEOPLE
    assert live.get("/v1/model").json()["freelancers"] == PEOPLE
    gone = live.post("/v1/freelancers/new/jobs", json={})
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown-freelancer")
    put(live, "freelancers/new", title="go api server")
    assert "new" in listed(live)


def test_a_profile_that_changes_changes_who_qualifies(live):
    go = {"filters": {"skills": {"all": ["cobol"]}}}
    assert listed(live, **go) == []
    put(live, "freelancers/f4", title="cobol", skills=["COBOL"])
    assert listed(live, **go) == ["f4"]


def test_a_hire_and_a_rating_move_the_next_answer(live):
    def told() -> list[dict[str, object]]:
        request = {"job": {"title": "go api server"}, "k": 100}
        matches = live.post("/v1/matches", json=request).json()["matches"]
        return [
            {key: one[key] for key in ("score", "components")}
            for one in sorted(matches, key=lambda one: one["freelancer_id"])
            if one["freelancer_id"] == "f9"
        ]

    before = told()
    send(live, an_event("h", freelancer_id="f9", at=datetime.now(UTC).isoformat()))
    hired = told()
    assert hired[0]["components"] != before[0]["components"]
    assert hired[0]["score"] > before[0]["score"]


def test_a_job_is_open_until_it_is_filled_or_deleted(live):
    put(live, "jobs/o%2F1", title="Need a go api server", positions=1)
    put(live, "jobs/o2", title="Need a go api server")
    assert {"o/1", "o2"} <= set(jobs_for(live, "f1"))
    assert listed(live, job=None, job_id="o/1")
    send(live, an_event("fill", job_id="o/1", at=datetime.now(UTC).isoformat()))
    assert "o/1" not in jobs_for(live, "f2")
    assert live.delete("/v1/jobs/o2").status_code == 204
    assert "o2" not in jobs_for(live, "f2")
    gone = live.post("/v1/matches", json={"job_id": "o2"})
    assert (gone.status_code, gone.json()["code"]) == (404, "unknown-job")


# Waiting, and not


def test_a_reader_waits_for_nobody_elses_write(url):
    follower, seen = gated(url, wait_s=20.0)
    with a_client(create_app(follower)) as client, Store.open(url) as other:
        wait_until_ready(client)
        other.put_job({"job_id": "elsewhere", "title": "x"})
        until(lambda: seen["growths"])
        started = time.monotonic()
        assert warned(client, "behind") == [
            "the list is 1 change behind what is on record; a later one will hold them"
        ]
        assert time.monotonic() - started < 5
        seen["open"].set()
        until(lambda: not warned(client, "behind"))


def test_beyond_the_bound_the_answer_is_what_there_is_and_says_so(url):
    follower, seen = gated(url, wait_s=0.2)
    with a_client(create_app(follower)) as client:
        wait_until_ready(client)
        for n in range(3):
            put(client, f"jobs/n{n}", title="x")
        started = time.monotonic()
        assert "3 changes behind" in warned(client, "behind")[0]
        assert time.monotonic() - started >= 0.2
        seen["open"].set()
        until(lambda: not warned(client, "behind"))
        assert client.post("/v1/matches", json={"job_id": "n2"}).status_code == 200


def test_changes_that_arrive_meanwhile_are_taken_together(url):
    follower, seen = gated(url, wait_s=0.0)
    with a_client(create_app(follower)) as client:
        put(client, "jobs/first", title="x")
        until(lambda: seen["growths"])
        for n in range(8):
            put(client, f"jobs/n{n}", title="x")
        seen["open"].set()
        until(lambda: not warned(client, "behind"))
    assert seen["growths"] == 1


def test_a_growth_that_fails_keeps_what_was_there_and_is_tried_again(url):
    follower, seen = gated(url, wait_s=0.5)
    seen["open"].set()
    seen["fails"] = 2
    with a_client(create_app(follower)) as client:
        wait_until_ready(client)
        put(client, "jobs/n", title="x")
        until(lambda: "matcher_failed_rebuilds_total 2.0" in client.get("/metrics").text)
        until(lambda: client.post("/v1/matches", json={"job_id": "n"}).status_code == 200)
        text = client.get("/metrics").text
    assert "matcher_growth_seconds_count 1.0" in text
    assert "matcher_snapshot_behind 0.0" in text
    assert 'matcher_writes_total{outcome="created",route="/v1/jobs/{job_id:path}"} 1.0' in text


# Two processes, a restart


def test_another_process_follows_within_about_a_second(url):
    with a_service(url) as here, a_replica(url) as port:
        put(here, "jobs/shared", title="go")
        written = time.monotonic()
        until(lambda: asked(port, "POST", "/v1/matches", {"job_id": "shared"}) == 200)
        assert time.monotonic() - written < 10  # about one; the machine may be busy
        assert asked(port, "PUT", "/v1/jobs/back", {"title": "go"}) == 201
        assert asked(port, "POST", "/v1/matches", {"job_id": "back"}) == 200
        until(lambda: here.post("/v1/matches", json={"job_id": "back"}).status_code == 200)


@contextmanager
def a_replica(url: str) -> Iterator[int]:
    """The port of another process over the same store, once it is ready."""
    command = [sys.executable, "-m", "tests.serving.replica", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            until(lambda: asked(port, "GET", "/readyz") == 200, within_s=60)
            yield port
        finally:
            process.terminate()


def asked(port: int, method: str, path: str, body: object = None) -> int:
    """The status of an answer; 0 where there is none."""
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"content-type": "application/json"}
    try:
        client.request(method, path, None if body is None else json.dumps(body), headers)
        return client.getresponse().status
    except OSError:
        return 0
    finally:
        client.close()


def test_a_restart_finds_everything_and_encodes_nothing(url):
    with a_service(url) as client:
        put(client, "freelancers/new", title="a text of its own")
        put(client, "jobs/new", title="another text of its own")
        send(client, an_event("e", job_id="new", freelancer_id="new"))
    encoder = FakeEncoder()
    follower = a_follower(url, encoder=encoder)
    assert encoder.calls == []
    with a_client(create_app(follower)) as client:
        wait_until_ready(client)
        assert "new" in listed(client)
        assert client.post("/v1/matches", json={"job_id": "new"}).status_code == 200
        again = client.post("/v1/events", json=an_event("e", job_id="new", freelancer_id="new"))
        assert again.json()["duplicate"] == 1


def test_a_seeding_that_was_cut_short_is_finished_and_a_whole_one_left_alone(url):
    with Store.open(url) as store:
        store.set_origin(f"unfinished bundle:{'d' * 64}")
        store.put_freelancer({"freelancer_id": "f0", "joined_at": datetime.now(UTC)})
    follower = a_follower(url)
    assert len(follower.served.engine.snapshot.jobs) == 9
    with follower.store() as store:
        assert store.origin() == f"bundle:{'d' * 64}"
        head = store.head()
    assert a_follower(url)._held.seq == head


def test_what_is_written_for_later_counts_later(live):
    later = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    put(live, "freelancers/later", title="go api server", joined_at=later)
    assert "later" not in listed(live)

"""A service over a store: the small market seeded into a database, and followed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from matcher.store.store import Store
from serving.app import create_app
from serving.following import Follower
from serving.opening import follower_of
from tests.fakes import FakeEncoder
from tests.serving.conftest import a_client, a_market, a_model, a_served, wait_until_ready


def a_follower(url: str, *, encoder: FakeEncoder | None = None, **options: Any) -> Follower:
    """Of a store, with the small market in it if it was empty."""
    market = a_market()
    served = a_served(market, encoder=encoder)
    return follower_of(
        served,
        store=Store.open(url),
        model=a_model(served.engine.snapshot),
        marketplace=market,
        **{"wait_s": 20.0, "poll_s": 0.05, **options},
    )


@contextmanager
def a_service(
    url: str, *, ready: bool = True, app: Callable[[Follower], FastAPI] = create_app, **options: Any
) -> Iterator[TestClient]:
    """Its API, while the follower runs."""
    with a_client(app(a_follower(url, **options))) as client:
        if ready:
            wait_until_ready(client)
        yield client


def until(holds: Callable[[], object], *, within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "never"
        time.sleep(0.02)


def put(client: TestClient, path: str, status: int | None = None, **record: object) -> str:
    """Write a record; its ETag."""
    answer = client.put(f"/v1/{path}", json=record)
    assert answer.status_code in ({200, 201} if status is None else {status}), answer.text
    return answer.headers["etag"]


def an_event(event_id: str, kind: str = "hired", **fields: object) -> dict[str, object]:
    event = {"event_id": event_id, "at": "2024-06-05T00:00:00Z", "kind": kind}
    return {**event, "job_id": "j/0", "freelancer_id": "f1", **fields}


def send(client: TestClient, *events: object) -> dict[str, Any]:
    answer = client.post("/v1/events", json=list(events))
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(client: TestClient, **request: object) -> list[str]:
    """Who is on the list for a job."""
    request = {"job": {"title": "go api server", "skills": ["go"]}, "k": 100, **request}
    answer = client.post("/v1/matches", json=request)
    assert answer.status_code == 200, answer.text
    assert not [one for one in answer.json()["warnings"] if "behind" in one or "away" in one]
    return [one["freelancer_id"] for one in answer.json()["matches"]]


def jobs_for(client: TestClient, who: str) -> list[str]:
    answer = client.post(f"/v1/freelancers/{who}/jobs", json={"k": 100})
    assert answer.status_code == 200, answer.text
    return [one["job_id"] for one in answer.json()["matches"]]

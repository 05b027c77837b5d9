"""The real service on a port of its own, within the tests' process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import uvicorn
from fastapi import FastAPI

from matcher.store.store import Store
from serving.app import create_app
from serving.opening import follower_of
from tests.browser.market import a_market, a_served


@dataclass(frozen=True, kw_only=True)
class Service:
    """Where it is, and how to ask it without a browser.

    Attributes:
        key: A key that may write; empty where none is asked for.
    """

    url: str
    api: httpx.Client
    key: str = ""

    def events(self, job: str) -> list[dict[str, object]]:
        """What is on record of a job but what was shown, oldest first."""
        found = self.api.get("/v1/events", params={"job_id": job, "limit": 500}).json()["events"]
        told = [one for one in found if one["kind"] != "shown"]
        return sorted(told, key=lambda one: str(one["at"]))

    def decision(self, id_: str) -> dict[str, object]:
        answer = self.api.get(f"/v1/decisions/{id_}")
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def recording(url: str, *, key_scopes: tuple[str, ...] = ()) -> Iterator[Service]:
    """A service over a store; with scopes, one that asks for a key."""
    market = a_market()
    served, model = a_served(market)
    store = Store.open(url)
    key = store.keys.make("dashboard", scopes=key_scopes).text if key_scopes else ""
    follower = follower_of(
        served, store=store, model=model, marketplace=market, wait_s=20.0, poll_s=0.05
    )
    with answering(create_app(follower), key=key) as service:
        yield service


@contextmanager
def reading() -> Iterator[Service]:
    """A service without a store."""
    with answering(create_app(a_served(a_market())[0])) as service:
        yield service


@contextmanager
def answering(app: FastAPI, *, key: str = "") -> Iterator[Service]:
    """An app behind a port, once it is ready."""
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="on", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started:
        assert time.monotonic() < deadline, "never started"
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20) as api:
        while api.get("/readyz").status_code != 200:
            assert time.monotonic() < deadline, "never ready"
            time.sleep(0.01)
        yield Service(url=f"http://127.0.0.1:{port}/", api=api, key=key)
    server.should_exit = True
    thread.join(timeout=20)

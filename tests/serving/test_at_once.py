"""Writers and readers at once: no error, nothing acknowledged missing, no half."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starlette.testclient import TestClient

from tests.serving.live import a_service, put

LASTS_S = 3


def matches(client: TestClient) -> tuple[set[str], int]:
    """Who is on the list, and how many there were to search."""
    answer = client.post("/v1/matches", json={"job": {"title": "go api server"}, "k": 1000})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    return {one["freelancer_id"] for one in found["matches"]}, found["index"]["size"]


def write(client: TestClient, worker: int, *, until: float) -> int:
    """Sign people up, each on the next list; how many."""
    written = 0
    while time.monotonic() < until:
        id_ = f"w{worker}-{written}"
        put(client, f"freelancers/{id_}", 201, title="go api server")
        assert id_ in matches(client)[0]
        written += 1
    return written


def read(client: TestClient, *, until: float) -> int:
    """Ask for lists, each whole and none shorter than one before; how many."""
    before = asked = 0
    while time.monotonic() < until:
        found, size = matches(client)
        assert before <= size == len(found)
        before, asked = size, asked + 1
    return asked


def test_whoever_is_acknowledged_is_on_the_next_list_and_every_list_is_whole(tmp_path: Path):
    with a_service(f"sqlite:///{tmp_path / 'm.db'}") as client, ThreadPoolExecutor() as pool:
        until = time.monotonic() + LASTS_S
        running = [pool.submit(write, client, worker, until=until) for worker in range(2)]
        running.append(pool.submit(read, client, until=until))
        assert all(one.result() for one in running)

"""The database goes away and comes back: reads go on, writes are refused, nothing is restarted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import anyio
import pytest
from starlette.testclient import TestClient

from matcher.errors import BusyError
from serving.turns import Turns
from tests.postgres import running
from tests.serving.live import a_service, listed, put, until


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[tuple[str, Callable[[], object], Callable[[], object]]]:
    """A URL, what takes it away, and what brings it back."""
    if request.param == "postgresql":
        with running() as server:
            yield server.url(), server.stop, server.start
        return
    (tmp_path / "here").mkdir()
    here, there = tmp_path / "here", tmp_path / "there"
    yield f"sqlite:///{here / 'm.db'}", lambda: here.rename(there), lambda: there.rename(here)


def test_reads_go_on_and_writes_wait_until_it_is_back(database):
    url, leave, return_ = database
    with a_service(url) as client:
        put(client, "freelancers/before", title="go api server")
        everybody = listed(client)
        leave()
        refused = client.put("/v1/freelancers/during", json={"title": "go api server"})
        assert (refused.status_code, refused.json()["code"]) == (503, "store-unavailable")
        assert int(refused.headers["retry-after"]) > 0
        assert "sent a second time" in refused.json()["detail"]
        assert client.get("/v1/freelancers/before").status_code == 503
        answer = client.post("/v1/matches", json={"job": {"title": "go api server"}, "k": 100})
        assert answer.status_code == 200
        assert any("the database is away" in one for one in answer.json()["warnings"])
        assert {one["freelancer_id"] for one in answer.json()["matches"]} == set(everybody)
        waiting = client.get("/readyz")
        assert (waiting.status_code, waiting.json()["code"]) == (503, "not-ready")
        assert client.get("/healthz").status_code == 200
        return_()
        until(lambda: client.get("/readyz").status_code == 200)
        put(client, "freelancers/during", title="go api server")
        assert {"before", "during"} <= set(listed(client))
        assert 'outcome="store-unavailable"' in client.get("/metrics").text


def test_it_is_noticed_without_a_write(database):
    url, leave, return_ = database
    with a_service(url) as client:
        leave()
        until(lambda: client.get("/readyz").status_code == 503)
        return_()
        until(lambda: client.get("/readyz").status_code == 200)


def test_beyond_the_line_a_write_is_refused_at_once_and_the_line_moves_on():
    async def scenario() -> list[str]:
        turns, gate, told = Turns(at_once=1, most_waiting=1), Event(), list[str]()

        async def write(name: str) -> None:
            try:
                await turns.take(lambda: gate.wait(10))
            except BusyError as error:
                assert "1 writes are waiting" in str(error)
                told.append(f"{name} refused")
                gate.set()
            else:
                told.append(f"{name} done")

        async with anyio.create_task_group() as group:
            for name in ("first", "second", "third"):
                group.start_soon(write, name)
                await anyio.sleep(0.02)
        await write("fourth")
        return told

    assert anyio.run(scenario) == ["third refused", "first done", "second done", "fourth done"]


def test_a_full_line_answers_busy_with_when_to_come_again(tmp_path: Path, monkeypatch):
    async def full(*_: object) -> None:
        raise BusyError(64)

    monkeypatch.setattr(Turns, "take", full)
    with a_service(f"sqlite:///{tmp_path / 'm.db'}") as client:
        assert_busy(client)


def assert_busy(client: TestClient) -> None:
    answer = client.put("/v1/jobs/x", json={"title": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "1"
    assert "64 writes are waiting" in answer.json()["detail"]

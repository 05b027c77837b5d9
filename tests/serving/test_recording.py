"""Decisions wait in a queue, are written behind the answers, and go when they are old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from fastapi import FastAPI

from matcher.domain import DAY_US, instant_of
from matcher.errors import StoreUnavailableError
from matcher.store.decisions import Asked, Prepared, keep, listed
from matcher.store.store import Store
from serving.app import create_app
from serving.current import Present
from serving.decisions import of_matches
from serving.metrics import Metrics
from serving.recording import NOT_ON_RECORD, Recorder
from serving.schemas import MatchRequest
from serving.service import MatchService
from tests.serving.conftest import ASKED_AT, a_served
from tests.serving.deciding import GO, asked, listing, metric, on_record, written
from tests.serving.live import a_follower, a_service, until


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'm.db'}"


class Full(Recorder):
    """Has room for one, and writes when it is let."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **{**options, "most": 1})
        self.gate = Event()

    def _put(self, batch) -> None:
        if not self.gate.is_set():
            raise StoreUnavailableError("not yet")
        super()._put(batch)


def test_a_full_queue_drops_the_newest_and_its_answer_says_so(url, monkeypatch):
    made = []

    def full(*args: object, **options: object) -> Recorder:
        made.append(Full(*args, **options))
        return made[-1]

    monkeypatch.setattr("serving.archive.Recorder", full)
    with a_service(url) as client:
        kept, dropped = asked(client), asked(client)
        assert NOT_ON_RECORD not in kept["warnings"]
        assert NOT_ON_RECORD in dropped["warnings"]
        assert client.get(f"/v1/decisions/{dropped['decision_id']}").status_code == 404
        assert on_record(client, kept["decision_id"])["warnings"] == kept["warnings"]
        assert metric(client, "matcher_decisions_queued") == 1
        assert metric(client, 'matcher_decisions_total{outcome="dropped"}') == 1
        made[0].gate.set()
        written(client, kept["decision_id"])
        until(lambda: metric(client, 'matcher_decisions_total{outcome="recorded"}') == 1)
        assert NOT_ON_RECORD not in asked(client)["warnings"]


def test_decisions_wait_for_a_database_that_is_away(tmp_path: Path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    with a_service(f"sqlite:///{here / 'm.db'}") as client:
        here.rename(there)
        decision_id = asked(client)["decision_id"]
        assert on_record(client, decision_id)["shown"]
        assert client.get("/v1/decisions").json()["code"] == "store-unavailable"
        there.rename(here)
        until(lambda: client.get("/v1/decisions").status_code == 200)
        written(client, decision_id)


def test_long_requests_fill_the_queue_too(url):
    follower = a_follower(url)
    recorder = Recorder(follower, metrics=Metrics(), most_bytes=1 << 20)
    served = a_served()
    long = {"job": {"title": "x", "description": "ж" * 150_000}}
    found = MatchService(served=served).matched(MatchRequest.model_validate(long))
    origin = recorder.origin(Present(served=served))
    told = []
    for at in range(3):
        answer = found.answer.model_copy(update={"decision_id": UUID(int=at)})
        told.append(recorder.keep(of_matches(replace(found, answer=answer), origin)))
    assert told == [(), (NOT_ON_RECORD,), (NOT_ON_RECORD,)]
    recorder.begin()
    recorder.end()
    with Store.open(url) as store, store.database.reading() as connection:
        assert [one.decision_id for one in listed(connection, Asked())] == [str(UUID(int=0))]
    follower.end()


def test_a_decision_sent_twice_is_kept_once(url):
    served = a_served()
    found = MatchService(served=served, clock=lambda: ASKED_AT).matched(
        MatchRequest.model_validate(GO)
    )
    follower = a_follower(url)
    recorder = Recorder(follower, metrics=Metrics())
    decision = of_matches(found, recorder.origin(Present(served=served, seq=1)))
    prepared = Prepared.of([decision])
    with Store.open(url) as store:
        for _ in range(2):
            with store.database.writing() as connection:
                keep(connection, prepared)
        with store.database.reading() as connection:
            assert len(listed(connection, Asked())) == 1
    follower.end()


def test_what_is_older_than_is_kept_goes_by_itself(url):
    def at(moment: datetime) -> Callable[..., FastAPI]:
        return partial(create_app, clock=lambda: moment, kept_days=30)

    old = datetime.now(UTC) - timedelta(days=31)
    with a_service(url, app=at(old)) as client:
        ids = [asked(client)["decision_id"] for _ in range(3)]
        override = {"order": [asked(client)["matches"][0]["freelancer_id"]], "by": "ada"}
        assert client.post(f"/v1/decisions/{ids[0]}/override", json=override).status_code == 201
    with a_service(url, app=at(old + timedelta(days=29))) as client:
        assert on_record(client, ids[0])["overrides"]
    with a_service(url, app=at(datetime.now(UTC))) as client:
        until(lambda: client.get(f"/v1/decisions/{ids[0]}").status_code == 404)
        assert listing(client)["decisions"] == []
        assert instant_of(old) + 30 * DAY_US < instant_of(datetime.now(UTC))

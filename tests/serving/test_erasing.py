"""Who is erased is on no list at once, and soon in nothing that the service holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from matcher.errors import StoreUnavailableError
from matcher.outgrown import Outgrown
from matcher.store import decisions, erasing
from matcher.store.store import Store
from matcher.store.vectors import text_digest
from matcher.text import profile_text
from serving.app import create_app
from serving.current import Present
from serving.decisions import of_jobs, of_matches
from serving.erasing import Eraser
from serving.jobs_service import JobsService
from serving.metrics import Metrics
from serving.recording import Recorder
from serving.schemas import JobsRequest, MatchRequest
from serving.service import MatchService
from tests.fakes import FakeEncoder
from tests.serving.conftest import PEOPLE, SKILLS, TRADES, a_client, an_app
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
from tests.serving.test_decisions import asked, metric, on_record, written

WHO = "f1"
HIS = profile_text(TRADES[1], None, skills=SKILLS[1])
ALONE = {"title": "Hand-made stained glass", "skills": ["glass"]}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'm.db'}"


@pytest.fixture
def live(url: str) -> Iterator[TestClient]:
    with a_service(url) as client:
        yield client


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Nothing is finished before it is set."""
    gate, step = Event(), Eraser._step

    def waiting(self: Eraser) -> None:
        if gate.is_set():
            step(self)

    monkeypatch.setattr(Eraser, "_step", waiting)
    yield gate
    gate.set()


def erase(
    client: TestClient, who: str = WHO, status: int = 202, **headers: str
) -> dict[str, object]:
    answer = client.delete(f"/v1/freelancers/{who}?erase=true", headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def done(client: TestClient, number: float = 1) -> None:
    until(lambda: metric(client, 'matcher_erasures_total{state="done"}') == number)


# At once, and then for good


def test_off_the_list_at_once_and_then_out_of_the_store(live, url):
    put(live, "freelancers/gl%C3%A4ss%2F1", **ALONE)
    assert "gläss/1" in listed(live)
    told = erase(live, "gl%C3%A4ss%2F1")
    assert (told["erasure"], told["state"], told["done_at"]) == (1, "pending", None)
    assert "gläss/1" not in listed(live)
    assert live.get("/v1/freelancers/gl%C3%A4ss%2F1").json()["code"] == "unknown-freelancer"
    assert live.delete("/v1/freelancers/gl%C3%A4ss%2F1").status_code == 404
    done(live)
    again = erase(live, "gl%C3%A4ss%2F1")
    assert (again["erasure"], again["state"], again["asked_at"]) == (1, "done", told["asked_at"])
    with Store.open(url) as store:
        until(lambda: metric(live, "matcher_snapshot_seq") == store.head())
        digest = text_digest(profile_text("Hand-made stained glass", None, skills=["glass"]))
        assert store.vectors(FakeEncoder().digest, [digest]) == {}
    assert metric(live, 'matcher_erasures_total{state="pending"}') == 1
    assert metric(live, 'matcher_writes_total{outcome="erasing"') == 2
    assert metric(live, "matcher_failed_rebuilds_total") == 0


def test_nothing_in_memory_holds_them(url):
    follower = a_follower(url)
    with a_client(create_app(follower)) as client:
        erase(client)
        until(lambda: WHO not in follower.served.engine.snapshot.freelancers.ids)
        snapshot = follower.served.engine.snapshot
        assert len(snapshot.freelancers.ids) == PEOPLE - 1
        assert sorted(listed(client)) == sorted(f"f{n}" for n in range(PEOPLE) if f"f{n}" != WHO)
        put(client, "jobs/open", title="Need a logo")
        assert jobs_for(client, "f2") == ["open"]


def test_who_is_unknown_is_told_and_the_version_counts(live):
    assert erase(live, "nobody", 404)["code"] == "unknown-freelancer"
    assert erase(live, status=412, **{"If-Match": '"1000000"'})["code"] == "stale-version"
    tag = live.get(f"/v1/freelancers/{WHO}").headers["etag"]
    assert erase(live, **{"If-Match": tag})["erasure"] == 1


def test_without_the_word_a_deletion_is_one(live, url):
    for query in ("", "?erase=false"):
        put(live, "freelancers/x", title="x")
        assert live.delete(f"/v1/freelancers/x{query}").status_code == 204
    with Store.open(url) as store:
        assert store.erasures.unfinished() == []
        assert "x" in store.marketplace().freelancers["freelancer_id"].tolist()
    assert live.delete("/v1/freelancers/x?erase=perhaps").status_code == 422
    assert erase(live, "x")["erasure"] == 1


def test_a_bundle_alone_cannot_erase():
    with a_client(an_app()) as client:
        assert erase(client, status=409)["code"] == "read-only"


# Others, and later


def test_a_replica_follows(live, url):
    with a_service(url) as other:
        assert WHO in listed(other)
        erase(live)
        until(lambda: other.get("/v1/model").json()["freelancers"] == PEOPLE - 1)


def test_what_was_asked_for_before_a_crash_is_finished_after_the_next_start(url):
    with a_service(url):
        pass
    with Store.open(url) as store:
        store.erasures.ask(WHO)
    with a_service(url) as client:
        assert WHO not in listed(client)
        done(client)
        assert metric(client, 'matcher_erasures_total{state="removed"}') == 1


def test_a_bundle_that_is_opened_again_brings_nothing_back(url):
    with a_service(url) as client:
        for who in ("f1", "f4", "f7", "f10"):  # all who say the same
            erase(client, who)
        done(client, 4)
    with a_service(url) as client:
        assert not {"f1", "f4"} & set(listed(client))
        with Store.open(url) as store:
            assert store.vectors(FakeEncoder().digest, [text_digest(HIS)]) == {}


def test_who_returns_is_new(live, url, held):
    send(live, an_event("h", freelancer_id="f9"))
    told = erase(live, "f9")
    pending = live.put("/v1/freelancers/f9", json={"title": "back"})
    assert (pending.status_code, pending.json()["code"]) == (409, "erasure-pending")
    assert pending.headers["retry-after"]
    held.set()
    erase(live, "f9")
    done(live)
    put(live, "freelancers/f9", 201, title="back")
    assert "f9" in listed(live)
    back = live.get("/v1/freelancers/f9").json()
    assert (back["title"], back["skills"]) == ("back", None)
    assert back["joined_at"] > told["asked_at"]
    with Store.open(url) as store:
        events = store.marketplace().events
        assert "f9" not in events["freelancer_id"].tolist()
        assert len(store.vectors(FakeEncoder().digest, [text_digest("back")])) == 1
        assert store.erasures.known("f9").has_returned
    assert send(live, an_event("h", freelancer_id="f9", at="2024-06-05T00:00:00Z"))["refused"] == 1


def test_a_database_that_is_away_is_tried_again(live, monkeypatch):
    failures, real = [], erasing.finish

    def failing(*given, **named):
        if len(failures) < 2:
            failures.append(1)
            raise StoreUnavailableError("away") if len(failures) == 1 else ZeroDivisionError
        return real(*given, **named)

    monkeypatch.setattr(erasing, "finish", failing)
    erase(live)
    done(live)
    assert len(failures) == 2


# Decisions


def test_a_decision_is_told_without_them(live):
    answer = asked(live, job={"title": "logo in figma"}, k=4, filters={"exclude": ["f7", "x"]})
    id_, shown = answer["decision_id"], [one["freelancer_id"] for one in answer["matches"]]
    written(live, id_)
    gone = shown[1]
    erase(live, gone)
    erase(live, "f7")
    done(live, 2)
    told = on_record(live, id_)
    assert [one["id"] for one in told["shown"]] == [one for one in shown if one != gone]
    assert [one["position"] for one in told["shown"]] == [1, 3, 4]
    assert told["erased"] == {"positions": [2], "pool": 0}
    assert told["request"]["filters"]["exclude"] == ["x"]
    assert gone not in str(told)
    other = asked(live, job={"title": "logo in figma"})
    assert on_record(live, other["decision_id"])["erased"] is None
    path = f"/v1/decisions/{id_}/override"
    body = {"order": [gone], "by": "bo", "reason": ""}
    answer = live.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-override")
    assert live.post(path, json={**body, "order": [shown[0]]}).status_code == 201


def test_what_they_asked_for_is_gone(live):
    id_ = asked(live, f"freelancers/{WHO}/jobs", k=3)["decision_id"]
    written(live, id_)
    erase(live)
    done(live)
    assert live.get(f"/v1/decisions/{id_}").json()["code"] == "unknown-decision"


def test_a_decision_that_waited_in_the_queue_is_written_without_them(url):
    follower = a_follower(url)
    recorder = Recorder(follower, metrics=Metrics())
    served = follower.served
    origin = recorder.origin(Present(served=served, seq=follower._held.seq))
    matches = MatchService(served=served, new_id=lambda: UUID(int=1))
    jobs = JobsService(served=served, new_id=lambda: UUID(int=2))
    brief = MatchRequest.model_validate({"job": {"title": "logo"}, "k": 100})
    recorder.keep(of_matches(matches.matched(brief), origin))
    recorder.keep(of_jobs(jobs.matched(WHO, JobsRequest()), origin))
    with Store.open(url) as store:
        store.erasures.ask(WHO)
        store.erasures.finish()
        recorder.begin()
        recorder.end()
        with store.database.reading() as connection:
            left = decisions.found(connection, str(UUID(int=1)))
            assert decisions.found(connection, str(UUID(int=2))) is None
    assert left is not None
    assert WHO not in left.shown
    assert left.about["erased"]["positions"]
    follower.end()


def test_who_is_gone_is_off_the_lists_before_all_is_made_anew(url):
    """A replica that was asleep finds a log that does not say who it was."""
    follower = a_follower(url)
    held = follower.held
    with Store.open(url) as store:
        store.erasures.ask(WHO)
        store.erasures.finish()
        with pytest.raises(Outgrown):
            follower.builder.grow(held)
        left = follower.builder.withdrawn(held)
        people = left.served.engine.snapshot.freelancers
        assert people.deleted[people.rows[WHO]]
        assert left.seq == held.seq
        assert follower.builder.withdrawn(left) is left
        brief = MatchRequest.model_validate({"job": {"title": "logo"}, "k": 100})
        matches = MatchService(served=left.served).matched(brief).answer.matches
        assert len(matches) == PEOPLE - 1
    follower.end()

"""A decision is made again from the bundle and the log, whatever was written since."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import delete, update
from starlette.testclient import TestClient

from features import FEATURES
from matcher.bundle import Bundle
from matcher.store import decisions, tables
from matcher.store.decision import Decision
from matcher.store.decisions import Prepared
from matcher.store.store import Store
from matcher.store.vectors import Encoded, text_digest
from serving.app import create_app
from serving.comparison import differences
from serving.opening import follower_of
from serving.service import Served
from tests.bundles import sealed
from tests.commands import Matcher, Ran
from tests.fakes import FakeEncoder
from tests.serving.conftest import a_client, wait_until_ready
from tests.serving.live import until
from tests.serving.test_lean import LOADED, UNNEEDED
from training.build import Trained

BRIEF = {"job": {"title": "Logo ☕ for a shop", "skills": ["figma"], "client_id": "new"}, "k": 8}


@dataclass(frozen=True, kw_only=True)
class World:
    """Decisions of a service that explores, and what was written over it afterwards."""

    bundle: Path
    database: Path
    ids: dict[str, str]

    @property
    def url(self) -> str:
        return f"sqlite:///{self.database}"


def served(bundle: Path, url: str) -> TestClient:
    opened = Bundle.open(bundle, features=FEATURES)
    encoder = FakeEncoder()
    follower = follower_of(
        Served.of(opened, encoder=encoder),
        store=Store.open(url),
        model=opened.model,
        marketplace=opened.marketplace,
        wait_s=30,
        poll_s=0.05,
    )
    return a_client(create_app(follower))


def asked(client: TestClient, path: str, **request: object) -> str:
    answer = client.post(f"/v1/{path}", json=request)
    assert answer.status_code == 200, answer.text
    assert not [one for one in answer.json()["warnings"] if "behind" in one]
    assert answer.json()["matches"]
    return answer.json()["decision_id"]


def decided(client: TestClient) -> dict[str, str]:
    """Some of each kind, with writes between them."""
    wait_until_ready(client)
    market = client.get("/v1/decisions")
    assert market.status_code == 200
    ids = {"seeded": asked(client, "matches", **BRIEF)}
    profile = {"title": "Figma", "overview": "logos", "skills": ["figma"]}
    assert client.put("/v1/freelancers/new/1", json=profile).status_code == 201
    job = {"title": "A logo", "skills": ["figma"], "client_id": "new", "positions": 3}
    assert client.put("/v1/jobs/mine", json=job).status_code == 201
    for at in range(4):
        other = {"title": f"Logos {at}", "skills": ["figma"], "category": "design"}
        assert client.put(f"/v1/jobs/other{at}", json=other).status_code == 201
    ids["by id"] = asked(client, "matches", job_id="mine", k=12, seed=11, details=True)
    event = {"event_id": "mine", "at": "2020-01-01T00:00:00Z", "kind": "applied"}
    sent = {**event, "job_id": "mine", "freelancer_id": "new/1"}
    assert client.post("/v1/events", json=sent).json()["accepted"] == 1
    somebody = client.get(f"/v1/decisions/{ids['seeded']}").json()["shown"][0]["id"]
    assert client.delete(f"/v1/freelancers/{somebody}").status_code == 204
    ids["after all kinds"] = asked(
        client, "matches", **BRIEF, filters={"hourly_rate_usd": {"lte": 70}, "exclude": ["new/1"]}
    )
    ids["of the past"] = asked(client, "matches", **BRIEF, as_of="2025-06-01T00:00:00Z")
    ids["jobs"] = asked(client, "freelancers/new%2F1/jobs", k=5, details=True)
    return ids


def overwritten(store: Store) -> None:
    """A thousand writes of all kinds over what was decided from."""
    market, before = store.marketplace(), store.head()
    people = sorted(set(market.freelancers["freelancer_id"]))
    jobs = market.jobs["job_id"].tolist()
    for at, id_ in enumerate(people):
        store.put_freelancer({"freelancer_id": id_, "title": f"other {at}", "skills": ("sql",)})
        if at % 3 == 0:
            store.delete_freelancer(id_)
    for at, id_ in enumerate(jobs[::3]):
        store.put_job({"job_id": id_, "title": f"other {at}", "posted_at": "2020-01-01T00:00Z"})
        if at % 3 == 0:
            store.delete_job(id_)
    for at in range(60):
        store.put_freelancer({"freelancer_id": f"late{at}", "joined_at": "2019-01-01T00:00Z"})
        store.put_job({"job_id": f"late{at}", "title": "A logo", "posted_at": "2019-01-01T00:00Z"})
    lacking = 1_000 - (store.head() - before)
    events = [
        {
            "event_id": f"late{at}",
            "at": f"2020-{1 + at % 12:02}-01T00:00:00Z",
            "kind": ("hired", "applied", "rejected")[at % 3],
            "job_id": jobs[at % len(jobs)],
            "freelancer_id": people[at % len(people)],
        }
        for at in range(lacking)
    ]
    store.add_events(events)
    assert store.head() - before == 1_000


@pytest.fixture(scope="module")
def world(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("replay")
    run = trained.model.run
    exploring = run.model_copy(
        update={"exploration": run.exploration.model_copy(update={"share": 0.4})}
    )
    bundle, database = folder / "bundle", folder / "m.db"
    learned = replace(trained, model=replace(trained.model, run=exploring))
    learned.write(bundle, encoder=FakeEncoder())
    with served(bundle, f"sqlite:///{database}") as client:
        ids = decided(client)
    with Store.open(f"sqlite:///{database}") as store:
        overwritten(store)
    return World(bundle=bundle, database=database, ids=ids)


@pytest.fixture
def own(world: World, tmp_path: Path) -> World:
    """The same world, to be damaged."""
    database = tmp_path / "m.db"
    with (
        closing(sqlite3.connect(world.database)) as source,
        closing(sqlite3.connect(database)) as target,
    ):
        source.backup(target)
    return replace(world, database=database)


@pytest.fixture
def again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    matcher = Matcher(monkeypatch, capsys)

    def replayed(world: World, name: str = "by id", *options: object) -> Ran:
        id_ = world.ids.get(name, name)
        where = ("--database", world.url, "--bundle", world.bundle)
        return matcher("replay", id_, *where, *options)

    return replayed


def kept(world: World, name: str) -> Decision:
    with Store.open(world.url) as store, store.database.reading() as connection:
        decision = decisions.found(connection, world.ids[name])
    assert decision is not None
    return decision


def with_figure(decision: Decision, name: str, value: float) -> Decision:
    column = decision.figures[name].copy()
    column[1] = value
    return replace(decision, figures={**decision.figures, name: column})


def with_feature(decision: Decision) -> Decision:
    features = decision.features.copy()
    column = decision.columns.index("fused_score")
    features[0, column] = np.nextafter(features[0, column], np.float32(9))
    return replace(decision, features=features)


KINDS = ["seeded", "by id", "after all kinds", "of the past", "jobs"]


@pytest.mark.parametrize("name", KINDS)
def test_a_decision_agrees_after_a_thousand_writes(world: World, again, name):
    ran = again(world, name)
    assert ran.code == 0, ran.out + ran.err
    assert "agrees bit for bit" in ran.out
    told = json.loads(again(world, name, "--json").out)
    assert (told["agrees"], told["total"], told["differences"]) == (True, 0, [])
    assert told["shown"] > 0


def test_the_lists_explored_and_were_long(world: World):
    decision = kept(world, "by id")
    assert decision.explored.any()
    assert (decision.figures["propensity"] < 1).any()
    assert np.isfinite(decision.figures["p_hire"]).all()
    assert decision.named("factors")
    assert len(decision.rest) > 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: with_figure(one, "score", 9.5), ("score", "9.5")),
        (lambda one: with_figure(one, "propensity", 0.125), ("propensity", "0.125")),
        (lambda one: with_figure(one, "p_hire", np.nan), ("p_hire", "nan")),
        (with_feature, ("fused_score",)),
        (lambda one: replace(one, shown=one.shown[::-1]), ("order", "place 1")),
        (lambda one: replace(one, rest=("stranger", *one.rest[1:])), ("order", "stranger")),
        (lambda one: replace(one, vector=-one.vector), ("vector",)),
        (lambda one: replace(one, about={**one.about, "excluded": {"x": 1}}), ("excluded",)),
    ],
    ids=["score", "propensity", "p_hire", "feature", "order", "pool", "vector", "excluded"],
)
def test_every_value_that_was_tampered_with_is_found(world: World, change, words):
    recorded = kept(world, "by id")
    assert differences(recorded, recorded) == []
    found = differences(change(recorded), recorded)
    told = str(found)
    assert found
    assert all(word in told for word in words), told


def test_a_decision_that_was_tampered_with_does_not_agree(own: World, again):
    recorded = with_feature(kept(own, "by id"))
    [row] = Prepared.of([recorded]).rows
    with Store.open(own.url) as store, store.database.writing() as connection:
        mine = tables.decisions.c.decision_id == own.ids["by id"]
        connection.execute(update(tables.decisions).where(mine).values(**row))
    ran = again(own)
    assert ran.code == 4
    assert re.search(rf"fused_score +{recorded.shown[0]} ", ran.out), ran.out
    assert "was made again, and 1 value differs" in ran.err
    ran = again(own, "by id", "--json")
    told: dict[str, Any] = json.loads(ran.out)
    assert (ran.code, told["agrees"], told["total"]) == (4, False, 1)
    assert told["differences"][0]["what"] == "fused_score"


def test_another_bundle_is_told(world: World, again, tmp_path: Path):
    other = tmp_path / "other"
    shutil.copytree(world.bundle, other)
    (other / "card.md").write_text("another", encoding="utf-8")
    sealed(other)
    ran = again(replace(world, bundle=other))
    assert ran.code == 4
    assert "was made by bundle" in ran.err


def test_another_store_is_told(own: World, again):
    with Store.open(own.url) as store, store.database.writing() as connection:
        about = tables.about
        mine = about.c.key == "store_id"
        connection.execute(update(about).where(mine).values(value="0" * 32))
    ran = again(own)
    assert ran.code == 4
    assert "was made over" in ran.err


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (delete(tables.events).where(tables.events.c.event_id == "mine"), "of 1 events"),
        (
            delete(tables.freelancers).where(tables.freelancers.c.freelancer_id == "new/1"),
            "versions of profiles",
        ),
        (update(tables.changes).values(body=None), "jobs"),
    ],
    ids=["event", "profile", "job"],
)
def test_what_was_erased_since_is_told(own: World, again, statement, words):
    with Store.open(own.url) as store, store.database.writing() as connection:
        connection.execute(statement)
    ran = again(own, "jobs")
    assert ran.code == 4
    assert words in ran.err
    assert "was erased since" in ran.err


def test_a_decision_with_an_erased_person_cannot_be_made_again(own: World, again):
    someone = kept(own, "by id").shown[0]
    with Store.open(own.url) as store:
        store.erasures.ask(someone)
        store.erasures.finish()
    assert someone not in kept(own, "by id").shown
    ran = again(own, "by id")
    assert ran.code == 4
    assert "was erased since, and with them what it was made of" in ran.err
    assert someone not in ran.err


def test_a_decision_that_rested_on_an_erased_past_says_so(own: World, again):
    """Nobody in it is erased, but one whose hires had a say in who is alike."""
    decision = kept(own, "jobs")
    with Store.open(own.url) as store:
        hires = store.marketplace().events
        before = hires[(hires["kind"] == "hired") & (hires["freelancer_id"] != "new/1")]
        for someone in before["freelancer_id"].value_counts().index[:5]:
            store.erasures.ask(str(someone))
        store.erasures.finish()
    assert "erased" not in kept(own, "jobs").about
    ran = again(own, "jobs")
    assert decision.summary.freelancer_id == "new/1"
    assert ran.code == 4
    assert "may have been erased since" in ran.err


def test_a_decision_made_after_an_erasure_agrees(world: World, again, tmp_path: Path):
    after = replace(world, database=tmp_path / "m.db", ids={})
    with served(world.bundle, after.url) as client:
        wait_until_ready(client)
        people = client.post("/v1/matches", json=BRIEF).json()["matches"]
        gone = people[0]["freelancer_id"]
        erased = client.delete(f"/v1/freelancers/{gone}?erase=true")
        assert erased.status_code == 202
        with Store.open(after.url) as store:
            until(lambda: not store.erasures.unfinished())
        assert client.put("/v1/jobs/new", json={"title": "A logo"}).status_code == 201
        decision_id = asked(client, "matches", **BRIEF)
        assert gone not in client.get(f"/v1/decisions/{decision_id}").text
    ran = again(after, decision_id)
    assert ran.code == 0, ran.out + ran.err


def test_vectors_that_are_gone_are_told(own: World, again):
    with Store.open(own.url) as store, store.database.writing() as connection:
        connection.execute(delete(tables.vectors))
    ran = again(own, "jobs")
    assert ran.code == 4
    assert "are gone from the store" in ran.err


@pytest.mark.slow
def test_another_process_agrees_and_loads_nothing_that_only_training_needs(world: World, tmp_path):
    code = f"""
import json, sys
from matcher import cli
sys.argv = ["matcher", "replay", *sys.argv[2:], "--bundle", sys.argv[1]]
try:
    cli.main()
except SystemExit as ended:
    assert not ended.code, ended.code
{LOADED}
"""
    found = subprocess.run(
        [sys.executable, "-c", code, world.bundle, world.ids["by id"], "--database", world.url],
        env={
            "MATCHER_HOME": str(tmp_path),
            "HOME": str(tmp_path),
            "PYTHONPATH": ":".join(sys.path),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert found.returncode == 0, found.stdout + found.stderr
    said, loaded = found.stdout.splitlines()
    assert "agrees bit for bit" in said
    assert UNNEEDED & set(json.loads(loaded)) == set()


def test_an_unknown_decision_is_told(world: World, again):
    ran = again(world, "nobody's")
    assert ran.code == 3
    assert 'no decision "nobody\'s" is on record' in ran.err


def test_the_vectors_that_are_kept_serve_not_those_of_a_bundle_of_another_precision(
    world: World, again, tmp_path: Path
):
    database = tmp_path / "m.db"
    other = replace(world, database=database, ids={})
    opened = Bundle.open(world.bundle, features=FEATURES)
    nudged = {
        text_digest(text): vector * np.float32(0.999)
        for text, vector in zip(
            opened.snapshot.jobs.texts, opened.snapshot.job_vectors, strict=True
        )
    }
    with Store.open(other.url) as store:
        store.put_vectors(Encoded(encoder=FakeEncoder().digest, vectors=nudged))
    with served(world.bundle, other.url) as client:
        wait_until_ready(client)
        text = opened.marketplace.jobs.iloc[0]
        twin = {name: text[name] for name in ("title", "description", "category")}
        job = {**twin, "skills": list(text["skills"] or ())}
        assert client.put("/v1/jobs/twin", json=job).status_code == 201
        decision_id = asked(client, "matches", job_id="twin", k=5)
    ran = again(other, decision_id)
    assert ran.code == 0, ran.out + ran.err
    vector = kept(replace(other, ids={"twin": decision_id}), "twin").vector
    assert vector is not None
    assert np.linalg.norm(vector) == pytest.approx(0.999, abs=1e-4)

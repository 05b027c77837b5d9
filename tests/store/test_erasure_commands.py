"""`matcher erase` and `matcher erased`: what was removed, and who still holds the person."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from features import FEATURES
from matcher.bundle import Bundle
from matcher.marketplace import read_marketplace
from matcher.store import commands
from matcher.store.store import Store
from tests.contracts.store_contract import Clock
from tests.contracts.store_erasure_contract import WHO, written


@pytest.fixture
def market(url: str) -> str:
    """The address of a store with some people in it."""
    with Store.open(url, clock=Clock()) as store:
        written(store)
    return url


def told(command, url: str, *options: object) -> dict[str, object]:
    return json.loads(command["erased", WHO, "--database", url, "--json", *options])


def test_erased_tells_what_was_removed(command, market: str):
    assert command["erase", WHO, "--database", market].endswith(
        "erasure 1: 0 erasures left to finish\n"
    )
    said = command["erased", WHO, "--database", market]
    assert "erasure 1: done; asked 2" in said
    assert "removed: 5 changes, 2 events, 2 freelancers, 1 jobs\n" in said
    assert said.endswith("nobody has this id\n")
    assert WHO not in said
    with Store.open(market) as store:
        store.put_freelancer({"freelancer_id": WHO})
    [one] = told(command, market)["erasures"]
    assert (one["number"], one["state"], one["removed"]["events"]) == (1, "done", 2)
    assert told(command, market)["has_returned"] is True


def test_what_was_asked_for_elsewhere_is_finished(command, market: str):
    with Store.open(market) as store:
        store.erasures.ask(WHO)
    pending = told(command, market)["erasures"][0]
    assert (pending["state"], pending["done_at"]) == ("pending", None)
    left = json.loads(command["erase", "--finish", "--database", market, "--json"])
    assert (left["erasure"], left["unfinished"]) == (None, [])
    assert told(command, market)["erasures"][0]["state"] == "done"


def test_an_export_tells_of_nobody_who_is_being_erased(command, market: str, tmp_path: Path):
    with Store.open(market) as store:
        store.erasures.ask(WHO)
    command["export", tmp_path / "out", "--database", market]
    out = read_marketplace(tmp_path / "out")
    assert out.freelancers["freelancer_id"].tolist() == ["f1", "f2"]
    assert out.events["event_id"].tolist() == ["e1", "e2"]
    assert out.jobs["client_id"].dropna().tolist() == ["c1"]


def test_an_export_is_read_again_if_somebody_is_erased_meanwhile(
    command, market: str, tmp_path: Path, monkeypatch
):
    asked, every = [], commands.every

    def interrupted(database):
        if not asked:
            asked.append(Store(database=database).erasures.ask(WHO))
        return every(database)

    monkeypatch.setattr(commands, "every", interrupted)
    command["export", tmp_path / "out", "--database", market]
    people = read_marketplace(tmp_path / "out").freelancers
    assert people["freelancer_id"].tolist() == ["f1", "f2"]


def test_an_id_of_which_no_erasure_is_known_is_told(command, market: str):
    ran = command("erased", "f1", "--database", market)
    assert (ran.code, ran.out) == (3, "")
    assert "knows of no erasure of this id" in ran.err
    assert command("erase", "nobody", "--database", market).code == 3


def test_an_id_or_finish_is_named(command, market: str):
    for arguments in ((), (WHO, "--finish")):
        ran = command("erase", *arguments, "--database", market)
        assert ran.code == 2
        assert "name either an id or --finish" in ran.err


def test_ingest_tells_how_many_rows_are_left_out(command, market: str, tmp_path: Path):
    command["export", tmp_path / "out", "--database", market]
    command["erase", WHO, "--database", market]
    said = command["ingest", tmp_path / "out", "--database", market]
    assert "freelancers: 0 added, 2 unchanged, 0 changed, 2 erased\n" in said
    assert "events: 0 added, 2 unchanged, 0 changed, 2 erased\n" in said


@pytest.mark.parametrize("where", ["freelancers", "clients"])
def test_bundles_that_hold_the_person_are_told(
    command, sqlite_url: str, small_bundle: Path, tmp_path: Path, where
):
    market = Bundle.open(small_bundle, features=FEATURES).marketplace
    column = (
        market.freelancers["freelancer_id"] if where == "freelancers" else market.jobs["client_id"]
    )
    someone = column.dropna().iloc[0]
    with Store.open(sqlite_url) as store:
        for id_ in (someone, "nobody-else"):
            store.put_freelancer({"freelancer_id": id_})
            store.erasures.ask(id_)
        store.erasures.finish()
    twin = tmp_path / "twin"
    shutil.copytree(small_bundle, twin)
    bundles = ("--bundle", small_bundle, "--bundle", twin)
    where = ("--database", sqlite_url, "--no-registry")
    said = command["erased", someone, *bundles, *where]
    assert said.count("holds the person: train it anew") == 1  # of one content
    assert str(small_bundle) in said
    said = command["erased", "nobody-else", *bundles, *where]
    assert "does not hold the person" in said
    ran = command("erased", someone, "--bundle", tmp_path, *where)
    assert ran.code == 4
    assert "is not a bundle" in ran.err


@pytest.mark.slow
def test_registered_bundles_are_looked_into_and_a_registry_that_is_away_is_told(
    command, home: Path, small_bundle: Path, sqlite_url: str, monkeypatch
):
    monkeypatch.setenv("MATCHER_HOME", str(home))
    market = Bundle.open(small_bundle, features=FEATURES).marketplace
    someone = market.freelancers["freelancer_id"].iloc[0]
    with Store.open(sqlite_url) as store:
        store.put_freelancer({"freelancer_id": someone})
        store.erasures.ask(someone)
        store.erasures.finish()
    where = ("--database", sqlite_url, "--json")
    found = json.loads(command["erased", someone, *where])["bundles"]
    assert [(one["bundle"], one["holds"]) for one in found] == [
        (f"matcher {version}", True) for version in (4, 3, 2, 1)
    ]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:////proc/nowhere.db")
    ran = command("erased", someone, *where)
    assert (ran.code, json.loads(ran.out)["bundles"]) == (0, [])
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    ran = command("erased", someone, *where)
    assert (ran.code, json.loads(ran.out)["bundles"]) == (0, [])
    assert "warning: a registered bundle could not be looked into: MLflow cannot be used" in ran.err

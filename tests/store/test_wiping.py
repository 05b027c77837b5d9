"""What was erased is in no file: the bytes of SQLite's files and of exports are looked through."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from matcher.marketplace import read_marketplace
from matcher.store import decisions
from matcher.store.decision import Decision
from matcher.store.decisions import Prepared
from matcher.store.store import Store
from matcher.store.vectors import Encoded, text_digest
from matcher.text import profile_text
from tests.contracts.store_contract import FIRST, a_hire
from tests.contracts.store_decisions_contract import a_decision
from tests.contracts.store_erasure_contract import named, written

WHO = "grêta-7f3a/81"
SAID = "A phrase that nobody else has ever said of themselves"
VECTOR = np.random.default_rng(5).normal(size=32).astype("<f4")
CROWD = 400


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """A person among many, whose rows were moved from page to page by those who came later."""
    crowd = [hashlib.sha256(f"{at}".encode()).hexdigest()[:15] for at in range(CROWD)]
    with Store.open(f"sqlite:///{folder / 'm.db'}") as store:
        written(store)
        for at, id_ in enumerate(crowd):
            who = WHO if at == CROWD // 4 else id_
            record = {"freelancer_id": who, "title": "Ink", "overview": SAID if who == WHO else id_}
            vectors = {text_digest(f"{at}"): VECTOR + at + 1}
            if who == WHO:
                vectors = {text_digest(profile_text("Ink", SAID)): VECTOR}
            store.put_freelancer(record, encoded=Encoded(encoder="m", vectors=vectors))
        store.put_job({"job_id": "hers", "title": "x", "client_id": WHO})
        store.put_freelancer({"freelancer_id": WHO, "title": "Ink", "overview": SAID + "!"})
        store.add_events([a_hire(f"by {n}", freelancer_id=WHO, at=FIRST) for n in range(9)])
        with store.database.writing() as connection:
            decisions.keep(connection, Prepared.of([seen(f"d{n}") for n in range(9)]))
        yield store


def seen(decision_id: str) -> Decision:
    return replace(named(a_decision(decision_id, k=3)), shown=(WHO, "f1", "f2"))


def holding(folder: Path) -> dict[str, list[str]]:
    """Which files hold what of the person, byte for byte."""
    told = {"id": WHO.encode(), "text": SAID.encode(), "vector": VECTOR.tobytes()}
    found = {
        file.name: [what for what, one in told.items() if one in file.read_bytes()]
        for file in folder.rglob("*")
        if file.is_file()
    }
    return {name: what for name, what in found.items() if what}


def test_no_file_of_the_database_holds_anything(store: Store, folder: Path):
    assert sorted({what for found in holding(folder).values() for what in found}) == [
        *("id", "text", "vector")
    ]
    store.erasures.ask(WHO)
    assert store.erasures.finish().done == (1,)
    assert holding(folder) == {}
    assert (folder / "m.db-wal").stat().st_size < 100_000
    store.put_freelancer({"freelancer_id": "later", "title": "x"})
    assert holding(folder) == {}


def test_no_export_holds_anything(store: Store, folder: Path, command, tmp_path: Path):
    before, out, seats = tmp_path / "before", tmp_path / "out", tmp_path / "d.parquet"
    url = f"sqlite:///{folder / 'm.db'}"
    command["export", before, "--database", url]
    assert WHO in read_marketplace(before).freelancers["freelancer_id"].tolist()
    command["erase", WHO, "--database", url]
    command["export", out, "--database", url]
    command["decisions", "export", seats, "--database", url]
    assert holding(out) == {}
    market = read_marketplace(out)
    assert WHO not in market.freelancers["freelancer_id"].tolist()
    assert WHO not in market.events["freelancer_id"].tolist()
    assert WHO not in market.jobs["client_id"].dropna().tolist()
    rows = pq.read_table(seats)
    assert sorted(set(rows["freelancer_id"].to_pylist())) == ["f1", "f2"]
    assert sorted(set(rows["position"].to_pylist())) == [2, 3]
    seen = market.events[market.events["kind"] == "shown"]
    assert sorted(set(seen["position"])) == [2.0, 3.0]
    assert sorted(seen["event_id"])[:2] == ["d0:2", "d0:3"]


def test_a_reader_keeps_its_instant_and_the_files_are_cleared_after_it(store: Store, folder: Path):
    with Store.open(f"sqlite:///{folder / 'm.db'}") as exporting:
        with exporting.database.reading() as connection:
            before = connection.exec_driver_sql("SELECT count(*) FROM freelancers").scalar_one()
            store.erasures.ask(WHO)
            told = store.erasures.finish()
            assert (told.removed, told.done, told.waiting) == ((1,), (), (1,))
            assert store.erasures.known(WHO).erasures[0].state == "removed"
            again = connection.exec_driver_sql("SELECT count(*) FROM freelancers").scalar_one()
            assert again == before
        told = store.erasures.finish(rewritten=told.rewritten)
    assert (told.removed, told.done) == ((), (1,))
    assert holding(folder) == {}


def test_what_an_earlier_release_left_in_the_file_goes_too(store: Store, folder: Path):
    """It deleted without overwriting."""
    with store.database.writing() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        for table in ("vectors", "events"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    assert "vector" in {what for found in holding(folder).values() for what in found}
    store.erasures.ask(WHO)
    store.erasures.finish()
    assert holding(folder) == {}

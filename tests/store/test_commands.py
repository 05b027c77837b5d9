"""`matcher ingest`, `export` and `migrate` as their user meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.marketplace import read_marketplace
from matcher.settings import Settings
from matcher.store.store import Store
from matcher.violations import TABLE_NAMES
from tests.contracts.store_schema_contract import changed
from tests.marketplace_builders import FORMS, a_freelancer, a_job, a_marketplace, an_event

ODD = {
    "freelancers": [
        a_freelancer("f1", skills=[], overview="żółć 🦊\r\n'; --", agency="A & B", seats=3),
        a_freelancer("f1", valid_from="2024-06-01T00:00:00.000001Z", skills=None),
        a_freelancer(
            "f2", skills=["c++"], portable_ratings=[{"platform": "x", "mean": 4.5, "count": 2}]
        ),
    ],
    "jobs": [
        a_job(weeks=0.1, agency=None),
        a_job("j2", positions=2, closes_at="2025-01-01T00:00Z"),
    ],
    "events": [an_event(value=30.5, source="import"), an_event("e2", kind="viewed", job_id="j2")],
}


def told(command, *arguments: object) -> dict[str, dict[str, int]]:
    return json.loads(command[(*arguments, "--json")])


def known(counts: dict[str, int]) -> dict[str, int]:
    return {outcome: count for outcome, count in counts.items() if count}


def contents(directory: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(directory.iterdir())}


# There and back


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_there_and_back_and_there_again_changes_nothing(command, tmp_path, url, form):
    rows = ODD if form == "jsonl" else {}
    market = a_marketplace(tmp_path / "market", form=form, **rows)
    first = told(command, "ingest", market, "--database", url)
    sizes = {name: len(getattr(read_marketplace(market), name)) for name in TABLE_NAMES}
    assert {name: known(first[name]) for name in TABLE_NAMES} == {
        name: {"added": count} for name, count in sizes.items()
    }
    command["export", tmp_path / "out", "--database", url]
    second = told(command, "ingest", tmp_path / "out", "--database", url)
    assert {name: known(second[name]) for name in TABLE_NAMES} == {
        name: {"unchanged": count} for name, count in sizes.items()
    }
    assert second["seq"] == first["seq"] == sum(sizes.values())
    command["export", tmp_path / "again", "--database", url]
    assert contents(tmp_path / "again") == contents(tmp_path / "out")


@pytest.mark.parametrize("form", FORMS)
def test_what_is_exported_is_what_was_read(command, tmp_path, sqlite_url, form):
    market = a_marketplace(tmp_path / "market", form=form)
    command["ingest", market, "--database", sqlite_url]
    command["export", tmp_path / "out", "--database", sqlite_url]
    for name in TABLE_NAMES:
        before, after = (
            getattr(read_marketplace(one), name).to_dict("records")
            for one in (market, tmp_path / "out")
        )
        assert repr(after) == repr(before)


def test_an_empty_store_is_exported_as_tables_of_no_rows(command, tmp_path):
    command["migrate",]
    command["export", tmp_path / "out"]
    assert json.loads(command["validate", tmp_path / "out", "--json"])["events"] == 0


def test_by_default_the_store_is_a_file_under_the_home(command, tmp_path, monkeypatch):
    market = a_marketplace(tmp_path / "market")
    assert command["ingest", market].splitlines() == [
        f"{name}: 1 added, 0 unchanged, 0 changed" for name in TABLE_NAMES
    ]
    assert (tmp_path / "home" / "matcher.db").is_file()
    other = tmp_path / "other.db"
    monkeypatch.setenv("MATCHER_DATABASE_URL", f"sqlite:///{other}")
    command["ingest", market]
    assert other.is_file()
    monkeypatch.setenv("MATCHER_DATABASE_URL", "postgresql://u:s3cret@host/m")
    assert "s3cret" not in repr(Settings())


# Again, with something new


def test_a_profile_that_differs_becomes_a_version_from_now_on(command, tmp_path, url):
    directory = a_marketplace(tmp_path / "market", freelancers=[a_freelancer(title="old")])
    command["ingest", directory, "--database", url]
    a_marketplace(directory, freelancers=[a_freelancer(title="new")])
    for outcome in ("changed", "unchanged"):
        again = told(command, "ingest", directory, "--database", url)
        assert known(again["freelancers"]) == {outcome: 1}
    with Store.open(url) as store:
        rows = store.marketplace().freelancers
    assert rows["title"].tolist() == ["old", "new"]
    assert rows["valid_from"].iloc[1] > rows["valid_from"].iloc[0]


def test_a_job_that_differs_is_replaced(command, tmp_path, url):
    directory = a_marketplace(tmp_path / "market", jobs=[a_job(), a_job("j2")])
    command["ingest", directory, "--database", url]
    a_marketplace(directory, jobs=[a_job(title="new"), a_job("j2"), a_job("j3")])
    again = told(command, "ingest", directory, "--database", url)
    assert known(again["jobs"]) == {"added": 1, "unchanged": 1, "changed": 1}
    with Store.open(url) as store:
        assert sorted(store.marketplace().jobs["title"]) == ["go api", "go api", "new"]


def test_the_past_is_not_rewritten_and_all_else_is_kept(command, tmp_path, url):
    versions = [a_freelancer(title="a"), a_freelancer(title="b", valid_from="2024-05-01T00:00Z")]
    directory = a_marketplace(tmp_path / "market", freelancers=versions)
    command["ingest", directory, "--database", url]
    rewritten = [a_freelancer(title="other"), versions[1], a_freelancer("f2")]
    a_marketplace(
        directory, freelancers=rewritten, events=[an_event(kind="viewed"), an_event("e2")]
    )
    ran = command("ingest", directory, "--database", url, "--json")
    assert ran.code == 3
    assert "2 rows say otherwise" in ran.err
    assert "'f1'" in ran.err
    assert "'e1'" in ran.err
    counts = json.loads(ran.out)
    assert known(counts["freelancers"]) == {"added": 1, "unchanged": 1, "conflicts": 1}
    assert known(counts["events"]) == {"added": 1, "conflicts": 1}
    with Store.open(url) as store:
        market = store.marketplace()
    assert market.freelancers["title"].tolist()[:2] == ["a", "b"]
    assert sorted(market.events["kind"]) == ["hired", "hired"]


def test_what_was_deleted_stays_deleted(command, tmp_path, url):
    directory = a_marketplace(tmp_path / "market")
    command["ingest", directory, "--database", url]
    with Store.open(url) as store:
        store.delete_job("j1")
        store.delete_freelancer("f1")
    again = told(command, "ingest", directory, "--database", url)
    assert known(again["jobs"]) == known(again["freelancers"]) == {"deleted": 1}
    with Store.open(url) as store:
        assert store.head() == 5
        assert (store.view().deleted_jobs, store.view().deleted_freelancers) == ({"j1"}, {"f1"})


def test_a_store_knows_what_it_was_seeded_from(command, tmp_path, sqlite_url):
    for title in ("first", "second"):
        directory = a_marketplace(tmp_path / title, jobs=[a_job(title=title)])
        command["ingest", directory, "--database", sqlite_url]
        with Store.open(sqlite_url) as store:
            origin = store.origin()
        assert origin is not None
        assert origin.startswith("directory:")
    command["ingest", tmp_path / "first", "--database", f"sqlite:///{tmp_path}/fresh.db"]
    with Store.open(f"sqlite:///{tmp_path}/fresh.db") as store:
        assert store.origin() == origin


# Refusals


def test_a_directory_that_breaks_the_contract_is_refused_whole(command, tmp_path, sqlite_url):
    bad = a_marketplace(tmp_path / "bad", events=[an_event(), an_event("e2", kind="fired")])
    ran = command("ingest", bad, "--database", sqlite_url)
    assert (ran.code, ran.out) == (3, "")
    assert "events, row 2, column kind" in ran.err
    nul = a_marketplace(tmp_path / "nul", jobs=[a_job(title="a\0b"), a_job("j2")])
    ran = command("ingest", nul, "--database", sqlite_url)
    assert (ran.code, ran.out) == (3, "")
    assert "jobs, column title: found 'j1': NUL, expected text without NUL" in ran.err
    with Store.open(sqlite_url) as store:
        assert store.head() == 0


def test_an_export_never_replaces_what_is_there_unasked(command, tmp_path):
    command["ingest", a_marketplace(tmp_path / "market")]
    command["export", tmp_path / "out"]
    ran = command("export", tmp_path / "out")
    assert (ran.code, ran.out) == (2, "")
    assert "already exists" in ran.err
    command["export", tmp_path / "out", "--force"]
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x", encoding="utf-8")
    assert command("export", tmp_path / "letters", "--force").code == 2
    assert contents(tmp_path / "letters") == {"dear.txt": b"x"}


def test_there_is_nothing_to_export_from_where_there_is_no_store(command, tmp_path):
    ran = command("export", tmp_path / "out")
    assert ran.code == 4
    assert not (tmp_path / "out").exists()


def test_a_database_of_the_future_ends_with_4(command, tmp_path, url):
    assert "up to date, last change 0" in command["migrate", "--database", url]
    assert "up to date, last change 0" in command["migrate", "--database", url]
    changed(url, "UPDATE schema_version SET version_num = '9999'")
    market = a_marketplace(tmp_path / "market")
    for arguments in (("migrate",), ("ingest", market), ("export", tmp_path / "out")):
        ran = command(*arguments, "--database", url)
        assert (ran.code, ran.out) == (4, "")
        assert "a later release wrote it" in ran.err


@pytest.mark.parametrize("database", ["mysql://u:s3cret@host/m", "sqlite://"])
def test_an_address_of_another_kind_ends_with_2(command, database):
    ran = command("migrate", "--database", database)
    assert (ran.code, ran.out) == (2, "")
    assert "s3cret" not in ran.err


@pytest.mark.slow
def test_several_processes_may_start_on_an_empty_file(sqlite_url):
    starts = [
        subprocess.Popen(
            [sys.executable, "-m", "matcher.cli", "migrate", "--database", sqlite_url],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    assert [(one.communicate()[1], one.returncode) for one in starts] == [("", 0)] * 3

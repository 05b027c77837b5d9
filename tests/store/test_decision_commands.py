"""`matcher export` with decisions in it, `matcher decisions export` and `prune`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from matcher.domain import instant_of
from matcher.marketplace import read_marketplace
from matcher.store import decisions
from matcher.store.decision import Decision
from matcher.store.decisions import Asked, Prepared
from matcher.store.store import Store
from tests.contracts.store_contract import FIRST, a_hire
from tests.contracts.store_decisions_contract import COLUMNS, a_decision
from tests.store.test_commands import contents

AT = instant_of(FIRST)
HOUR = 3_600_000_000


def kept(url: str, *made: Decision) -> None:
    """Two people, a job, and some decisions."""
    with Store.open(url) as store:
        for id_ in ("f0", "f1"):
            store.put_freelancer({"freelancer_id": id_, "joined_at": "2020-01-01T00:00:00Z"})
        store.put_job({"job_id": "j1", "title": "go api", "posted_at": "2024-01-01T00:00:00Z"})
        with store.database.writing() as connection:
            decisions.keep(connection, Prepared.of(made))


def exported(command, url: str, out: Path) -> list[dict[str, object]]:
    told = json.loads(command["export", out, "--database", url, "--json"])
    command["validate", out]
    events = read_marketplace(out).events
    assert len(events) == told["events"]
    return events.to_dict("records")


# As events


def test_every_seat_is_a_shown_event(command, tmp_path: Path, url):
    kept(url, a_decision("d1", at=AT))
    events = exported(command, url, tmp_path / "out")
    assert [one["event_id"] for one in events] == ["d1:1", "d1:2"]
    for position, event in enumerate(events, start=1):
        assert event["freelancer_id"] == f"f{position - 1}"
        assert (event["kind"], event["job_id"], event["decision_id"]) == ("shown", "j1", "d1")
        assert (event["position"], event["propensity"]) == (position, 1.0)
        assert event["at"].to_pydatetime() == FIRST
        assert np.isnan(event["value"])


def test_a_directory_with_decisions_comes_back_and_nothing_is_shown_twice(command, tmp_path, url):
    kept(url, a_decision("d1", at=AT), a_decision("d2", at=AT + 1, k=1))
    exported(command, url, tmp_path / "out")
    command["ingest", tmp_path / "out", "--database", url]
    assert len(exported(command, url, tmp_path / "again")) == 3
    assert contents(tmp_path / "again") == contents(tmp_path / "out")


def test_what_the_asking_program_sent_itself_wins(command, tmp_path: Path, url):
    kept(url, a_decision("d1", at=AT))
    sent = a_hire("mine", kind="shown", decision_id="d1", position=7, propensity=0.5)
    with Store.open(url) as store:
        [verdict] = store.add_events([sent])
        assert verdict.status == "accepted"
    events = exported(command, url, tmp_path / "out")
    assert {one["event_id"]: one["position"] for one in events} == {"d1:1": 1, "mine": 7}


@pytest.mark.parametrize(
    "fields",
    [
        {"job_id": None},
        {"job_id": "elsewhere"},
        {"direction": "jobs", "job_id": None, "freelancer_id": "f1"},
        {"as_of": AT - HOUR - 1},
        {"as_of": AT + HOUR + 1},
        {"k": 0},
    ],
    ids=["brief", "unknown job", "jobs", "past", "future", "nobody"],
)
def test_what_nobody_saw_is_left_out_and_counted(command, tmp_path: Path, url, fields):
    kept(url, a_decision("d1", at=AT, **fields), a_decision("d2", at=AT, as_of=AT - HOUR))
    told = json.loads(command["export", tmp_path / "out", "--database", url, "--json"])
    assert told["decisions"] == {"seats": 2, "decisions": 2, "left_out": 1}
    assert told["events"] == 2
    said = command["export", tmp_path / "out2", "--database", url]
    assert "2 of the events are seats of 2 decisions, of which 1 were left out" in said


def test_who_is_not_on_record_has_no_seat(command, tmp_path: Path, url):
    kept(url, a_decision("d1", at=AT, k=5))
    events = exported(command, url, tmp_path / "out")
    assert [one["freelancer_id"] for one in events] == ["f0", "f1"]


# With feature rows


def test_every_seat_is_a_row_with_its_features(command, tmp_path: Path, url):
    first = a_decision("d1", at=AT, k=5)
    jobs = a_decision("d2", at=AT + 1, k=1, direction="jobs", job_id=None, freelancer_id="f9")
    kept(url, first, jobs, a_decision("d3", at=AT + 2, k=0))
    out = tmp_path / "deep" / "out.parquet"
    told = json.loads(command["decisions", "export", out, "--database", url, "--json"])
    assert told == {"file": str(out), "decisions": 3, "rows": 6, "features": 2}
    table = pq.read_table(out)
    rows = table.to_pylist()
    assert [one["position"] for one in rows] == [1, 2, 3, 4, 5, 1]
    assert [one["freelancer_id"] for one in rows] == ["f0", "f1", "f2", "f3", "f4", "f9"]
    assert (rows[0]["job_id"], rows[5]["job_id"]) == ("j1", "f0")
    assert rows[0]["at"] == FIRST
    for at, name in enumerate(COLUMNS):
        column = table.column(f"features.{name}").to_numpy()[:5]
        np.testing.assert_array_equal(column, first.features[:, at])
    assert rows[0]["score"] is None  # unknown, as in the decision
    assert rows[3]["score"] == pytest.approx(0.1)
    assert (rows[0]["p_hire"], rows[3]["quality"]) == (None, pytest.approx(-0.1))
    assert [one.name for one in out.parent.iterdir() if "out" in one.name] == [out.name]


def test_without_decisions_the_file_has_no_rows(command, tmp_path: Path, url):
    kept(url)
    command["decisions", "export", tmp_path / "out.parquet", "--database", url]
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


def test_an_export_never_replaces_what_is_there_unasked(command, tmp_path: Path, url):
    kept(url, a_decision("d1", at=AT))
    out = tmp_path / "out.parquet"
    out.write_text("precious", encoding="utf-8")
    ran = command("decisions", "export", out, "--database", url)
    assert ran.code == 2
    assert "already exists" in ran.err
    assert out.read_text(encoding="utf-8") == "precious"
    command["decisions", "export", out, "--database", url, "--force"]
    assert pq.read_table(out).num_rows == 2


def test_an_export_that_fails_leaves_nothing_behind(command, tmp_path: Path, url, monkeypatch):
    kept(url, a_decision("d1", at=AT))

    def broken(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("matcher.store.decisions_commands._table", broken)
    ran = command("decisions", "export", tmp_path / "out.parquet", "--database", url)
    assert ran.code == 1
    assert not [one for one in tmp_path.iterdir() if "out" in one.name]


# Retention


def test_what_is_older_is_deleted_and_counted(command, tmp_path: Path, url):
    kept(url, *(a_decision(f"d{at:03}", at=AT + at) for at in range(450)))
    before = "2025-01-01T12:00:00.123887Z"  # 430 microseconds later than FIRST
    ran = command["decisions", "prune", "--before", before, "--database", url]
    assert ": 430 decisions deleted" in ran
    again = json.loads(
        command["decisions", "prune", "--before", before, "--database", url, "--json"]
    )
    assert again["deleted"] == 0
    with Store.open(url) as store, store.database.reading() as connection:
        left = [one.decision_id for one in decisions.listed(connection, Asked())]
    assert left == [f"d{at:03}" for at in range(449, 429, -1)]


def test_help_has_an_example_and_a_time_needs_a_zone(command):
    for name in ("export", "prune"):
        assert f"Example: matcher decisions {name}" in command["decisions", name, "--help"]
    ran = command("decisions", "prune", "--before", "2025-01-01T12:00:00")
    assert ran.code == 2
    assert "no time zone" in ran.err

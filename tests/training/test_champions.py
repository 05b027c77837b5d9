"""Rollback, history and runs as a user meets them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from matcher.errors import RegistryError
from matcher.registry import fetch
from matcher.succession import ledger
from tests.small_market import SETTINGS, contents
from tests.training.promotion_builders import (
    AT_EASE,
    champion,
    told,
)

POOL = str(SETTINGS["retrieval"]["pool"])
pytestmark = pytest.mark.slow  # MLflow takes two seconds to import, and one to make its store


def test_back_and_forth_is_told_in_order(gate, made):
    gate[("promote", made["equal"], "--market", made["market"], *AT_EASE)]
    said = gate["rollback", "--by", "bo", "--why", "too few answers"]
    assert said.startswith("version 1 is champion of matcher again")
    assert "version 2 was before" in said
    assert contents(fetch("matcher", alias="champion")) == contents(made["champion"])
    found = json.loads(gate["rollback", "--to", 2, "--json"])
    assert (found["version"], found["champion_before"]) == ("2", "1")
    past = told(gate)["reigns"]
    assert [(one["version"], one["how"]) for one in past] == [
        ("1", "promotion"),
        ("2", "promotion"),
        ("1", "rollback"),
        ("2", "rollback"),
    ]
    assert (past[2]["by"], past[2]["why"]) == ("bo", "too few answers")
    assert [one["until"] for one in past] == [*(one["since"] for one in past[1:]), None]
    table = gate["history",]
    assert [line.split()[0] for line in table.splitlines() if line[:1] in "12"] == list("2121")
    assert "too few" in table


def test_there_is_nothing_to_go_back_to_after_one_promotion(gate):
    ran = gate("rollback")
    assert ran.code == 4
    assert "knows no champion before the current one to go back to" in ran.err
    assert champion() == "1"


def test_a_name_that_nobody_promoted_has_an_empty_history(fresh):
    found = json.loads(fresh["history", "--name", "nobody", "--json"])
    assert (found["reigns"], found["refused"]) == ([], [])
    assert "nobody was champion of nobody yet" in fresh["history", "--name", "nobody"]


def test_history_is_told_when_mlflow_cannot_be_reached(gate, monkeypatch):
    def unreachable(*_, **__):
        raise RegistryError("MLflow cannot be used (no route)")

    monkeypatch.setattr("matcher.succession.holder", unreachable)
    ran = gate("history", "--json")
    assert ran.code == 0
    assert "could not be compared with the alias" in ran.err
    assert [one["version"] for one in json.loads(ran.out)["reigns"]] == ["1"]


def test_a_damaged_record_is_refused_not_told(gate):
    with closing(sqlite3.connect(ledger().file)) as db:
        db.execute("DROP TRIGGER no_change")
        db.execute("UPDATE entries SET by = 'somebody else'")
        db.commit()
    ran = gate("history")
    assert ran.code == 4
    assert "is not the one that was written" in ran.err
    assert ran.out == ""


# Runs


def test_runs_are_told_side_by_side_with_what_differs(gate, made):
    gate("promote", made["narrow"], "--market", made["market"], *AT_EASE)
    found = json.loads(gate["runs", "--json"])
    newest, oldest = found["runs"]
    assert (newest["version"], oldest["version"]) == ("2", "1")
    assert (newest["aliases"], oldest["aliases"]) == (["challenger"], ["champion"])
    assert oldest["until"] == made.until
    assert oldest["figures"]["later_ndcg@10"] > 0
    assert set(found["differing"]) == {"retrieval.pool"}
    pools = found["differing"]["retrieval.pool"]
    assert (pools[newest["run_id"]], pools[oldest["run_id"]]) == ("4", POOL)
    table = gate["runs",]
    assert f"differs: retrieval.pool (version 2: 4, version 1: {POOL})" in " ".join(table.split())
    assert "champion" in table
    assert max(map(len, table.splitlines())) <= 80
    assert len(json.loads(gate["runs", "--last", 1, "--json"])["runs"]) == 1


def test_no_runs_are_no_error(fresh):
    assert "no run is logged" in fresh["runs", "--name", "nobody"]
    assert json.loads(fresh["runs", "--json"])["runs"] == []

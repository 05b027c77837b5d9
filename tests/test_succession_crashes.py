"""Alias and record after a crash, and with two at once: one truth, and nothing lost."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from matcher.errors import PromotionRefusedError
from matcher.ledger import reigns
from matcher.registry import holder
from matcher.succession import crown, ledger, settle
from tests.champions import NOON, a_decision, champion, crowned, told, version

pytestmark = pytest.mark.slow  # MLflow takes two seconds to import, and one to make its store

ROOT = Path(__file__).parents[1]
CRASH = """
import os, sys
from datetime import UTC, datetime
from matcher import succession
from matcher.registry import registered

when, version = sys.argv[1:]
move = succession.set_alias

def dying(*arguments):
    if when == "after":
        move(*arguments)
    os._exit(9)

succession.set_alias = dying
(candidate,) = [one for one in registered("matcher") if one.version == version]
decision = succession.Decision(
    how="promotion", by="ana", why="cut short", at=datetime(2026, 1, 1, 13, tzinfo=UTC))
succession.crown(candidate, instead_of=succession.holder("matcher", "champion"), decision=decision)
"""
RACE = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from matcher.errors import PromotionRefusedError
from matcher.registry import holder, registered
from matcher.succession import Decision, crown

version, ready, go = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
(candidate,) = [one for one in registered("matcher") if one.version == version]
champion = holder("matcher", "champion")
ready.touch()
while not go.exists():
    time.sleep(0.01)
decision = Decision(how="promotion", by=version, why=None, at=datetime.now(UTC))
try:
    crown(candidate, instead_of=champion, decision=decision)
except PromotionRefusedError as error:
    sys.exit(str(error))
"""


def crash(when: str, number: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CRASH, when, str(number)], cwd=ROOT, capture_output=True, check=False
    )
    assert ran.returncode == 9, ran.stderr


def test_a_crash_before_the_alias_moved_is_written_down_as_abandoned(home):
    crowned(1)
    crash("before", 2)
    assert champion() == "1"
    (finding,) = settle("matcher", now=NOON + timedelta(hours=2))
    assert "version 2 of matcher by ana was cut short" in finding
    assert "it had not moved the champion" in finding
    assert told() == [("1", "promotion")]
    assert settle("matcher", now=NOON + timedelta(hours=3)) == []


def test_a_crash_after_the_alias_moved_loses_nothing(home):
    crowned(1)
    crash("after", 2)
    assert champion() == "2"
    (finding,) = settle("matcher", now=NOON + timedelta(hours=2))
    assert "it had moved the champion" in finding
    first, second = reigns(ledger().entries("matcher"))
    assert (second.version, second.by, second.why) == ("2", "ana", "cut short")
    assert datetime.fromisoformat(second.since) == NOON + timedelta(hours=1)
    assert first.until == second.since
    assert settle("matcher", now=NOON + timedelta(hours=3)) == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_whoever_moves_the_champion_next_settles_a_crash_first(home, when):
    crowned(1)
    crash(when, 2)
    crowned(3)
    between = [("2", "promotion")] if when == "after" else []
    assert told() == [("1", "promotion"), *between, ("3", "promotion")]


def test_of_two_promotions_at_once_one_wins_and_the_other_is_told(home, tmp_path):
    crowned(1)
    go = tmp_path / "go"
    ready = [tmp_path / one for one in ("2", "3")]
    racing = [
        subprocess.Popen(
            [sys.executable, "-c", RACE, one.name, one, go],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for one in ready
    ]
    while not all(one.exists() for one in ready):
        assert [one.poll() for one in racing] == [None, None]
    go.touch()
    said = {one.name: process.communicate()[1] for one, process in zip(ready, racing, strict=True)}
    winner = champion()
    (loser,) = {"2", "3"} - {winner}
    assert said[winner] == ""
    assert f"version {winner} is now; run it again to compare with that one" in said[loser]
    assert told() == [("1", "promotion"), (winner, "promotion")]
    assert settle("matcher", now=NOON + timedelta(hours=4)) == []


def test_a_decision_against_a_champion_that_is_gone_is_refused(home):
    crowned(1)
    compared_with = holder("matcher", "champion")
    crowned(2)
    with pytest.raises(PromotionRefusedError, match=r"version 1 was champion .* version 2 is now"):
        crown(version(3), instead_of=compared_with, decision=a_decision(hours=3))
    assert champion() == "2"
    with pytest.raises(PromotionRefusedError, match="nobody was champion"):
        crown(version(3), instead_of=None, decision=a_decision(hours=3))

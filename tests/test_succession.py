"""Alias and record move together: in order, after a crash, with two at once, byte for byte."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matcher.errors import BundleError, PromotionRefusedError, RollbackRefusedError
from matcher.ledger import reigns
from matcher.registry import Registered, fetch, holder, publish, registered, set_alias
from matcher.succession import Decision, crown, ledger, refuse, roll_back, settle
from tests.bundles import sealed
from tests.small_market import contents

pytestmark = pytest.mark.slow  # MLflow takes two seconds to import, and one to make its store

ROOT = Path(__file__).parents[1]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
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


@pytest.fixture(scope="module")
def published(small_bundle, tmp_path_factory) -> Path:
    """A home whose registry holds four bundles that differ in a word of their card."""
    folder = tmp_path_factory.mktemp("registry")
    with pytest.MonkeyPatch.context() as world:
        world.setenv("MATCHER_HOME", str(folder / "home"))
        world.delenv("MLFLOW_TRACKING_URI", raising=False)
        for version in ("1", "2", "3", "4"):
            bundle = folder / version
            shutil.copytree(small_bundle, bundle)
            (bundle / "card.md").write_text(f"bundle {version}", encoding="utf-8")
            sealed(bundle)
            assert publish(bundle) == version
    return folder


@pytest.fixture
def home(published, tmp_path, monkeypatch) -> Path:
    """A registry of its own, over the same artifacts: read those, never change them."""
    mlflow = tmp_path / "home" / "mlflow"
    mlflow.mkdir(parents=True)
    shutil.copy(published / "home" / "mlflow" / "mlflow.db", mlflow)
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path / "home"


def version(number: int | str) -> Registered:
    return next(one for one in registered("matcher") if one.version == str(number))


def champion() -> str | None:
    held = holder("matcher", "champion")
    return None if held is None else held.version


def a_decision(how="promotion", *, by="ana", why=None, hours=0, **figures) -> Decision:
    return Decision(how=how, by=by, why=why, at=NOON + timedelta(hours=hours), figures=figures)


def crowned(*numbers: int) -> None:
    for hours, number in enumerate(numbers):
        crown(
            version(number),
            instead_of=holder("matcher", "champion"),
            decision=a_decision(hours=hours, why=f"reason {number}", ndcg=number),
        )


def rolled_back(to: str | None = None) -> Path:
    return roll_back("matcher", to=to, decision=a_decision("rollback", hours=9))[1]


def told() -> list[tuple[str | None, str | None]]:
    """Every reign: which version, and how it came about."""
    return [(one.version, one.how) for one in reigns(ledger().entries("matcher"))]


def crash(when: str, number: int) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CRASH, when, str(number)], cwd=ROOT, capture_output=True, check=False
    )
    assert ran.returncode == 9, ran.stderr


def test_history_tells_who_when_by_whom_why_and_with_what_figures(home):
    crowned(1, 2)
    first, second = reigns(ledger().entries("matcher"))
    assert (first.version, second.version) == ("1", "2")
    assert datetime.fromisoformat(first.since) == NOON
    assert first.until == second.since
    assert second.until is None
    assert (second.by, second.why, second.figures) == ("ana", "reason 2", {"ndcg": 2})
    assert second.digest == version(2).digest
    assert settle("matcher", now=NOON) == []


def test_the_record_outlives_what_the_registry_holds(home):
    crowned(1, 2)
    from mlflow import MlflowClient

    MlflowClient(f"sqlite:///{home}/mlflow/mlflow.db").delete_registered_model("matcher")
    assert told() == [("1", "promotion"), ("2", "promotion")]
    (finding,) = settle("matcher", now=NOON + timedelta(hours=5))
    assert "nobody is champion of matcher, the record said version 2" in finding
    assert told()[-1] == (None, None)


def test_rolling_back_restores_the_very_bytes(home, published):
    crowned(1, 2, 3)
    assert contents(rolled_back()) == contents(published / "2")
    assert contents(fetch("matcher", alias="champion")) == contents(published / "2")


def test_rolling_back_again_walks_further_back_until_there_is_nothing(home):
    crowned(1, 2, 3)
    rolled_back()
    rolled_back()
    assert champion() == "1"
    with pytest.raises(RollbackRefusedError, match="no champion before the current one"):
        rolled_back()
    assert champion() == "1"
    assert [one for one, _ in told()] == ["1", "2", "3", "2", "1"]


def test_nobody_can_be_gone_back_to_before_the_first_promotion(home):
    with pytest.raises(RollbackRefusedError, match="champions so far, by version: none"):
        rolled_back()
    assert champion() is None


def test_a_promotion_after_a_rollback_goes_back_to_where_it_came_from(home):
    crowned(1, 2)
    rolled_back()
    crowned(3)
    rolled_back()
    assert champion() == "1"


def test_a_version_may_be_named_if_it_was_champion(home):
    crowned(1, 2, 3)
    rolled_back("1")
    assert champion() == "1"
    rolled_back("3")
    assert champion() == "3"
    with pytest.raises(RollbackRefusedError, match="version 3 of matcher is champion now"):
        rolled_back("3")
    with pytest.raises(RollbackRefusedError, match=r"no champion of version 4 .*version: 1, 2, 3"):
        rolled_back("4")
    assert champion() == "3"


@pytest.mark.parametrize("name", ["card.md", "manifest.json"])
def test_a_bundle_whose_bytes_changed_is_not_gone_back_to(home, name):
    crowned(1, 2)
    file = fetch("matcher", version=1) / name
    before = file.read_bytes()
    try:
        file.write_bytes(before + b" ")
        with pytest.raises(BundleError, match=r"SHA-256|was registered with digest"):
            rolled_back()
    finally:
        file.write_bytes(before)
    assert champion() == "2"
    assert told() == [("1", "promotion"), ("2", "promotion")]


def test_a_bundle_whose_bytes_changed_is_not_promoted(home):
    file = fetch("matcher", version=1) / "card.md"
    before = file.read_bytes()
    try:
        file.write_bytes(b"something else")
        with pytest.raises(BundleError, match="SHA-256"):
            crowned(1)
    finally:
        file.write_bytes(before)
    assert (champion(), told()) == (None, [])


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


def test_an_alias_that_somebody_else_moved_is_said_and_recorded(home):
    crowned(1, 2)
    set_alias("matcher", "champion", 3)
    (finding,) = settle("matcher", now=NOON + timedelta(hours=4))
    assert "version 3 is champion of matcher, the record said version 2" in finding
    assert told() == [("1", "promotion"), ("2", "promotion"), ("3", None)]
    rolled_back()
    assert champion() == "2"


def test_a_champion_from_before_the_record_is_where_it_begins(home):
    set_alias("matcher", "champion", 1)
    crowned(2)
    assert told() == [("1", None), ("2", "promotion")]
    rolled_back()
    assert champion() == "1"


def test_a_decision_against_a_champion_that_is_gone_is_refused(home):
    crowned(1)
    compared_with = holder("matcher", "champion")
    crowned(2)
    with pytest.raises(PromotionRefusedError, match=r"version 1 was champion .* version 2 is now"):
        crown(version(3), instead_of=compared_with, decision=a_decision(hours=3))
    assert champion() == "2"
    with pytest.raises(PromotionRefusedError, match="nobody was champion"):
        crown(version(3), instead_of=None, decision=a_decision(hours=3))


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


def test_a_refused_candidate_is_challenger_until_it_is_promoted(home):
    crowned(1)
    refuse(version(2), a_decision(hours=2, ndcg=0.1))
    assert holder("matcher", "challenger") == version(2)
    assert (champion(), told()) == ("1", [("1", "promotion")])
    (entry,) = [one for one in ledger().entries("matcher") if one.event == "refused"]
    assert (entry.version, entry.figures) == ("2", {"ndcg": 0.1})
    crowned(2)
    assert (champion(), holder("matcher", "challenger")) == ("2", None)


def test_words_that_are_no_text_are_recorded_as_far_as_they_are(home):
    crown(version(1), instead_of=None, decision=a_decision(by="Zoë \udcff", why="\ud800"))
    (reign,) = reigns(ledger().entries("matcher"))
    assert (reign.by, reign.why) == ("Zoë ?", "?")


def test_each_store_has_a_record_of_its_own(home, monkeypatch, tmp_path):
    crowned(1)
    here = ledger().file
    assert here == home / "mlflow" / "mlflow-champions.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/other/runs.db")
    assert ledger().file == tmp_path / "other" / "runs-champions.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://ana:secret@mlflow.example.org/x")
    remote = ledger().file
    assert remote.parent == home / "mlflow"
    assert "secret" not in remote.name
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://bo:other@mlflow.example.org/x")
    assert ledger().file == remote
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://ana:secret@mlflow.example.org/y")
    assert ledger().file != remote

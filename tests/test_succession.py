"""Alias and record move together: in order, back and forth, byte for byte."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from matcher.errors import BundleError, RollbackRefusedError
from matcher.ledger import reigns
from matcher.registry import fetch, holder, set_alias
from matcher.succession import crown, ledger, refuse, settle
from tests.champions import NOON, a_decision, champion, crowned, rolled_back, told, version
from tests.small_market import contents

pytestmark = pytest.mark.slow  # MLflow takes two seconds to import, and one to make its store


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

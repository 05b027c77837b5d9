"""Promote, rollback, history and runs as a user meets them: codes, words, the record."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from matcher.marketplace import Marketplace
from matcher.registry import fetch, holder, log_run, registered
from matcher.run import Run
from matcher.succession import ledger
from tests.bundles import sealed
from tests.commands import Matcher
from tests.fakes import FakeEncoder
from tests.small_market import a_run, a_training, contents, with_frames
from tests.training.promotion_builders import (
    UNSEEN,
    half_trained,
    narrow,
    too_sure,
    turned_round,
    uncalibrated,
    with_model,
)
from training import promotion

pytestmark = pytest.mark.slow  # MLflow takes two seconds to import, and one to make its store

AT_EASE = ("--latency-ratio", 10)  # a busy machine is not what these tests are about


@dataclass(frozen=True, kw_only=True)
class World:
    """A registry with one champion, version 1, and bundles that were never registered.

    Attributes:
        until: When all bundles end but `later`.
    """

    folder: Path
    until: str

    def __getitem__(self, name: str) -> Path:
        return self.folder / name


@pytest.fixture(scope="module")
def made(small_market: Marketplace, market_directory, tmp_path_factory) -> World:
    """Never change it: every test works over a copy of its registry."""
    folder = tmp_path_factory.mktemp("promotion")
    trained = half_trained(small_market)
    later = small_market.jobs["posted_at"].iloc[UNSEEN + 60].to_pydatetime()
    bundles = {
        "champion": trained,
        "worse": with_model(trained, turned_round),
        "too-sure": with_model(trained, too_sure),
        "uncalibrated": with_model(trained, uncalibrated),
        "narrow": narrow(small_market),
        "later": a_training(small_market, until=later),
        "all": a_training(small_market),
        "other": half_trained(small_market, run=a_run().model_copy(update={"name": "other"})),
    }
    for name, one in bundles.items():
        one.write(folder / name, encoder=FakeEncoder())
    for name in ("equal", "equal-2"):
        shutil.copytree(folder / "champion", folder / name)
        (folder / name / "card.md").write_text(name, encoding="utf-8")
        sealed(folder / name)
    shutil.copytree(market_directory, folder / "market")
    until = small_market.jobs["posted_at"].iloc[UNSEEN].to_pydatetime().isoformat()
    return World(folder=folder, until=until)


@pytest.fixture(scope="module")
def home_with_a_champion(made: World, tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("homes") / "home"
    with pytest.MonkeyPatch.context() as world:
        world.setenv("MATCHER_HOME", str(home))
        world.delenv("MLFLOW_TRACKING_URI", raising=False)
        world.setattr(promotion, "default_encoder", FakeEncoder)
        world.setattr("training.duel.MOST_TIMED", 2)
        promotion.promote_bundle(
            made["champion"],
            market=made["market"],
            asked=promotion.Asked(),
            rules=promotion.Rules(latency_ratio=10),
            by="ana",
            why="the first",
            as_json=True,
        )
    return home


@pytest.fixture
def fresh(tmp_path, monkeypatch, capsys) -> Matcher:
    """The command with a home where nothing is registered."""
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr(promotion, "default_encoder", FakeEncoder)
    monkeypatch.setattr("training.duel.MOST_TIMED", 2)
    return Matcher(monkeypatch, capsys)


@pytest.fixture
def matcher(fresh, home_with_a_champion, tmp_path) -> Matcher:
    """The command with a home where `champion` is version 1 and champion."""
    mlflow = tmp_path / "home" / "mlflow"
    mlflow.mkdir(parents=True)
    for file in (home_with_a_champion / "mlflow").glob("*.db"):
        shutil.copy(file, mlflow)
    return fresh


def champion() -> str | None:
    held = holder("matcher", "champion")
    return None if held is None else held.version


def challenger() -> str | None:
    held = holder("matcher", "challenger")
    return None if held is None else held.version


def told(matcher: Matcher) -> dict:
    return json.loads(matcher["history", "--json"])


# Promotion


def test_the_first_is_promoted_and_said_to_be_the_first(fresh, made):
    said = fresh["promote", made["champion"], "--market", made["market"], "--by", "ana"]
    assert "There is no champion yet" in said
    assert "Version 1 is champion of matcher, the first." in " ".join(said.split())
    assert contents(fetch("matcher", alias="champion")) == contents(made["champion"])
    (reign,) = told(fresh)["reigns"]
    assert (reign["version"], reign["by"], reign["until"]) == ("1", "ana", None)
    assert reign["figures"]["champion"] is None


def test_the_first_must_not_be_worse_than_its_own_pool(fresh, made):
    ran = fresh("promote", made["worse"], "--market", made["market"])
    assert ran.code == 4
    assert "ranking: NDCG@10 is" in ran.err
    assert "nobody stays champion" in ran.err
    assert (champion(), challenger()) == (None, "1")


def test_a_bundle_that_is_as_good_takes_over_and_the_old_champion_is_recorded(matcher, made):
    said = matcher[
        ("promote", made["equal"], "--market", made["market"], "--why", "news", "--json", *AT_EASE)
    ]
    found = json.loads(said)
    assert (found["promoted"], found["version"], found["champion_before"]) == (True, "2", "1")
    assert set(found["checks"]) == {"jobs", "ranking", "calibration", "newcomers", "latency"}
    assert all(check["holds"] for check in found["checks"].values())
    assert found["test"]["from"] == made.until
    assert found["test"]["rules"]["margin"] == 0.01
    assert champion() == "2"
    first, second = told(matcher)["reigns"]
    assert first["until"] == second["since"]
    assert (second["why"], second["figures"]["champion"]) == ("news", "1")
    assert second["figures"]["checks"] == found["checks"]


def test_what_is_champion_already_is_said_to_be_and_nothing_changes(matcher, made):
    before = told(matcher)
    said = matcher["promote", made["champion"], "--market", made["market"]]
    assert "version 1 of matcher is this bundle and is champion already" in said
    asked = ("promote", made["champion"], "--market", made["market"], "--json")
    assert json.loads(matcher[asked])["is_champion"] is True
    assert told(matcher) == before
    assert [one.version for one in registered("matcher")] == ["1"]


def test_a_bundle_that_training_registered_is_not_registered_again(matcher, made):
    digest = json.loads(matcher["promote", made["champion"], "--market", made["market"], "--json"])
    assert digest["digest"] == registered("matcher")[0].digest
    run = Run.model_validate_json((made["equal"] / "run.json").read_bytes())
    import hashlib

    sha = hashlib.sha256((made["equal"] / "manifest.json").read_bytes()).hexdigest()
    version = log_run(made["equal"], digest=sha, run=run, seed=7, figures={})
    asked = ("promote", made["equal"], "--market", made["market"], "--json", *AT_EASE)
    assert json.loads(matcher[asked])["version"] == version
    assert [one.version for one in registered("matcher")] == [version, "1"]


@pytest.mark.parametrize(
    ("bundle", "word", "options"),
    [
        ("worse", "ranking: NDCG@10 is", ()),
        ("too-sure", "calibration: the calibration error of p_hire is", ()),
        ("uncalibrated", "calibration: p_hire is untrained, the champion's is trained", ()),
        ("narrow", "newcomers: recall@100 of", ()),
        ("equal", "latency: a match takes", ("--latency-ms", "0.001")),
        ("equal", "jobs: ", ("--sample", "10")),
    ],
)
def test_a_regression_ends_with_4_and_the_word_that_says_which(
    matcher, made, bundle, word, options
):
    asked = ("promote", made[bundle], "--market", made["market"], *options)
    ran = matcher(*asked, *AT_EASE, "--by", "bo", "--json")
    assert ran.code == 4, ran
    assert "version 2 of matcher was not promoted; it is challenger, version 1 stays" in ran.err
    assert f"\n  {word}" in ran.err
    found = json.loads(ran.out)
    assert found["promoted"] is False
    assert found["checks"][word.partition(":")[0]]["holds"] is False
    assert (champion(), challenger()) == ("1", "2")
    record = told(matcher)
    assert [one["version"] for one in record["reigns"]] == ["1"]
    (refused,) = record["refused"]
    assert (refused["version"], refused["by"]) == ("2", "bo")
    assert refused["figures"]["checks"] == found["checks"]


def test_a_refusal_prints_a_table_with_the_figures(matcher, made):
    ran = matcher("promote", made["worse"], "--market", made["market"], *AT_EASE)
    for word in ("ranking: NDCG@10", "calibration: ECE", "newcomers: R@100", "latency p99, ms"):
        assert word in ran.out
    assert "Version 2 was not promoted" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_who_lost_may_be_promoted_once_the_champion_is_no_better(matcher, made):
    matcher("promote", made["equal"], "--market", made["market"], "--latency-ms", "0.001")
    assert challenger() == "2"
    matcher[("promote", made["equal"], "--market", made["market"], *AT_EASE)]
    assert (champion(), challenger()) == ("2", None)


def test_no_margin_is_wide_enough_to_stand_for_a_promise(matcher, made):
    for option in (("--margin", "1"), ("--margin", "inf"), ("--latency-ratio", "inf")):
        ran = matcher("promote", made["worse"], "--market", made["market"], *option)
        assert ran.code == 2, ran
    ran = matcher("promote", made["worse"], "--market", made["market"], "--margin", "nan")
    assert ran.code == 2
    assert "give a finite number" in ran.err
    assert (champion(), challenger()) == ("1", None)


# The test span


def test_a_bundle_that_has_seen_the_span_is_refused_before_anything_is_registered(matcher, made):
    asked = ("promote", made["later"], "--market", made["market"], "--test-from", made.until)
    ran = matcher(*asked)
    assert ran.code == 4
    assert "the bundle learned until" in ran.err
    assert "choose a later --test-from, or train with --until" in ran.err
    assert [one.version for one in registered("matcher")] == ["1"]


def test_a_span_that_the_champion_has_seen_is_refused(matcher, made):
    ran = matcher("promote", made["equal"], "--market", made["market"], "--test-share", "0.9")
    assert ran.code == 4
    assert "the bundle learned until" in ran.err
    matcher[("promote", made["later"], "--market", made["market"], *AT_EASE, "--margin", "0.1")]
    asked = ("promote", made["equal"], "--market", made["market"], "--test-from", made.until)
    ran = matcher(*asked)
    assert ran.code == 4
    assert "the champion learned until" in ran.err


def test_where_nothing_is_left_it_says_what_to_do(matcher, made):
    ran = matcher("promote", made["all"], "--market", made["market"])
    assert ran.code == 4
    assert "no job is left to compare on: the bundle learned until" in ran.err
    assert f"and the champion learned until {made.until}" in ran.err
    assert "add later jobs to the directory, or train with an earlier --until" in ran.err


def test_an_instant_and_a_share_at_once_are_refused(matcher, made):
    asked = ("promote", made["equal"], "--market", made["market"])
    ran = matcher(*asked, "--test-from", made.until, "--test-share", "0.1")
    assert ran.code == 2
    assert "give one of them" in ran.err


def test_a_span_without_hires_is_refused_for_that(fresh, made, small_market, tmp_path):
    from matcher.marketplace import write_marketplace

    cut = small_market.jobs["posted_at"].iloc[UNSEEN]
    quiet = with_frames(small_market, events=small_market.events[small_market.events["at"] < cut])
    write_marketplace(quiet, tmp_path / "quiet")
    ran = fresh("promote", made["champion"], "--market", tmp_path / "quiet", "--json")
    assert ran.code == 4
    assert set(json.loads(ran.out)["checks"]) == {"jobs"}


@pytest.mark.parametrize("what", ["features of another release", "another encoder"])
def test_a_champion_that_cannot_be_asked_gives_way_to_one_that_holds_by_itself(
    matcher, made, monkeypatch, what
):
    if what == "another encoder":
        other = shutil.copytree(made["equal"], made.folder / "another-encoder", dirs_exist_ok=True)
        manifest = json.loads((other / "manifest.json").read_bytes())
        (other / "manifest.json").write_text(json.dumps({**manifest, "encoder": "fake-32"}))
        monkeypatch.setattr(promotion, "default_encoder", lambda: FakeEncoder(dim=32))
    else:
        other = made["equal"]
        monkeypatch.setattr(promotion, "FEATURES", _OfAnotherRelease(promotion.FEATURES))
        manifest = json.loads((other / "manifest.json").read_bytes())
        other = shutil.copytree(other, made.folder / "another-release", dirs_exist_ok=True)
        (other / "manifest.json").write_text(json.dumps({**manifest, "fingerprint": "new"}))
    found = json.loads(matcher["promote", other, "--market", made["market"], "--json"])
    assert found["promoted"] is True
    assert what in found["note"]
    assert told(matcher)["reigns"][-1]["figures"]["note"] == found["note"]


class _OfAnotherRelease:
    """The features of today, under another fingerprint."""

    def __init__(self, features) -> None:
        self._features = features
        self.fingerprint = "new"

    def __getattr__(self, name):
        return getattr(self._features, name)


def test_a_champion_that_is_damaged_is_no_reason_to_wave_a_candidate_through(matcher, made):
    file = fetch("matcher", alias="champion") / "card.md"
    before = file.read_bytes()
    try:
        file.write_bytes(b"damaged")
        ran = matcher("promote", made["equal"], "--market", made["market"])
    finally:
        file.write_bytes(before)
    assert ran.code == 4
    assert "SHA-256" in ran.err
    assert [one.version for one in registered("matcher")] == ["1"]


def test_a_champion_that_changed_during_the_comparison_is_not_overrun(matcher, made, monkeypatch):
    compare = promotion.duel

    def slow(*arguments, **options):
        found = compare(*arguments, **options)
        monkeypatch.setattr(promotion, "duel", compare)
        promotion.promote_bundle(
            made["equal-2"],
            market=made["market"],
            asked=promotion.Asked(),
            rules=promotion.Rules(latency_ratio=10),
            by="bo",
            why=None,
            as_json=True,
        )
        return found

    monkeypatch.setattr(promotion, "duel", slow)
    ran = matcher("promote", made["equal"], "--market", made["market"], *AT_EASE)
    assert ran.code == 4
    assert "run it again to compare with that one" in ran.err
    assert champion() == "2"
    assert [one["by"] for one in told(matcher)["reigns"]] == ["ana", "bo"]


def test_each_name_has_a_champion_of_its_own(matcher, made):
    said = matcher["promote", made["other"], "--market", made["market"]]
    assert "is champion of other, the first" in " ".join(said.split())
    assert champion() == "1"
    assert [
        one["version"]
        for one in json.loads(matcher["history", "--name", "other", "--json"])["reigns"]
    ] == ["1"]


# Rollback and history


def test_back_and_forth_is_told_in_order(matcher, made):
    matcher[("promote", made["equal"], "--market", made["market"], *AT_EASE)]
    said = matcher["rollback", "--by", "bo", "--why", "too few answers"]
    assert said.startswith("version 1 is champion of matcher again")
    assert "version 2 was before" in said
    assert contents(fetch("matcher", alias="champion")) == contents(made["champion"])
    found = json.loads(matcher["rollback", "--to", 2, "--json"])
    assert (found["version"], found["champion_before"]) == ("2", "1")
    past = told(matcher)["reigns"]
    assert [(one["version"], one["how"]) for one in past] == [
        ("1", "promotion"),
        ("2", "promotion"),
        ("1", "rollback"),
        ("2", "rollback"),
    ]
    assert (past[2]["by"], past[2]["why"]) == ("bo", "too few answers")
    assert [one["until"] for one in past] == [*(one["since"] for one in past[1:]), None]
    table = matcher["history",]
    assert [line.split()[0] for line in table.splitlines() if line[:1] in "12"] == list("2121")
    assert "too few" in table


def test_there_is_nothing_to_go_back_to_after_one_promotion(matcher):
    ran = matcher("rollback")
    assert ran.code == 4
    assert "knows no champion before the current one to go back to" in ran.err
    assert champion() == "1"


def test_a_name_that_nobody_promoted_has_an_empty_history(fresh):
    found = json.loads(fresh["history", "--name", "nobody", "--json"])
    assert (found["reigns"], found["refused"]) == ([], [])
    assert "nobody was champion of nobody yet" in fresh["history", "--name", "nobody"]


def test_history_is_told_when_mlflow_cannot_be_reached(matcher, monkeypatch):
    def unreachable(*_, **__):
        from matcher.errors import RegistryError

        raise RegistryError("MLflow cannot be used (no route)")

    monkeypatch.setattr("matcher.succession.holder", unreachable)
    ran = matcher("history", "--json")
    assert ran.code == 0
    assert "could not be compared with the alias" in ran.err
    assert [one["version"] for one in json.loads(ran.out)["reigns"]] == ["1"]


def test_a_damaged_record_is_refused_not_told(matcher):
    import sqlite3

    with sqlite3.connect(ledger().file) as db:
        db.execute("DROP TRIGGER no_change")
        db.execute("UPDATE entries SET by = 'somebody else'")
    db.close()
    ran = matcher("history")
    assert ran.code == 4
    assert "is not the one that was written" in ran.err
    assert ran.out == ""


# Runs


def test_runs_are_told_side_by_side_with_what_differs(matcher, made):
    matcher("promote", made["narrow"], "--market", made["market"], *AT_EASE)
    found = json.loads(matcher["runs", "--json"])
    newest, oldest = found["runs"]
    assert (newest["version"], oldest["version"]) == ("2", "1")
    assert (newest["aliases"], oldest["aliases"]) == (["challenger"], ["champion"])
    assert oldest["until"] == made.until
    assert oldest["figures"]["later_ndcg@10"] > 0
    assert set(found["differing"]) == {"retrieval.pool"}
    pools = found["differing"]["retrieval.pool"]
    assert (pools[newest["run_id"]], pools[oldest["run_id"]]) == ("4", "40")
    table = matcher["runs",]
    assert "differs: retrieval.pool (version 2: 4, version 1: 40)" in " ".join(table.split())
    assert "champion" in table
    assert max(map(len, table.splitlines())) <= 80
    assert len(json.loads(matcher["runs", "--last", 1, "--json"])["runs"]) == 1


def test_no_runs_are_no_error(fresh):
    assert "no run is logged" in fresh["runs", "--name", "nobody"]
    assert json.loads(fresh["runs", "--json"])["runs"] == []

"""Promote, rollback, history and runs as a user meets them: codes, words, the record."""

from __future__ import annotations

import json

import pytest

from matcher.registry import fetch, publish, registered
from tests.small_market import contents
from tests.training.promotion_builders import (
    AT_EASE,
    challenger,
    champion,
    told,
)
from training import promotion

pytestmark = pytest.mark.slow  # MLflow takes two seconds to import, and one to make its store


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


def test_a_bundle_that_is_as_good_takes_over_and_the_old_champion_is_recorded(gate, made):
    said = gate[
        ("promote", made["equal"], "--market", made["market"], "--why", "news", "--json", *AT_EASE)
    ]
    found = json.loads(said)
    assert (found["promoted"], found["version"], found["champion_before"]) == (True, "2", "1")
    assert set(found["checks"]) == {"jobs", "ranking", "calibration", "newcomers", "latency"}
    assert all(check["holds"] for check in found["checks"].values())
    assert found["test"]["from"] == made.until
    assert found["test"]["rules"]["margin"] == 0.01
    assert champion() == "2"
    first, second = told(gate)["reigns"]
    assert first["until"] == second["since"]
    assert (second["why"], second["figures"]["champion"]) == ("news", "1")
    assert second["figures"]["checks"] == found["checks"]


def test_what_is_champion_already_is_said_to_be_and_nothing_changes(gate, made):
    before = told(gate)
    said = gate["promote", made["champion"], "--market", made["market"]]
    assert "version 1 of matcher is this bundle and is champion already" in said
    asked = ("promote", made["champion"], "--market", made["market"], "--json")
    assert json.loads(gate[asked])["is_champion"] is True
    assert told(gate) == before
    assert [one.version for one in registered("matcher")] == ["1"]


def test_a_bundle_that_training_registered_is_not_registered_again(gate, made):
    version = publish(made["equal"], seed=7)
    asked = ("promote", made["equal"], "--market", made["market"], "--json", *AT_EASE)
    assert json.loads(gate[asked])["version"] == version
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
def test_a_regression_ends_with_4_and_the_word_that_says_which(gate, made, bundle, word, options):
    asked = ("promote", made[bundle], "--market", made["market"], *options)
    ran = gate(*asked, *AT_EASE, "--by", "bo", "--json")
    assert ran.code == 4, ran
    assert "version 2 of matcher was not promoted; it is challenger, version 1 stays" in ran.err
    assert f"\n  {word}" in ran.err
    found = json.loads(ran.out)
    assert found["promoted"] is False
    assert found["checks"][word.partition(":")[0]]["holds"] is False
    assert (champion(), challenger()) == ("1", "2")
    record = told(gate)
    assert [one["version"] for one in record["reigns"]] == ["1"]
    (refused,) = record["refused"]
    assert (refused["version"], refused["by"]) == ("2", "bo")
    assert refused["figures"]["checks"] == found["checks"]


def test_a_refusal_prints_a_table_with_the_figures(gate, made):
    ran = gate("promote", made["worse"], "--market", made["market"], *AT_EASE)
    for word in ("ranking: NDCG@10", "calibration: ECE", "newcomers: R@100", "latency p99, ms"):
        assert word in ran.out
    assert "Version 2 was not promoted" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80


def test_who_lost_may_be_promoted_once_the_champion_is_no_better(gate, made):
    gate("promote", made["equal"], "--market", made["market"], "--latency-ms", "0.001")
    assert challenger() == "2"
    gate[("promote", made["equal"], "--market", made["market"], *AT_EASE)]
    assert (champion(), challenger()) == ("2", None)


def test_no_margin_is_wide_enough_to_stand_for_a_promise(gate, made):
    for option in (("--margin", "1"), ("--margin", "inf"), ("--latency-ratio", "inf")):
        ran = gate("promote", made["worse"], "--market", made["market"], *option)
        assert ran.code == 2, ran
    ran = gate("promote", made["worse"], "--market", made["market"], "--latency-ms", "inf")
    assert ran.code == 2
    assert "--latency-ms is inf; give a finite number" in ran.err
    assert (champion(), challenger()) == ("1", None)


def test_a_champion_that_changed_during_the_comparison_is_not_overrun(gate, made, monkeypatch):
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
    ran = gate("promote", made["equal"], "--market", made["market"], *AT_EASE)
    assert ran.code == 4
    assert "run it again to compare with that one" in ran.err
    assert champion() == "2"
    assert [one["by"] for one in told(gate)["reigns"]] == ["ana", "bo"]


def test_each_name_has_a_champion_of_its_own(gate, made):
    said = gate["promote", made["other"], "--market", made["market"]]
    assert "is champion of other, the first" in " ".join(said.split())
    assert champion() == "1"
    assert [
        one["version"] for one in json.loads(gate["history", "--name", "other", "--json"])["reigns"]
    ] == ["1"]

"""The command as a user runs it."""

from __future__ import annotations

import json

import pytest

from tests.marketplace_builders import a_freelancer, a_job, a_marketplace, an_event


def test_a_day_is_told_as_a_table_and_as_json(matcher, shop):
    table = matcher["screen", shop.market]
    answer = json.loads(matcher["screen", shop.market, "--json"])
    assert f"joined on {answer['day']} (UTC)" in table
    assert answer["joined"] == len(answer["people"]) + len(answer["with_job"]) > 0
    for one in answer["people"]:
        assert one["freelancer_id"] in table


def test_a_founders_day_has_many_and_prints_as_many_as_are_wanted(matcher, shop):
    table = matcher["screen", shop.market, "--day", "2024-01-01", "--k", 3]
    assert "and 17 more; --json tells all" in table


def test_the_same_question_is_answered_with_the_same_bytes(matcher, shop, tmp_path):
    outs = [tmp_path / name for name in ("a.json", "b.json")]
    for out in outs:
        matcher["screen", shop.market, "--day", "2024-01-01", "--out", out]
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert json.loads(outs[0].read_text(encoding="utf-8"))["joined"] == 20
    assert matcher("screen", shop.market, "--out", outs[0]).code == 2
    assert matcher("screen", shop.market, "--out", outs[0], "--force").code == 0


def test_a_day_before_the_market_has_nobody(matcher, shop):
    answer = json.loads(matcher["screen", shop.market, "--day", "1999-12-31", "--json"])
    assert (answer["joined"], answer["people"], answer["model"]["base_rate"]) == (0, [], None)


def test_too_small_a_market_says_that_no_chance_can_be_told(matcher, shop):
    ran = matcher("screen", shop.market)
    assert ran.code == 0
    assert "warning: no chance can be told: of" in ran.err


def test_hindsight_is_told_or_why_it_is_not(matcher, shop):
    answer = json.loads(matcher["screen", shop.market, "--evaluate", "--json"])
    assert answer["why_not"] in answer["warnings"]
    assert answer["joined"] == 50


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--day", "yesterday"), "'yesterday' is not a day; write one like"),
        (("--day", "9999-12-31"), "name an earlier day"),
        (("--as-of", "2024-01-01"), "has no time zone"),
        (("--day", "2024-01-02", "--as-of", "2024-01-02T00:00:00Z"), "give a later --as-of"),
        (("--as-of", "1990-01-01T00:00:00Z"), "nobody has joined in"),
        (("--evaluate", "--top-rated"), "ask one at a time"),
        (("--evaluate", "--day", "2024-01-02"), "leave --day out"),
        (("--evaluate", "--test-share", 1), "between 0 and 1"),
        (("--top-rated", "--least-earned", "inf"), "must be numbers"),
        (("--within", 10**12), "less than or equal to 3650"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(matcher, shop, options, said):
    ran = matcher("screen", shop.market, *options)
    assert ran.code == 2
    assert said in ran.err


def test_a_damaged_market_is_refused_whole(matcher, tmp_path):
    market = a_marketplace(tmp_path / "m", events=[an_event(freelancer_id="unknown")])
    ran = matcher("screen", market)
    assert (ran.code, ran.out) == (3, "")


def contracts(who: str, *, completed: int, paid: float) -> list[dict[str, object]]:
    rows = [an_event(f"{who}-c{n}", freelancer_id=who, kind="completed") for n in range(completed)]
    return [*rows, an_event(f"{who}-p", freelancer_id=who, kind="paid", value=paid)]


@pytest.fixture
def a_market_of_records(tmp_path):
    return a_marketplace(
        tmp_path / "m",
        freelancers=[a_freelancer(one) for one in ("top", "short", "new")],
        jobs=[a_job()],
        events=[
            *contracts("top", completed=8, paid=5_000.0),
            *contracts("short", completed=6, paid=9_000.0),
        ],
    )


def test_the_top_rated_are_listed_and_those_just_short_with_what_is_missing(
    matcher, a_market_of_records
):
    said = matcher["screen", a_market_of_records, "--top-rated"]
    assert "1 of 3 freelancers are; 1 meet two of the three" in said
    assert "2 more completed contracts" in said
    answer = json.loads(matcher["screen", a_market_of_records, "--top-rated", "--json"])
    assert [one["freelancer_id"] for one in answer["top_rated"]] == ["top"]
    assert answer["rule"] == {"contracts": 8, "success": 0.9, "earned_usd": 5000.0}


def test_the_rule_can_be_another(matcher, a_market_of_records):
    options = ("--least-contracts", 6, "--least-earned", 9000, "--json")
    answer = json.loads(matcher["screen", a_market_of_records, "--top-rated", *options])
    assert [one["freelancer_id"] for one in answer["top_rated"]] == ["short"]


def test_as_of_an_instant_nothing_later_counts(matcher, a_market_of_records):
    cut = ("--as-of", "2024-03-01T00:00:00Z", "--json")
    ran = matcher("screen", a_market_of_records, "--top-rated", *cut)
    assert json.loads(ran.out)["top_rated"] == []
    assert "does not record how contracts end (completed, cancelled) nor what is paid" in ran.err


def test_a_market_of_bare_hires_is_told_why_nobody_can_be_judged(matcher, tmp_path):
    market = a_marketplace(tmp_path / "m")
    ran = matcher("screen", market, "--top-rated")
    assert ran.code == 0
    assert "who is top rated cannot be told" in ran.err

"""Who is top rated, and what is wanting."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.top_rated import Standing, TopRatedRule, standings, untold
from tests.builders import a_freelancer, a_job, a_market, an_event
from training.simulate.parameters import Funnel

RULE = TopRatedRule(contracts=2, success=0.75, earned_usd=100)
few = st.integers(0, 40)
rules = st.builds(
    TopRatedRule,
    contracts=st.integers(1, 20),
    success=st.floats(0, 1),
    earned_usd=st.floats(0, 10_000),
)


def done(who: str, *, completed: int, cancelled: int, paid: float) -> list[dict[str, object]]:
    kinds = ["completed"] * completed + ["cancelled"] * cancelled + ["paid"]
    return [{"freelancer_id": who, "kind": kind, "value": paid} for kind in kinds]


def events(*groups: list[dict[str, object]]) -> pd.DataFrame:
    rows = [row for group in groups for row in group]
    return pd.DataFrame(rows, columns=["freelancer_id", "kind", "value"])


def one(completed: int, cancelled: int, paid: float, rule: TopRatedRule = RULE) -> Standing:
    return rule.standing("f", completed=completed, cancelled=cancelled, earned_usd=paid)


def test_takes_contracts_success_and_money():
    found = standings(
        events(
            done("enough", completed=3, cancelled=1, paid=100.0),
            done("few", completed=1, cancelled=0, paid=900.0),
            done("often-broken-off", completed=2, cancelled=1, paid=900.0),
            done("poor", completed=9, cancelled=0, paid=99.0),
        ),
        RULE,
    )
    assert {each.freelancer_id: each.missing for each in found} == {
        "enough": (),
        "few": ("1 more completed contract",),
        "often-broken-off": ("1 more completed contract",),
        "poor": ("1 USD more earned",),
    }
    assert [each.freelancer_id for each in found if each.is_top] == ["enough"]


def test_the_nearest_come_first_and_ties_fall_by_id():
    found = standings(
        events(
            done("b", completed=1, cancelled=0, paid=0.0),
            done("a", completed=1, cancelled=0, paid=0.0),
            done("far", completed=0, cancelled=4, paid=0.0),
            done("top", completed=4, cancelled=0, paid=400.0),
            done("near", completed=1, cancelled=0, paid=400.0),
        ),
        RULE,
    )
    assert [each.freelancer_id for each in found] == ["top", "near", "a", "b", "far"]


def test_money_alone_and_an_ending_alone_are_records_too():
    paid_only = [{"freelancer_id": "paid", "kind": "paid", "value": 500.0}]
    ended_only = [{"freelancer_id": "ended", "kind": "completed", "value": None}]
    found = {each.freelancer_id: each for each in standings(events(paid_only, ended_only), RULE)}
    assert (found["paid"].completed, found["paid"].success) == (0, None)
    assert (found["ended"].completed, found["ended"].earned_usd) == (1, 0.0)


def test_where_nothing_was_recorded_nobody_stands_anywhere():
    market = a_market(freelancers=[a_freelancer()], jobs=[a_job()])
    assert standings(market.events, RULE) == ()


def test_several_wants_are_told_in_one_breath():
    assert one(0, 3, 0.0).missing == ("9 more completed contracts", "100 USD more earned")


def test_a_rule_that_forgives_nothing_says_so():
    strict = TopRatedRule(contracts=2, success=1.0, earned_usd=0)
    assert one(5, 1, 900, strict).missing == ("a record without a contract broken off",)
    assert not one(5, 1, 900, strict).is_top
    assert one(5, 0, 900, strict).is_top


def test_a_share_met_to_the_letter_counts():
    assert one(9, 1, 5_000, TopRatedRule()).is_top
    assert not one(8, 1, 5_000, TopRatedRule()).is_top


@given(rules, few, few)
def test_as_many_more_completed_contracts_as_are_told_suffice_and_no_fewer(rule, completed, broken):
    wanting = one(completed, broken, rule.earned_usd, rule).contracts_missing
    if wanting is None:
        assert rule.success == 1
        assert broken
        return
    assert one(completed + wanting, broken, rule.earned_usd, rule).is_top
    if wanting:
        assert not one(completed + wanting - 1, broken, rule.earned_usd, rule).is_top


@given(rules, few, few, st.floats(0, 20_000))
def test_somebody_is_top_rated_exactly_where_nothing_is_missing(rule, completed, broken, paid):
    found = one(completed, broken, paid, rule)
    assert found.is_top == (found.missing == ())


@pytest.mark.parametrize(
    ("kinds", "lacking"),
    [
        (["hired"], "how contracts end .* nor what is paid"),
        (["completed"], r"record what is paid"),
        (["paid"], r"record how contracts end"),
    ],
)
def test_a_market_that_records_too_little_is_told_what_it_lacks(kinds, lacking):
    market = a_market(
        freelancers=[a_freelancer()], jobs=[a_job()], events=[an_event(kind) for kind in kinds]
    )
    assert pd.Series([untold(market.events)]).str.contains(lacking).all()


def test_a_market_that_records_both_can_be_told():
    kinds = ("cancelled", "paid")
    market = a_market(
        freelancers=[a_freelancer()], jobs=[a_job()], events=[an_event(kind) for kind in kinds]
    )
    assert untold(market.events) is None


def test_the_simulated_market_is_held_to_the_same_rule_by_default():
    assert Funnel().top_rated() == TopRatedRule()

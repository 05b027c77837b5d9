"""Two policies meet the same posts, people and luck; a parameter moves what it should."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from tests.training.simulate.market_builders import run
from training.simulate.export import SimulatedMarket
from training.simulate.market import Market
from training.simulate.parameters import Attention, Hiring, Parameters
from training.simulate.people import People
from training.simulate.places import PLACES
from training.simulate.policies import Nobody, Policy, Popularity

SIZES = {"freelancers": 200, "jobs": 300, "days": 300}


def under(policy: Policy, **changed: object) -> SimulatedMarket:
    market = Market(Parameters.model_validate(SIZES | changed), seed=6)
    run(market, policy)
    return market.export()


def candidates(market: SimulatedMarket, kind: str) -> set[tuple[str, str]]:
    found = market.events[market.events["kind"] == kind]
    return set(zip(found["job_id"], found["freelancer_id"], strict=True))


def first_editions(market: SimulatedMarket) -> pd.DataFrame:
    return market.freelancers.drop_duplicates("freelancer_id").reset_index(drop=True)


def people_of(hiring: Hiring) -> People:
    return Market(Parameters(**SIZES, hiring=hiring), seed=6).people


def differing(one: People, other: People) -> set[str]:
    """Names of the fields in which two populations are not the same."""
    return {
        field.name
        for field in fields(People)
        if not np.array_equal(
            np.array(getattr(one, field.name), object), np.array(getattr(other, field.name), object)
        )
    }


@pytest.fixture(scope="module")
def without() -> SimulatedMarket:
    return under(Nobody())


@pytest.fixture(scope="module")
def popular() -> SimulatedMarket:
    return under(Popularity())


def test_both_policies_meet_the_same_posts(without, popular):
    pd.testing.assert_frame_equal(without.jobs, popular.jobs)
    assert without.truth_jobs["category"].tolist() == popular.truth_jobs["category"].tolist()


def test_both_policies_meet_the_same_people(without, popular):
    pd.testing.assert_frame_equal(first_editions(without), first_editions(popular))
    pd.testing.assert_frame_equal(without.signups, popular.signups)
    pd.testing.assert_frame_equal(without.truth_freelancers, popular.truth_freelancers)


def test_mostly_the_same_people_apply_whatever_the_list(without, popular):
    one, other = candidates(without, "applied"), candidates(popular, "applied")
    assert len(one & other) > 0.8 * len(one | other)


def test_without_lists_nothing_is_shown_and_with_them_more_are_invited(without, popular):
    assert candidates(without, "shown") == candidates(without, "viewed") == set()
    assert len(candidates(popular, "invited")) > len(candidates(without, "invited"))


def test_a_contract_of_the_first_days_ends_the_same_whatever_the_list(without, popular):
    """The state is the same until the first contracts end; so is the luck, by promise."""
    started = min(
        market.events.loc[market.events["kind"].isin(["completed", "cancelled"]), "at"].min()
        for market in (without, popular)
    )
    early = without.jobs.loc[without.jobs["posted_at"] < started, "job_id"]
    both = candidates(without, "hired") & candidates(popular, "hired")
    same = {pair for pair in both if pair[0] in set(early)}
    assert same
    assert same & candidates(without, "completed") == same & candidates(popular, "completed")


def test_where_no_list_is_read_the_policy_makes_no_difference():
    blind = Attention(technical=0.0, other=0.0)
    one, other = (under(policy, attention=blind) for policy in (Nobody(), Popularity()))
    events = other.events[other.events["kind"] != "shown"]
    rest = one.events.columns.drop("event_id")
    pd.testing.assert_frame_equal(one.events[rest], events[rest].reset_index(drop=True))


def test_where_nobody_is_invited_the_policy_makes_no_difference_either():
    shy = Hiring(inviting=0.0)
    one, other = (under(policy, hiring=shy) for policy in (Nobody(), Popularity()))
    assert candidates(one, "hired") == candidates(other, "hired") != set()


def test_a_pay_gap_lowers_the_rates_of_one_group_and_nothing_else():
    fair, gap = people_of(Hiring()), people_of(Hiring(pay_gap=0.3))
    assert differing(fair, gap) == {"rate"}
    assert gap.rate[fair.group == 0].tolist() == fair.rate[fair.group == 0].tolist()
    lower = gap.rate[fair.group == 1] / fair.rate[fair.group == 1]
    assert lower.mean() == pytest.approx(0.7, abs=0.02)


def test_without_a_pay_gap_the_groups_ask_the_same():
    people = Market(Parameters(freelancers=4_000, jobs=0), seed=6).people
    logs = [np.log(people.rate[people.group == group]) for group in (0, 1)]
    noise = np.sqrt(sum(each.var() / len(each) for each in logs))
    assert abs(logs[0].mean() - logs[1].mean()) < 4 * noise


def test_a_country_penalty_changes_nobody_as_they_are():
    assert differing(people_of(Hiring()), people_of(Hiring(country_penalty={"IN": 2.0}))) == set()


def test_a_country_penalty_costs_those_people_hires_and_no_applications():
    fair, harsh = (
        under(Nobody(), hiring=Hiring(inviting=0.0, country_penalty=penalty))
        for penalty in ({}, {"IN": 3.0, "PH": 3.0})
    )
    fates = {}
    for name, market in {"fair": fair, "harsh": harsh}.items():
        home = first_editions(market).set_index("freelancer_id")["country"]
        hit = set(home[home.isin(["IN", "PH"])].index)
        fates[name] = {
            kind: sum(who in hit for _, who in candidates(market, kind))
            for kind in ("applied", "hired")
        }
    assert fates["harsh"]["hired"] < 0.5 * fates["fair"]["hired"]
    assert fates["harsh"]["applied"] == pytest.approx(fates["fair"]["applied"], rel=0.15)


def test_there_are_people_in_the_penalised_countries():
    assert {"IN", "PH"} <= {place.country for place in PLACES}

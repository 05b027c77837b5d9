"""How good a screen would have been."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from tests.builders import a_freelancer, a_job, a_market, an_event, day
from tests.fakes import FakeEncoder
from tests.training.screening.signup_market import a_signup_market
from training.screening.fit import area
from training.screening.hindsight import bounded, judge


@cache
def judged() -> dict[str, object]:
    market = a_signup_market(people=1200).read()
    return judge(market, as_of=day(0), encoder=FakeEncoder(), test_share=0.2)


def test_what_can_be_foretold_is():
    figures = judged()["figures"]
    assert figures["auc"]["value"] > 0.75
    assert figures["auc"]["ci"][0] > 0.65
    assert figures["brier_skill"]["ci"][0] > 0
    assert figures["ece"]["value"] < 0.12
    assert figures["mean_chance"] == pytest.approx(figures["share_hired"], abs=0.1)


def test_the_test_comes_after_all_that_was_learned_from():
    found = judged()
    assert found["learned_from"] < found["outcome_known"] - found["test"]["joiners"]
    assert found["test"]["joiners"] == np.ceil(0.2 * found["outcome_known"])


def test_what_happens_to_those_foretold_is_not_learned():
    """Their hires turned around turn the figures around, too."""
    market = a_signup_market(people=1200)
    cut = judged()["test"]["from"]
    gone = [row for row in market.events if row["at"].isoformat() >= cut]
    found = judge(
        market.without(events=gone[::2]).read(), as_of=day(0), encoder=FakeEncoder(), test_share=0.2
    )
    assert found["learned_hired"] == judged()["learned_hired"]
    assert found["test"]["hired"] < judged()["test"]["hired"]


def test_where_everybody_joined_with_a_job_it_cannot_be_told():
    people = [a_freelancer(f"f{n}", joined=-90 + n) for n in range(80)]
    hires = [an_event(freelancer_id=f"f{n}", at=-90 + n) for n in range(80)]
    market = a_market(freelancers=people, jobs=[a_job("j1", posted=-400)], events=hires)
    found = judge(market, as_of=day(0), encoder=FakeEncoder())
    assert found["figures"] is None
    assert "all 80 people joined with a job in hand" in found["why_not"]


@pytest.mark.parametrize("people", [0, 1])
def test_of_nobody_and_of_one_it_cannot_be_told(people):
    market = a_market(
        freelancers=[a_freelancer(joined=-200)][:people], jobs=[a_job("j1", posted=-400)]
    )
    found = judge(market, as_of=day(0), encoder=FakeEncoder())
    assert found["figures"] is None
    assert found["why_not"].startswith("cannot be told")


def test_a_market_of_nothing_cannot_be_told():
    assert judge(a_market(), as_of=None, encoder=FakeEncoder())["figures"] is None


def test_without_a_chance_the_rule_alone_is_judged():
    market = a_signup_market(people=120).read()
    found = judge(market, as_of=day(0), encoder=FakeEncoder(), test_share=0.3)
    assert set(found["figures"]) == {"auc_rule"}
    assert found["why_not"].startswith("no chance was told")


def test_a_figure_lies_within_its_interval_which_shrinks_with_more_people():
    rng = np.random.default_rng(1)
    widths = []
    for people in (100, 3000):
        came = rng.random(people) < 0.3
        found = bounded(area, came + rng.normal(size=people), came)
        low, high = found["ci"]
        assert low <= found["value"] <= high
        widths.append(high - low)
    assert widths[1] < widths[0] / 3

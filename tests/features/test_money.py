from __future__ import annotations

from math import log10

import numpy as np
import pytest

from features.money import (
    earnings,
    hourly_rate,
    past_price_to_budget,
    rate_to_budget,
    rate_to_market,
)
from tests.builders import a_brief, a_frame, a_freelancer, an_event

PEOPLE = [
    a_freelancer("f1", hourly_rate_usd=30),
    a_freelancer("f2", hourly_rate_usd=60),
    a_freelancer("f3"),
]


def test_a_rate_is_set_against_the_hourly_budget():
    frame = a_frame(a_brief(payment="hourly", budget_usd_max=40.0), freelancers=PEOPLE)
    assert rate_to_budget(frame) == pytest.approx([30 / 40, 60 / 40, np.nan], nan_ok=True)


def test_the_lower_end_of_a_budget_serves_where_the_upper_is_unknown():
    frame = a_frame(a_brief(payment="hourly", budget_usd_min=20.0), freelancers=PEOPLE)
    assert rate_to_budget(frame)[0] == 30 / 20


@pytest.mark.parametrize(
    "fields",
    [
        {"payment": "fixed", "budget_usd_max": 40.0},
        {"payment": "hourly"},
        {"budget_usd_max": 40.0},
        {"payment": "hourly", "budget_usd_max": 0.0},
    ],
)
def test_a_rate_cannot_be_set_against_no_hourly_budget(fields):
    assert np.isnan(rate_to_budget(a_frame(a_brief(**fields), freelancers=PEOPLE))).all()


def test_a_rate_is_set_against_the_median_rate():
    frame = a_frame(freelancers=PEOPLE)
    median = (30 + 60) / 2
    np.testing.assert_array_equal(hourly_rate(frame), [30, 60, np.nan])
    assert rate_to_market(frame) == pytest.approx([30 / median, 60 / median, np.nan], nan_ok=True)


def test_a_market_of_rates_of_nothing_is_no_error():
    people = [a_freelancer(f"f{n}", hourly_rate_usd=0) for n in range(3)]
    assert rate_to_market(a_frame(freelancers=people)).tolist() == [0, 0, 0]


def test_past_prices_are_averaged():
    events = [an_event(value=100, at=-9), an_event(value=300, at=-5), an_event(freelancer_id="f2")]
    priced = a_frame(a_brief(budget_usd_max=400.0), freelancers=PEOPLE, events=events)
    expected = [(100 + 300) / 2 / 400, np.nan, np.nan]
    assert past_price_to_budget(priced) == pytest.approx(expected, nan_ok=True)
    assert np.isnan(past_price_to_budget(a_frame(freelancers=PEOPLE, events=events))).all()


def test_earnings_are_what_was_paid_before():
    events = [an_event("paid", value=90, at=-9), an_event("paid", value=9, at=-1)]
    later = an_event("paid", value=1e6, at=0)
    frame = a_frame(freelancers=PEOPLE, events=[*events, later])
    assert earnings(frame) == pytest.approx([log10(1 + 99), 0, 0])

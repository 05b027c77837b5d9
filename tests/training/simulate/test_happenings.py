"""A job's funnel runs in one direction: nothing happens before what it follows from."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.training.simulate.market_builders import hires, pairs
from training.simulate.export import SimulatedMarket

PAIR = ["job_id", "freelancer_id"]


def both(market: SimulatedMarket, first: str, then: str) -> pd.DataFrame:
    """Pairs to whom both happened, with the columns of the first marked so."""
    return pairs(market, then).merge(pairs(market, first), on=PAIR, suffixes=("", "_first"))


def known(market: SimulatedMarket, *kinds: str) -> pd.MultiIndex:
    found = market.events[market.events["kind"].isin(kinds)]
    return pd.MultiIndex.from_frame(found[PAIR])


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("shown", "viewed"),
        ("shown", "invited"),
        ("invited", "invite_accepted"),
        ("invited", "invite_declined"),
        ("invited", "hired"),
        ("invite_accepted", "shortlisted"),
        ("invite_accepted", "hired"),
        ("invite_accepted", "rejected"),
        ("applied", "shortlisted"),
        ("applied", "hired"),
        ("applied", "rejected"),
        ("shortlisted", "hired"),
        ("hired", "completed"),
        ("hired", "cancelled"),
        ("hired", "paid"),
        ("completed", "paid"),
        ("cancelled", "paid"),
        ("completed", "rated_freelancer"),
        ("completed", "rated_client"),
        ("completed", "rated_private"),
        ("cancelled", "rated_freelancer"),
    ],
)
def test_one_thing_comes_before_another(market, first, then):
    found = both(market, first, then)
    assert len(found) > 0
    assert (found["at_first"] < found["at"]).all()


@pytest.mark.parametrize(
    ("then", "first"),
    [
        ("viewed", ["shown"]),
        ("invite_accepted", ["invited"]),
        ("invite_declined", ["invited"]),
        ("shortlisted", ["applied", "invite_accepted"]),
        ("rejected", ["applied", "invite_accepted"]),
        ("hired", ["applied", "invite_accepted"]),
        ("completed", ["hired"]),
        ("cancelled", ["hired"]),
        ("paid", ["completed", "cancelled"]),
        ("rated_freelancer", ["completed", "cancelled"]),
        ("rated_client", ["completed", "cancelled"]),
        ("rated_private", ["completed", "cancelled"]),
    ],
)
def test_nothing_happens_without_what_it_follows_from(market, then, first):
    assert known(market, then).isin(known(market, *first)).all()


def test_an_invitation_is_answered_once_and_an_invited_freelancer_does_not_apply(market):
    answers = known(market, "invite_accepted", "invite_declined")
    assert answers.sort_values().equals(known(market, "invited").sort_values())
    assert not known(market, "applied").isin(known(market, "invited")).any()


def test_a_contract_ends_once(market):
    ends = known(market, "completed", "cancelled")
    assert ends.sort_values().equals(known(market, "hired").sort_values())


def test_whoever_was_hired_is_not_rejected(market):
    assert not known(market, "rejected").isin(known(market, "hired")).any()


def test_whoever_applied_is_hired_at_the_price_of_the_bid(market):
    found = both(market, "applied", "hired")
    assert found["value"].tolist() == found["value_first"].tolist()


def test_some_applications_arrive_within_a_minute(market):
    applied = pairs(market, "applied")
    posted_at = applied["job_id"].map(market.jobs.set_index("job_id")["posted_at"])
    prompt = (applied["at"] - posted_at).dt.total_seconds() < 60
    assert 0.01 < prompt.mean() < 0.5


def test_bids_by_the_hour_are_rates_and_fixed_bids_are_whole_prices(market):
    applied = pairs(market, "applied").merge(market.jobs[["job_id", "payment"]], on="job_id")
    fixed = applied["payment"] != "hourly"
    assert (applied["value"] > 0).all()
    assert applied.loc[fixed, "value"].median() > 5 * applied.loc[~fixed, "value"].median()
    assert (applied.loc[fixed, "value"] % 1 == 0).all()


def test_hires_of_one_job_follow_each_other_by_minutes(market):
    spread = hires(market).groupby("job_id")["at"].agg(lambda at: at.max() - at.min())
    assert spread.max() > pd.Timedelta(0)
    assert spread.max() < pd.Timedelta(hours=1)

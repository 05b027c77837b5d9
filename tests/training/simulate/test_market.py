"""The market day by day: what a step returns, what is known midway, and starting again."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import pytest

from matcher.errors import UsageError
from tests.training.simulate.market_builders import run
from training.simulate.contracts import DISSATISFIED
from training.simulate.export import SimulatedMarket
from training.simulate.market import Fate, Market
from training.simulate.parameters import Parameters, Ratings
from training.simulate.policies import Nobody, Popularity, Shuffle
from training.simulate.recording import policy_of_record, simulate

START = pd.Timestamp("2024-01-01T00:00:00Z")
SMALL = Parameters(freelancers=120, jobs=200, days=240)
MIDWAY = 150


def a_small_market(seed: int = 4) -> Market:
    return Market(SMALL, seed=seed)


def whole(market: Market) -> SimulatedMarket:
    run(market, policy_of_record(market.parameters))
    return market.export()


def assert_equal(one: SimulatedMarket, other: SimulatedMarket) -> None:
    for field in fields(SimulatedMarket):
        pd.testing.assert_frame_equal(getattr(one, field.name), getattr(other, field.name))


@pytest.fixture(scope="module")
def exports() -> tuple[SimulatedMarket, SimulatedMarket]:
    """The same market midway and in the end."""
    market = a_small_market()
    run(market, policy_of_record(SMALL), days=MIDWAY)
    return market.export(), whole(market)


@pytest.fixture(scope="module")
def settled() -> tuple[list[Fate], SimulatedMarket]:
    """What a market said of its posts as it went, and its record."""
    market = a_small_market()
    return run(market, policy_of_record(SMALL)), market.export()


def test_a_step_returns_the_posts_of_that_day():
    market, told = a_small_market(), []
    while not market.is_over:
        since = market.now
        fates = market.step(Nobody())
        today = [post.id for post in market.posts if since <= post.at < market.now]
        assert [fate.job_id for fate in fates] == today
        told += today
    assert told == [post.id for post in market.posts]
    assert len(told) == SMALL.jobs


def test_the_clock_counts_days():
    market = a_small_market()
    assert (market.day, market.now, market.is_over) == (0, 0, False)
    run(market, Nobody(), days=2)
    assert (market.day, market.now) == (2, 2 * 86_400)
    run(market, Nobody())
    assert market.is_over
    assert market.day == SMALL.days


def test_there_is_no_day_after_the_last():
    market = Market(Parameters(freelancers=3, jobs=3, days=2))
    run(market, Nobody())
    with pytest.raises(UsageError, match="all 2 days have passed; reset"):
        market.step(Nobody())


def test_a_negative_seed_is_refused():
    with pytest.raises(UsageError, match="the seed is -1"):
        Market(SMALL, seed=-1)
    with pytest.raises(UsageError, match="the seed is -3"):
        a_small_market().reset(-3)


def test_after_a_reset_everything_happens_again():
    market = a_small_market(seed=4)
    first = whole(market)
    market.reset(4)
    assert market.day == 0
    assert_equal(whole(market), first)


def test_a_reset_midway_leaves_no_trace():
    market = a_small_market(seed=9)
    run(market, Shuffle(), days=MIDWAY)
    market.export()
    market.reset(4)
    assert_equal(whole(market), whole(a_small_market(seed=4)))


def test_looking_midway_changes_nothing(exports):
    assert_equal(exports[1], whole(a_small_market()))


def test_simulating_at_once_is_the_same_as_day_by_day(exports):
    assert_equal(simulate(SMALL, seed=4), exports[1])


def test_another_seed_makes_another_market():
    one, other = a_small_market(seed=4), a_small_market(seed=5)
    assert [post.row["title"] for post in one.posts] != [post.row["title"] for post in other.posts]
    assert one.people.rate.tolist() != other.people.rate.tolist()
    assert one.people.joined_at.tolist() != other.people.joined_at.tolist()


def test_nothing_is_known_midway_that_lies_ahead(exports):
    midway, now = exports[0], START + pd.Timedelta(days=MIDWAY)
    assert (midway.events["at"] < now).all()
    assert (midway.jobs["posted_at"] < now).all()
    assert (midway.freelancers["joined_at"] < now).all()
    assert (midway.freelancers["valid_from"] < now).all()
    for step in ("signed_up_at", "completed_at", "admitted_at"):
        assert not (midway.signups[step] >= now).any()
    assert set(midway.truth_jobs["job_id"]) == set(midway.jobs["job_id"])
    assert set(midway.truth["job_id"]) <= set(midway.jobs["job_id"])


def test_what_is_known_midway_stays_as_it_is(exports):
    midway, final = exports
    now = START + pd.Timedelta(days=MIDWAY)
    events = final.events[final.events["at"] < now]
    jobs = final.jobs[final.jobs["posted_at"] < now]
    editions = final.freelancers[final.freelancers["valid_from"] < now]
    truth = final.truth[final.truth["job_id"].isin(jobs["job_id"])]
    assert 0 < len(events) < len(final.events)
    assert 0 < len(jobs) < len(final.jobs)
    for known, later in (
        (midway.events, events),
        (midway.jobs, jobs),
        (midway.freelancers, editions),
        (midway.truth, truth),
        (midway.truth_jobs, final.truth_jobs[: len(jobs)]),
    ):
        pd.testing.assert_frame_equal(known, later.reset_index(drop=True))


def test_the_tables_midway_are_a_marketplace():
    market = a_small_market()
    run(market, Popularity(), days=MIDWAY)
    tables, exported = market.tables(), market.export().marketplace()
    assert len(tables.events) == len(exported.events) > 0
    assert len(tables.freelancers) == len(exported.freelancers)


@pytest.mark.parametrize("day", [0, 1])
def test_the_first_days_are_a_marketplace_too(day):
    market = a_small_market()
    run(market, Popularity(), days=day)
    assert len(market.tables().jobs) == 0
    assert len(market.export().truth) == 0


def test_fates_agree_with_the_record(settled):
    fates, exported = settled
    events = exported.events
    hired = events[events["kind"] == "hired"].groupby("job_id").size()
    paid = events[events["kind"] == "paid"].groupby("job_id")["value"].sum()
    stars = events[events["kind"] == "rated_freelancer"].groupby("job_id")["value"].agg(sorted)
    positions = exported.jobs.set_index("job_id")["positions"].fillna(1)
    for fate in fates:
        assert fate.hires == hired.get(fate.job_id, 0)
        assert fate.positions == positions[fate.job_id]
        assert fate.earnings_usd == pytest.approx(paid.get(fate.job_id, 0.0))
        assert sorted(fate.stars) == stars.get(fate.job_id, [])
        assert fate.satisfied <= fate.hires
    assert sum(fate.hires for fate in fates) > 20


def test_the_satisfied_are_those_who_had_their_work_completed_and_would_say_so_in_private():
    ratings = Ratings(private=1.0, severity=3.0)
    market = Market(SMALL.model_copy(update={"ratings": ratings}), seed=4)
    fates = run(market, policy_of_record(market.parameters))
    events = market.export().events
    keys = ["job_id", "freelancer_id"]
    done = events.loc[events["kind"] == "completed", keys]
    content = events[(events["kind"] == "rated_private") & (events["value"] > DISSATISFIED)]
    satisfied = done.merge(content[keys], on=keys).groupby("job_id").size()
    assert [fate.satisfied for fate in fates] == [satisfied.get(one.job_id, 0) for one in fates]
    assert 0 < satisfied.sum() < len(done)


def test_a_first_hire_is_counted_once_a_person(settled):
    fates, exported = settled
    hired = exported.events[exported.events["kind"] == "hired"]
    assert sum(fate.first_hires for fate in fates) == hired["freelancer_id"].nunique() < len(hired)
    assert all(fate.first_hires <= fate.hires for fate in fates)


def test_what_was_to_be_expected_is_the_truth(settled):
    fates, exported = settled
    truth = exported.truth_jobs["p_hires"]
    assert [fate.expected_hires for fate in fates] == truth.tolist()
    assert all(fate.expected_first_hires <= fate.expected_hires for fate in fates)
    expected = sum(fate.expected_first_hires for fate in fates)
    found = sum(fate.first_hires for fate in fates)
    assert abs(found - expected) < 4 * expected**0.5


def test_ndcg_of_a_list_is_1_at_best_and_unknown_where_nobody_could_be_hired(settled):
    fates, exported = settled
    known = [fate.ndcg for fate in fates if fate.ndcg is not None]
    assert len(known) > 0
    assert all(0 <= value <= 1 + 1e-9 for value in known)
    impossible = exported.truth_jobs["p_hires"] == 0
    assert [fate.ndcg is None for fate in fates] == impossible.tolist()


def test_newcomers_are_those_who_had_completed_nothing_when_the_job_was_posted(settled):
    fates, exported = settled
    events, posted = exported.events, exported.jobs.set_index("job_id")["posted_at"]
    first = events[events["kind"] == "completed"].groupby("freelancer_id")["at"].min()
    hired = events[events["kind"] == "hired"]
    known = hired["freelancer_id"].map(first) < hired["job_id"].map(posted)
    fresh = hired[~known].groupby("job_id").size()
    assert [fate.newcomers for fate in fates] == [fresh.get(fate.job_id, 0) for fate in fates]
    assert known.any()

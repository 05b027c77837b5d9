"""Contracts end well or badly, are paid, and get stars that are kinder than what was felt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.training.simulate.market_builders import LATE, a_post, a_world
from training.simulate.contracts import (
    DISSATISFIED,
    Contract,
    expected_quality,
    fixed_price,
    work_off,
)
from training.simulate.journal import Journal
from training.simulate.market import Market
from training.simulate.parameters import Ratings
from training.simulate.posts import Post

ALL_ANSWER = {"answered": 1.0, "private": 1.0, "drift": 0.0}
ROW = 1


@pytest.fixture(scope="module")
def world() -> Market:
    return a_world()


def with_severity(post: Post, severity: float) -> Post:
    return replace(post, client=replace(post.client, severity=severity))


def worked_off(
    world: Market,
    post: Post,
    *,
    times: int = 200,
    share: float = 0.5,
    seed: int = 0,
    **ratings: float,
) -> tuple[list[Contract], pd.DataFrame]:
    """What comes of so many contracts, and the events."""
    journal, rng = Journal(world.posts), np.random.default_rng(seed)
    contracts = [
        work_off(
            post,
            world.people,
            row=ROW,
            started_at=LATE,
            bid_usd=20.0,
            in_team=False,
            share=share,
            ratings=Ratings(**(ALL_ANSWER | ratings)),
            journal=journal,
            rng=rng,
        )
        for _ in range(times)
    ]
    ids, jobs = (np.array(each, object) for each in (world.people.ids, list_of_jobs(world)))
    return contracts, journal.frame(ids, jobs)


def list_of_jobs(world: Market) -> list[str]:
    return [post.id for post in world.posts]


def values(events: pd.DataFrame, kind: str) -> pd.Series:
    return events.loc[events["kind"] == kind, "value"]


def test_the_dissatisfied_say_so_in_private_and_in_public_unless_they_are_kind(world):
    harsh = with_severity(a_post(world), 20.0)
    _, honest = worked_off(world, harsh, kindness=0.0)
    contracts, kind = worked_off(world, harsh, kindness=1.0)
    assert (values(honest, "rated_private") <= DISSATISFIED).all()
    assert values(honest, "rated_freelancer").isin([1, 2, 3]).all()
    assert values(kind, "rated_freelancer").isin([4, 5]).all()
    assert (values(kind, "rated_private") <= DISSATISFIED).all()
    assert {contract.stars for contract in contracts} == {4.0, 5.0}


def test_whoever_is_dissatisfied_in_private_feels_as_after_a_broken_contract(world):
    fussy = with_severity(a_post(world), 2.0)
    contracts, events = worked_off(world, fussy)
    private = values(events, "rated_private")
    assert len(private) == len(contracts)
    assert 0 < sum(one.is_completed for one in contracts) < len(contracts)
    unhappy = {one.satisfaction for one in contracts if not one.is_completed}
    (broken_off,) = unhappy
    completed = [one.satisfaction for one in contracts if one.is_completed]
    assert broken_off in completed
    content = [felt for felt in completed if felt != broken_off]
    assert broken_off < 0 < min(content)
    assert len(content) <= (private > DISSATISFIED).sum() < len(completed)


def test_it_matters_not_whether_the_private_answer_is_given(world):
    fussy = with_severity(a_post(world), 2.0)
    told, silent = (worked_off(world, fussy, private=share)[0] for share in (1.0, 0.0))
    assert [one.satisfaction for one in told] == [one.satisfaction for one in silent]


def test_kindness_grows_over_the_span(world):
    harsh = with_severity(a_post(world), 20.0)
    _, early = worked_off(world, harsh, kindness=0.5, drift=1.0, share=0.0)
    _, late = worked_off(world, harsh, kindness=0.5, drift=1.0, share=1.0)
    assert (values(early, "rated_freelancer") <= 3).all()
    assert (values(late, "rated_freelancer") >= 4).all()


def test_the_easily_pleased_give_five_stars_and_like_whoever_finished(world):
    contracts, events = worked_off(world, with_severity(a_post(world), -20.0))
    assert (values(events, "rated_freelancer") == 5).all()
    assert (values(events, "rated_private") == 10).all()
    assert {contract.is_completed for contract in contracts} == {True, False}
    assert all((contract.satisfaction > 0) == contract.is_completed for contract in contracts)


def test_who_does_not_answer_leaves_no_stars(world):
    contracts, events = worked_off(world, a_post(world), answered=0.0, private=0.0)
    assert all(contract.stars is None for contract in contracts)
    assert not events["kind"].str.startswith("rated").any()


def test_stars_in_public_are_those_of_the_contract(world):
    contracts, events = worked_off(world, a_post(world), answered=0.5)
    stars = sorted(contract.stars for contract in contracts if contract.stars is not None)
    assert sorted(values(events, "rated_freelancer")) == stars
    assert 0.3 < len(stars) / len(contracts) < 0.7


def stars_back(world: Market, severity: float, **ratings: float) -> pd.Series:
    _, events = worked_off(world, with_severity(a_post(world), severity), **ratings)
    return values(events, "rated_client")


def test_clients_that_are_hard_to_please_get_fewer_stars(world):
    means = [stars_back(world, severity).mean() for severity in (-1.0, 0.0, 1.0)]
    assert means == sorted(means, reverse=True)
    assert means[0] > means[-1] + 0.3


def test_clients_that_broke_off_get_fewer_stars(world):
    post, given = with_severity(a_post(world), 1.5), {True: [], False: []}
    for seed in range(300):
        (contract,), events = worked_off(world, post, times=1, seed=seed)
        given[contract.is_completed] += list(values(events, "rated_client"))
    assert np.mean(given[True]) > np.mean(given[False]) + 0.2


def test_most_clients_get_five_stars(market):
    given = values(market.events, "rated_client")
    assert (given == 5).mean() == pytest.approx(0.7, abs=0.07)
    assert 4.55 < given.mean() < 4.8


def test_the_ratings_of_clients_differ_by_more_than_chance(world):
    severities = Ratings().severity * np.random.default_rng(1).standard_normal(20)
    each = [stars_back(world, severity) for severity in severities]
    between = np.var([one.mean() for one in each], ddof=1)
    within = np.mean([one.var() / len(one) for one in each])
    assert between > 3 * within


def test_stars_lie_within_the_scales(world):
    _, events = worked_off(world, a_post(world))
    assert values(events, "rated_freelancer").isin([1, 2, 3, 4, 5]).all()
    assert values(events, "rated_client").isin([1, 2, 3, 4, 5]).all()
    assert values(events, "rated_private").isin(range(11)).all()


def test_whatever_was_completed_is_paid_and_the_broken_off_at_most_in_part(world):
    contracts, events = worked_off(world, a_post(world))
    assert all(contract.paid_usd > 0 for contract in contracts if contract.is_completed)
    assert values(events, "paid").sum() == pytest.approx(sum(one.paid_usd for one in contracts))
    assert min(contract.paid_usd for contract in contracts if not contract.is_completed) == 0


def test_a_fixed_price_is_paid_to_the_cent(world):
    post = a_post(world)
    fixed = replace(post, row={**post.row, "payment": "fixed"})
    contracts, events = worked_off(world, fixed)
    price = fixed_price(fixed, 20.0)
    assert set(values(events, "hired")) == {price}
    assert {contract.paid_usd for contract in contracts if contract.is_completed} == {price}
    assert all(contract.paid_usd < price for contract in contracts if not contract.is_completed)


def test_work_by_the_hour_is_paid_for_the_hours_it_took(world):
    post = a_post(world)
    hourly = replace(post, row={**post.row, "payment": "hourly"})
    contracts, events = worked_off(world, hourly)
    assert set(values(events, "hired")) == {20.0}
    done = [contract for contract in contracts if contract.is_completed]
    length = np.array([contract.ended_at - contract.started_at for contract in done])
    paid = np.array([contract.paid_usd for contract in done])
    assert np.corrcoef(length, paid)[0, 1] > 0.99


def test_some_ask_for_more_after_work_that_was_completed_and_nobody_for_less(world):
    contracts, _ = worked_off(world, a_post(world))
    raised = [contract for contract in contracts if contract.raises != 1.0]
    assert 0 < len(raised) < 0.6 * len(contracts)
    assert all(contract.is_completed and contract.raises > 1 for contract in raised)


def test_a_contract_ends_after_it_starts_and_is_settled_after_it_ends(world):
    contracts, events = worked_off(world, a_post(world), times=1)
    start = pd.Timestamp("2024-01-01T00:00Z") + pd.Timedelta(seconds=contracts[0].started_at)
    at = events.groupby("kind")["at"].first()
    ended = at["completed" if contracts[0].is_completed else "cancelled"]
    assert at["hired"] == start < ended
    assert (at.drop(["hired", "completed", "cancelled"], errors="ignore") > ended).all()


def test_more_is_expected_of_the_good_the_skilled_and_the_specialists():
    world = a_world()
    post, rows = a_post(world), np.arange(3)
    world.people.quality[:3] = 0
    world.people.strength[:, :3] = 0.5
    world.people.affinity[:, :3] = 0.5
    same = expected_quality(post, world.people, rows)
    assert same[0] == same[1] == same[2]
    world.people.quality[0] = 1
    world.people.strength[post.needs, 1] = 0.9
    world.people.affinity[post.niche, 2] = 0.9
    assert np.all(expected_quality(post, world.people, rows) > same)

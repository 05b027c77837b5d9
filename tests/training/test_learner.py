"""A learning policy knows what a platform knows at the posting, and nothing else."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from types import SimpleNamespace

import numpy as np
import pytest

from matcher.marketplace import Marketplace
from matcher.roster import Jobs
from tests.fakes import FakeEncoder
from tests.small_market import a_run, an_empty_market
from training.build import train
from training.learner import Learned, job_posted, moment_at
from training.simulate.market import Market
from training.simulate.parameters import Parameters
from training.simulate.people import DAY
from training.simulate.policies import Ask, Popularity, Slate

SIZES = Parameters(freelancers=150, jobs=300, days=120)
PARTED = 80


@dataclass
class Watched:
    """A policy that remembers what it was asked, and what it answered."""

    policy: Learned | Popularity
    asks: list[Ask] = field(default_factory=list)
    slates: list[Slate] = field(default_factory=list)
    name = "watched"

    def slate(self, ask: Ask) -> Slate:
        self.asks.append(ask)
        self.slates.append(self.policy.slate(ask))
        return self.slates[-1]


class Frozen:
    """The tables of a market as they are in the end, whenever they are asked for."""

    def __init__(self, market: Market, tables: Marketplace | None = None) -> None:
        self.people = SimpleNamespace(ids=market.people.ids)
        self._tables = market.tables() if tables is None else tables
        self.asked = 0

    def tables(self) -> Marketplace:
        self.asked += 1
        return self._tables


def a_learner(market: Market | Frozen, **options: object) -> Learned:
    return Learned(market, run=a_run(), encoder=FakeEncoder(), **options)


def a_public_ask(market: Market, number: int, *, at: int, seats: int = 5) -> SimpleNamespace:
    """What a platform knows of a post: without a state, truth or luck to look at."""
    post = SimpleNamespace(row=market.posts[number].row, at=at)
    return SimpleNamespace(post=post, pool=market.people.pool_size(at), seats=seats)


@pytest.fixture(scope="module")
def past() -> Market:
    market = Market(SIZES, seed=3)
    while market.day < PARTED:
        market.step(Popularity())
    return market


@pytest.fixture(scope="module")
def over(past: Market) -> Market:
    """The same market when it is over."""
    market = copy.deepcopy(past)
    while not market.is_over:
        market.step(Popularity())
    return market


@pytest.fixture(scope="module")
def watched(past: Market) -> Watched:
    """A learner that filled the lists of ten days."""
    market = copy.deepcopy(past)
    policy = Watched(a_learner(market))
    while market.day < PARTED + 10:
        market.step(policy)
    return policy


def test_lists_hold_distinct_people_of_the_pool_and_no_more_than_there_are_seats(watched):
    assert len(watched.slates) > 15
    for ask, slate in zip(watched.asks, watched.slates, strict=True):
        assert len(slate.rows) == ask.seats
        assert len(set(slate.rows.tolist())) == len(slate.rows)
        assert 0 <= slate.rows.min() <= slate.rows.max() < ask.pool
        assert (slate.propensity == 1).all()


def test_where_the_run_explores_seats_are_drawn_by_seed_with_their_chance(watched, over):
    def shown(seed: int, ask: Ask) -> Slate:
        run = a_run(exploration={"share": 0.5})
        return Learned(Frozen(over), run=run, encoder=FakeEncoder(), seed=seed).slate(ask)

    ask = watched.asks[0]
    one, again = shown(7, ask), shown(7, ask)
    assert one.rows.tolist() == again.rows.tolist()
    assert one.propensity.tolist() == again.propensity.tolist()
    assert len(set(one.rows.tolist())) == ask.seats
    assert ((one.propensity > 0) & (one.propensity <= 1)).all()
    drawn = one.rows[one.propensity < 1]
    assert 0 < len(drawn) <= ask.seats / 2
    certain = one.rows[one.propensity == 1]
    assert certain[: ask.seats // 2].tolist() == watched.slates[0].rows[: ask.seats // 2].tolist()


def test_lists_differ_from_those_of_popularity(watched):
    named = [set(Popularity().slate(ask).rows) for ask in watched.asks]
    own = [set(slate.rows) for slate in watched.slates]
    assert np.mean([len(a & b) / len(b) for a, b in zip(named, own, strict=True)]) < 0.9


def test_what_happens_later_changes_no_list(watched, over):
    first = watched.asks[0]
    again = a_learner(Frozen(over)).slate(first)
    assert again.rows.tolist() == watched.slates[0].rows.tolist()


def test_the_truth_is_never_looked_at(over):
    slate = a_learner(Frozen(over)).slate(a_public_ask(over, -1, at=PARTED * DAY, seats=5))
    assert len(slate.rows) == 5


def test_a_job_is_the_one_that_the_tables_hold(over):
    records = Jobs.of(over.tables().jobs).records
    assert tuple(job_posted(post.row) for post in over.posts) == records


def test_the_record_is_read_every_so_many_days_and_learned_from_less_often(over, monkeypatch):
    trained = []

    def counted(*tables, **options):
        trained.append(options["until"])
        return train(*tables, **options)

    monkeypatch.setattr("training.learner.train", counted)
    market = Frozen(over)
    policy = a_learner(market, retrain_days=20, refresh_days=5)
    days = (80, 84, 86, 89, 92, 101, 102)  # 80 and 101 train, 86 and 92 read, the others do neither
    for day in days:
        policy.slate(a_public_ask(over, -1, at=day * DAY))
    assert trained == [moment_at(80 * DAY), moment_at(101 * DAY)]
    assert market.asked == 4


def test_a_young_market_is_served_before_there_is_anything_to_learn():
    market = Market(SIZES, seed=3)
    market.step(Popularity())
    policy = Watched(a_learner(market))
    while not policy.slates:
        market.step(policy)
    assert len(policy.slates[0].rows) == policy.asks[0].seats


def test_where_the_engine_knows_nobody_the_most_hired_are_shown(past):
    market = copy.deepcopy(past)
    policy = Watched(Popularity())
    while not policy.asks:
        market.step(policy)
    ask = policy.asks[0]
    shown = a_learner(Frozen(market, an_empty_market())).slate(ask)
    assert len(shown.rows) == ask.seats
    assert shown.rows.max() < ask.pool

"""Every policy fills lists that are fair to read: of the pool, nobody twice, chances as stated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import chisquare

from tests.training.simulate.market_builders import a_contract, a_slate, a_world, an_ask
from training.simulate.market import Market
from training.simulate.parameters import Parameters
from training.simulate.policies import (
    Ask,
    Exploring,
    Nobody,
    Policy,
    Popularity,
    Shuffle,
    Slate,
    Suited,
    asked_skills,
)
from training.simulate.recording import policy_of_record
from training.simulate.vocabulary import categories

LUCKS = 4_000
FIRST = next(iter(categories()))


@dataclass(frozen=True)
class Fixed:
    """The same list for everybody."""

    rows: tuple[int, ...]
    name: str = "fixed"

    def slate(self, ask: Ask) -> Slate:
        return a_slate(*self.rows[: ask.seats])


POLICIES: tuple[Policy, ...] = (
    Popularity(),
    Shuffle(),
    Nobody(),
    Suited(),
    Exploring(Popularity(), 0.3),
)


@pytest.fixture
def world() -> Market:
    return a_world()


def hire(world: Market, row: int, *, category: int = 0, times: int = 1) -> None:
    for _ in range(times):
        world.state.expect(a_contract(row=row, category=category))
    world.state.advance(100)


def inclusion(policy: Policy, world: Market, *, pool: int, seats: int) -> dict[int, float]:
    """Row -> share of lists that it is on."""
    slates = (
        policy.slate(an_ask(world, pool=pool, seats=seats, luck=luck)) for luck in range(LUCKS)
    )
    counts = Counter(int(row) for slate in slates for row in slate.rows)
    return {row: count / LUCKS for row, count in counts.items()}


def stated(policy: Policy, world: Market, *, pool: int, seats: int) -> dict[int, set[float]]:
    """Row -> the propensities that its seats come with."""
    found: dict[int, set[float]] = {}
    for luck in range(200):
        slate = policy.slate(an_ask(world, pool=pool, seats=seats, luck=luck))
        for row, propensity in zip(slate.rows, slate.propensity, strict=True):
            found.setdefault(int(row), set()).add(round(float(propensity), 9))
    return found


def assert_honest(policy: Policy, world: Market, *, pool: int, seats: int) -> None:
    often = inclusion(policy, world, pool=pool, seats=seats)
    for row, propensities in stated(policy, world, pool=pool, seats=seats).items():
        (p,) = propensities
        assert abs(often[row] - p) <= 4.5 * np.sqrt(p * (1 - p) / LUCKS), (row, often[row], p)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
@pytest.mark.parametrize(("pool", "seats"), [(60, 12), (60, 1), (12, 12), (4, 12), (3, 3)])
def test_a_list_is_of_the_pool_nobody_twice_and_no_longer_than_asked(policy, pool, seats, world):
    for luck in range(20):
        slate = policy.slate(an_ask(world, pool=pool, seats=seats, luck=luck))
        assert len(set(slate.rows.tolist())) == len(slate.rows) <= seats
        assert len(slate.rows) >= min(pool, seats) or policy.name == "nobody"
        assert np.all((slate.rows >= 0) & (slate.rows < pool))
        assert slate.propensity.shape == slate.rows.shape
        assert np.all((slate.propensity > 0) & (slate.propensity <= 1))


@pytest.mark.parametrize(
    "policy",
    [Popularity(), Suited(), Shuffle(), Nobody(), Exploring(Popularity(), 0.3)],
    ids=lambda policy: policy.name,
)
def test_an_empty_pool_gets_an_empty_list(policy, world):
    slate = policy.slate(an_ask(world, pool=0))
    assert slate.rows.shape == slate.propensity.shape == (0,)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_the_same_luck_gives_the_same_list(policy, world):
    first, second = (policy.slate(an_ask(world, luck=5)) for _ in range(2))
    assert first.rows.tolist() == second.rows.tolist()
    assert first.propensity.tolist() == second.propensity.tolist()


def test_the_popular_are_those_hired_most_in_the_category(world):
    hire(world, 3, times=3)
    hire(world, 8, times=2)
    hire(world, 5, category=1, times=9)
    ask = an_ask(world, seats=2, category=FIRST)
    assert Popularity().slate(ask).rows.tolist() == [3, 8]


def test_where_the_category_is_unknown_every_hire_counts(world):
    hire(world, 3, times=3)
    hire(world, 5, category=1, times=9)
    ask = an_ask(world, seats=2, category=None)
    assert Popularity().slate(ask).rows.tolist() == [5, 3]


def test_the_popular_who_join_later_are_not_listed(world):
    hire(world, 50, times=3)
    ask = an_ask(world, pool=50, category=FIRST)
    assert 50 not in Popularity().slate(ask).rows


def test_popularity_that_leaves_no_choice_is_certain(world):
    for row in range(5):
        hire(world, row, times=row + 1)
    slate = Popularity().slate(an_ask(world, seats=3, category=FIRST))
    assert slate.rows.tolist() == [4, 3, 2]
    assert slate.propensity.tolist() == [1, 1, 1]


@pytest.mark.parametrize("policy", [Popularity(), Suited()], ids=lambda policy: policy.name)
def test_a_tie_is_drawn_and_its_propensity_says_so(policy, world):
    assert_honest(policy, world, pool=10, seats=4)


def test_the_suited_list_what_the_post_lists(world):
    claims = [("Python", 7), ("SQL", 7), ("SQL", 2), ("React", 9)]
    ask = an_ask(world, seats=2, claims=claims, skills=("py", "structured queries"))
    assert Suited().slate(ask).rows.tolist() == [7, 2]


def test_of_two_who_are_suited_the_more_hired_comes_first(world):
    hire(world, 4)
    ask = an_ask(world, seats=2, claims=[("SQL", 7), ("SQL", 4)], skills=("SQL",), category=FIRST)
    assert Suited().slate(ask).rows.tolist() == [4, 7]


def test_where_no_skills_are_listed_the_suited_are_the_popular(world):
    hire(world, 3, times=2)
    hire(world, 8)
    ask = an_ask(world, seats=2, claims=[("SQL", 7)], skills=None, category=FIRST)
    assert Suited().slate(ask).rows.tolist() == [3, 8]


def test_whatever_a_post_lists_is_a_skill():
    for post in a_world(jobs=400).posts:
        assert len(asked_skills(post)) == len(post.row["skills"] or ())


def test_a_shuffle_gives_everybody_the_same_chance_which_it_states(world):
    often = inclusion(Shuffle(), world, pool=10, seats=4)
    propensities = stated(Shuffle(), world, pool=10, seats=4)
    assert set(map(tuple, propensities.values())) == {(0.4,)}
    # The seats of one list exclude each other, so this is less spread than a multinomial.
    assert chisquare([often[row] for row in range(10)], np.full(10, 0.4)).statistic < 0.02
    firsts = Counter(
        int(Shuffle().slate(an_ask(world, pool=10, luck=luck)).rows[0]) for luck in range(LUCKS)
    )
    assert chisquare([firsts[row] for row in range(10)]).pvalue > 1e-3


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_exploring_states_how_often_each_is_on_a_list(share, world):
    assert_honest(Exploring(Fixed((7, 1, 4)), share), world, pool=10, seats=3)


def test_exploring_a_pool_that_fits_the_list_is_certain(world):
    slate = Exploring(Fixed((0, 1, 2)), 0.3).slate(an_ask(world, pool=3, seats=5))
    assert slate.propensity == pytest.approx([1, 1, 1])


def test_the_record_explores_as_much_as_it_is_told_to():
    plain = policy_of_record(Parameters(exploration=0))
    explored = policy_of_record(Parameters(exploration=0.25))
    assert explored.name == f"{plain.name}, 25% at random"

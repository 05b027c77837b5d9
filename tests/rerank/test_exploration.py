"""Seats for the uncertain: the declared share, exact propensities, the same list for a seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.rerank.exploration import Exploration, inclusion, upper_bound

N = 30
CHANCE = np.linspace(0.4, 0.01, N).astype(np.float32)
HIRES = np.where(np.arange(N) % 3 == 0, 0, 9).astype(np.float32)
NEW = np.flatnonzero(HIRES == 0)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.3, 1.0])
def test_a_propensity_is_the_frequency_over_ten_thousand_seeds(share):
    exploration = Exploration(share=share)
    count, told = np.zeros(N), np.full(N, np.nan)
    draws = 10_000
    for seed in range(draws):
        seats = exploration.seats(CHANCE, HIRES, k=8, seed=seed)
        count[seats.places] += 1
        told[seats.places] = seats.propensity
    shown = count > 0
    error = np.sqrt(told[shown] * (1 - told[shown]) / draws)
    assert (np.abs(count[shown] / draws - told[shown]) <= 4.5 * error + 1e-9).all()
    assert told[shown].sum() == pytest.approx(8, abs=1e-4)


@pytest.mark.parametrize(("share", "k", "drawn"), [(0.25, 8, 2), (0.5, 8, 4), (0.0, 8, 0)])
def test_the_declared_share_of_the_seats_is_drawn(share, k, drawn):
    seats = Exploration(share=share).seats(CHANCE, HIRES, k=k, seed=1)
    assert seats.explored.sum() == drawn
    assert (HIRES[seats.places[seats.explored]] < 3).all()


def test_a_broken_share_holds_on_average():
    drawn = [
        Exploration(share=0.3).seats(CHANCE, HIRES, k=8, seed=seed).explored.sum()
        for seed in range(2_000)
    ]
    assert set(drawn) == {2, 3}
    assert np.mean(drawn) == pytest.approx(2.4, abs=0.05)


def test_without_exploration_the_list_is_the_pools_own_and_certain():
    seats = Exploration().seats(CHANCE, HIRES, k=8, seed=5)
    assert seats.places.tolist() == list(range(8))
    assert seats.propensity.tolist() == [1.0] * 8
    assert not seats.explored.any()


def test_the_same_seed_draws_the_same_list_and_others_differ():
    exploration = Exploration(share=0.25)

    def places(seed: int) -> list[int]:
        return exploration.seats(CHANCE, HIRES, k=8, seed=seed).places.tolist()

    assert places(3) == places(3)
    assert len({tuple(places(seed)) for seed in range(50)}) > 5


def test_those_by_score_keep_their_order_and_the_drawn_are_spread():
    seats = Exploration(share=0.25).seats(CHANCE, HIRES, k=8, seed=3)
    assert seats.places[~seats.explored].tolist() == list(range(6))
    assert np.flatnonzero(seats.explored).tolist() == [2, 6]  # the middles of two stretches


def test_whoever_is_likelier_by_the_optimistic_estimate_is_drawn_more_often():
    behind = np.flatnonzero((HIRES < 3) & (np.arange(N) >= 6))
    plan = [Exploration(share=0.25).seats(CHANCE, HIRES, k=8, seed=seed) for seed in range(400)]
    told = {
        int(p): float(q) for one in plan for p, q in zip(one.places, one.propensity, strict=True)
    }
    known = [told[int(place)] for place in behind if int(place) in told]
    assert known == sorted(known, reverse=True)


@settings(max_examples=60)
@given(
    st.integers(0, 12),
    st.integers(1, 15),
    st.floats(0, 1),
    st.integers(0, 2**32),
    st.lists(st.sampled_from([0.0, 1.0, 5.0]), min_size=12, max_size=12),
)
def test_any_pool_fills_its_seats_once_with_known_propensities(n, k, share, seed, hires):
    chance = np.linspace(0.5, 0.1, n).astype(np.float32)
    seats = Exploration(share=share).seats(chance, np.array(hires[:n], np.float32), k=k, seed=seed)
    assert len(seats.places) == min(n, k)
    assert len(set(seats.places.tolist())) == min(n, k)
    assert ((seats.propensity > 0) & (seats.propensity <= 1 + 1e-6)).all()


@pytest.mark.parametrize(("among", "drawn_among"), [(1, 2), (2, 4), (99, 8)])
def test_a_seat_is_drawn_among_the_best_of_the_uncertain(among, drawn_among):
    exploration = Exploration(share=0.25, among=among)
    plans = [exploration.seats(CHANCE, HIRES, k=8, seed=seed) for seed in range(400)]
    drawn = {int(place) for one in plans for place in one.places[one.explored]}
    behind = NEW[NEW >= 6]
    assert drawn == set(behind[:drawn_among].tolist())


def test_one_seat_of_a_list_lies_in_its_middle_and_not_at_its_end():
    seats = Exploration(share=1 / 12).seats(CHANCE, HIRES, k=12, seed=1)
    assert np.flatnonzero(seats.explored).tolist() == [6]


def test_where_everybody_is_known_nothing_is_drawn():
    seats = Exploration(share=0.5).seats(CHANCE, np.full(N, 9, np.float32), k=8, seed=1)
    assert seats.places.tolist() == list(range(8))
    assert not seats.explored.any()


def test_an_unknown_chance_still_has_some():
    chance = np.full(N, np.nan, np.float32)
    seats = Exploration(share=0.5).seats(chance, np.zeros(N, np.float32), k=8, seed=1)
    assert seats.explored.sum() == 4
    assert (seats.propensity > 0).all()


def test_fewer_hires_make_an_estimate_more_optimistic():
    chance = np.full(3, 0.2, np.float32)
    bounds = upper_bound(chance, np.array([0, 3, 100], np.float32))
    assert bounds[0] > bounds[1] > bounds[2] > 0.2


def test_inclusion_probabilities_add_up_and_never_exceed_one():
    share = inclusion(np.array([10.0, 1.0, 1.0, 0.0]), 2)
    assert share.tolist() == [1.0, 0.5, 0.5, 0.0]
    assert inclusion(np.zeros(3), 2).tolist() == [0.0, 0.0, 0.0]
    assert inclusion(np.ones(2), 5).tolist() == [1.0, 1.0]

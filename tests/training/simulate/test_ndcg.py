"""NDCG by the truth: 1 for the best ten in their order, unknown where nobody has a chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.simulate.ndcg import ndcg

CHANCES = st.lists(st.floats(1e-6, 1), min_size=1, max_size=25).map(np.array)


def test_a_seat_counts_what_its_holder_is_worth_less_the_further_down():
    chance = np.array([0.5, 0.25, 0.0])
    ideal = 0.5 + 0.25 / np.log2(3)
    assert ndcg(chance, np.array([1, 0])) == pytest.approx((0.25 + 0.5 / np.log2(3)) / ideal)
    assert ndcg(chance, np.array([2, 0])) == pytest.approx(0.5 / np.log2(3) / ideal)


def test_somebody_of_another_trade_brings_nothing():
    chance = np.array([0.5, 0.25])
    ideal = 0.5 + 0.25 / np.log2(3)
    assert ndcg(chance, np.array([-1, 0])) == pytest.approx(0.5 / np.log2(3) / ideal)
    assert ndcg(chance, np.array([-1])) == 0


def test_seats_beyond_the_tenth_do_not_count():
    chance = np.array([0.5, *[0.0] * 10])
    assert ndcg(chance, np.array([*range(1, 11), 0])) == 0


def test_an_empty_list_is_worth_nothing_and_an_empty_pool_is_unknown():
    nobody = np.zeros(0, np.int64)
    assert ndcg(np.array([0.5]), nobody) == 0
    assert ndcg(np.zeros(3), np.array([0, 1])) is None
    assert ndcg(np.zeros(0), nobody) is None
    assert ndcg(np.zeros(0), np.array([-1, -1])) is None


@given(CHANCES)
def test_the_best_in_their_order_are_the_ideal_and_no_order_is_better(chance):
    best = np.argsort(-chance, kind="stable")
    assert ndcg(chance, best) == pytest.approx(1)
    assert 0 < ndcg(chance, best[::-1]) <= 1 + 1e-9

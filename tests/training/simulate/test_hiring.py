"""Hires are drawn with exactly the chances given."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.simulate.hiring import draw_hires


@given(
    chances=st.lists(st.floats(0, 1), max_size=30),
    positions=st.integers(1, 3),
    seed=st.integers(0, 1_000),
)
def test_fills_no_more_seats_than_there_are_and_nobody_twice(chances, positions, seed):
    p = np.array(chances, dtype=np.float64)
    p /= max(1.0, p.sum() / positions)
    rows = draw_hires(p, positions=positions, rng=np.random.default_rng(seed))
    assert len(rows) <= positions
    assert len(set(rows)) == len(rows)
    assert all(p[row] > 0 for row in rows)


def test_everybody_is_drawn_as_often_as_promised():
    p, draws = np.array([0.9, 0.5, 0.1, 0.0, 0.3]), 4_000
    rng = np.random.default_rng(0)
    counts = np.zeros(5)
    for _ in range(draws):
        counts[draw_hires(p, positions=2, rng=rng)] += 1
    noise = np.sqrt(p * (1 - p) / draws)
    assert np.all(np.abs(counts / draws - p) <= 4 * noise)


def test_an_empty_pool_hires_nobody():
    assert draw_hires(np.zeros(0), positions=2, rng=np.random.default_rng(0)) == []

"""The index is the formula, and its noise level is what chance really does."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.stability import FLOOR, noise_level, psi, reading, resamples

COUNTS = st.lists(st.integers(0, 10**6), min_size=4, max_size=4).filter(any)


def test_the_index_is_the_formula():
    assert psi([50, 50], [80, 20]) == pytest.approx(0.3 * math.log(0.8 / 0.2))
    expected = (0.5 - 0.25) * math.log(0.5 / 0.25) + (0.25 - 0.5) * math.log(0.25 / 0.5)
    assert psi([1, 2, 1], [20, 10, 10]) == pytest.approx(expected)


def test_an_empty_bin_counts_as_the_floor():
    expected = 2 * (1 - FLOOR) * math.log(1 / FLOOR)
    assert psi([9, 0], [0, 4]) == pytest.approx(expected)


@given(COUNTS, COUNTS, st.permutations(range(4)))
def test_it_is_symmetric_never_negative_and_blind_to_the_order_of_bins(one, other, order):
    index = psi(one, other)
    assert index >= 0
    assert psi(other, one) == pytest.approx(index)
    turned = psi([one[place] for place in order], [other[place] for place in order])
    assert turned == pytest.approx(index)


@given(COUNTS, st.integers(1, 50))
def test_a_population_twice_as_large_but_alike_has_not_moved(counts, times):
    assert psi(counts, [times * one for one in counts]) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("index", "noise", "word"),
    [
        (0.0999, 0.0, "stable"),
        (0.1, 0.0, "moderate"),
        (0.25, 0.2, "moderate"),
        (0.2501, 0.2, "large"),
        (0.2501, 0.2501, "noise"),
        (9.0, math.inf, "noise"),
        (0.05, math.inf, "stable"),
    ],
)
def test_an_index_is_read_as_usual_unless_chance_may_do_as_much(index, noise, word):
    assert reading(index, noise=noise) == word


def halves(rng: np.random.Generator, *, together: float) -> tuple[np.ndarray, np.ndarray]:
    """Two samples of 60 lists of 40 pairs over 4 bins; `together` of each list is of one bin."""

    def sample() -> np.ndarray:
        rows = []
        for _ in range(60):
            own = round(40 * together)
            rows.append(rng.multinomial(40 - own, np.full(4, 0.25)))
            rows[-1][rng.integers(4)] += own
        return np.array(rows, np.float64)

    return sample(), sample()


@pytest.mark.parametrize("together", [0.0, 0.5, 1.0])
def test_chance_alone_exceeds_the_noise_level_about_once_in_twenty(together):
    """However much the pairs of a list have in common."""
    rng, drawn, exceeded = np.random.default_rng(1), resamples(60), 0
    for _ in range(200):
        then, now = halves(rng, together=together)
        noise = noise_level(now, drawn, lists_then=60)
        exceeded += psi(then.sum(axis=0), now.sum(axis=0)) > noise
    assert 2 <= exceeded <= 20


def test_pairs_that_move_together_are_noisier():
    rng = np.random.default_rng(2)
    loose, tight = (halves(rng, together=share)[1] for share in (0.0, 1.0))
    drawn = resamples(60)
    assert noise_level(tight, drawn, lists_then=60) > 5 * noise_level(loose, drawn, lists_then=60)


def test_a_single_list_tells_nothing_and_a_constant_has_no_noise():
    assert noise_level(np.array([[3.0, 4.0]]), resamples(1), lists_then=100) == math.inf
    assert noise_level(np.array([[0.0, 4.0], [0.0, 9.0]]), resamples(2), lists_then=9) == 0

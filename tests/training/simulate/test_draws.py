"""Draws that leave little to luck."""

from __future__ import annotations

import numpy as np
import pytest

from training.simulate.draws import spread_out


@pytest.mark.parametrize("count", [0, 1, 2, 5_000])
def test_every_stratum_is_drawn_once(count):
    drawn = spread_out(count, np.random.default_rng(1))
    assert len(drawn) == count
    assert sorted(drawn) == pytest.approx(sorted(-np.asarray(drawn)))  # symmetric around 0
    other = spread_out(count, np.random.default_rng(2))
    assert sorted(drawn) == sorted(other)


def test_a_large_draw_is_standard_normal_and_in_no_order():
    drawn = spread_out(5_000, np.random.default_rng(1))
    assert np.mean(drawn) == pytest.approx(0.0, abs=1e-9)
    assert np.std(drawn) == pytest.approx(1.0, abs=0.01)
    assert abs(np.corrcoef(drawn, np.arange(5_000))[0, 1]) < 0.05

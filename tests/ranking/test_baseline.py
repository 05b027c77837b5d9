from __future__ import annotations

import numpy as np
import pytest

from matcher.ranking.baseline import WeightedSum

RANKER = WeightedSum.of(("rate", "unlisted", "skills"), {"skills": 2.0, "rate": -1.0, "gone": 9.0})


def test_adds_weight_times_value_by_name():
    scores = RANKER.score(np.array([[3, 100, 4], [0, 5, 0]], np.float32))
    assert scores.tolist() == [3 * -1 + 4 * 2, 0]
    assert scores.dtype == np.float32


def test_an_unknown_value_adds_nothing():
    assert RANKER.score(np.array([[np.nan, np.nan, 4]], np.float32)).tolist() == [4 * 2]


def test_contributions_add_up_to_the_score():
    matrix = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    assert RANKER.contributions(matrix).sum(axis=1) == pytest.approx(RANKER.score(matrix))


def test_nobody_has_no_scores():
    assert RANKER.score(np.zeros((0, 3), np.float32)).shape == (0,)

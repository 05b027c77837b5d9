"""What was learned has to prove itself before a chance is told."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.signup.catalog import SIGNUP_FEATURES
from training.screening import rule
from training.screening.fit import LEAST, Screen, area, fit

NAMES = SIGNUP_FEATURES.names
TELLING = NAMES.index("skill_demand")


def people(rows: int, *, rate: float = 0.3, seed: int = 1, is_told: bool = True):
    """Whether they are hired depends on one column, or on nothing."""
    rng = np.random.default_rng(seed)
    matrix = rng.random((rows, len(NAMES))).astype(np.float32)
    chance = np.where(matrix[:, TELLING] > 0.5, 1.8, 0.2) * rate if is_told else rate
    return matrix, rng.random(rows) < chance


@cache
def learned() -> Screen:
    return fit(*people(1500), seed=7)


def test_what_foretells_later_joiners_is_told_as_a_calibrated_chance():
    matrix, happened = people(1500, seed=2)
    assert learned().why_not is None
    assert learned().level is not None
    told = learned().probabilities(matrix)
    high = matrix[:, TELLING] > 0.5
    assert told[high].mean() == pytest.approx(0.54, abs=0.08)
    assert told[~high].mean() == pytest.approx(0.06, abs=0.05)
    assert area(learned().scores(matrix), happened) > 0.75


def test_what_foretells_nothing_is_not_told():
    told_by_chance = [
        fit(*people(400, seed=seed, is_told=False), seed=7).trees is not None for seed in range(12)
    ]
    assert sum(told_by_chance) <= 3
    matrix, happened = people(400, seed=3, is_told=False)
    screen = fit(matrix, happened, seed=7)
    assert np.isnan(screen.probabilities(matrix)).all()
    assert "no better than chance" in str(screen.why_not)
    assert screen.base_rate == happened.mean()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_all_ended_alike_nothing_is_learned(share):
    matrix, _ = people(200)
    screen = fit(matrix, np.full(200, bool(share)), seed=7)
    assert screen.trees is None
    assert screen.base_rate == share
    assert f"learning takes {LEAST}" in str(screen.why_not)


def test_of_nobody_nothing_is_learned():
    screen = fit(np.zeros((0, len(NAMES)), np.float32), np.zeros(0, np.bool_), seed=7)
    assert (screen.trees, screen.base_rate) == (None, None)


def test_hires_that_all_came_early_prove_nothing():
    matrix, _ = people(500)
    screen = fit(matrix, np.arange(500) < 100, seed=7)
    assert screen.trees is None


def test_the_latest_outcomes_are_never_learned_from():
    """They prove and calibrate; turned around, they leave the same trees, or none."""
    matrix, happened = people(1500)
    turned = happened.copy()
    later = np.arange(1500) >= 1200
    turned[later] = np.roll(happened[later], 1)
    refitted = fit(matrix, turned, seed=7)
    assert refitted.trees is None or refitted.trees.text == learned().trees.text


def test_the_same_seed_learns_the_same():
    assert fit(*people(1500), seed=7).trees.text == learned().trees.text
    assert fit(*people(1500), seed=8).trees.text != learned().trees.text


def test_the_rule_adds_three_parts_between_0_and_1():
    matrix = np.full((2, len(NAMES)), np.nan, np.float32)
    matrix[1, NAMES.index("completeness")] = 0.5
    matrix[1, NAMES.index("skill_demand_to_supply")] = 3.0
    matrix[1, NAMES.index("near_similarity")] = 0.25
    assert rule.scores(matrix, NAMES).tolist() == [0, 0.5 + 3 / 4 + 0.25]


def test_what_the_rule_adds_beyond_the_usual_sums_to_nothing():
    matrix = people(50)[0]
    added = rule.contributions(matrix, NAMES, usual=matrix)
    assert added.sum(axis=0) == pytest.approx(np.zeros(len(NAMES)), abs=1e-4)
    assert set(np.flatnonzero(added.any(axis=0))) == {NAMES.index(one) for one in rule.PARTS}


@given(st.lists(st.tuples(st.integers(-5, 5), st.booleans()), min_size=1, max_size=40))
def test_the_area_counts_pairs_in_order(pairs):
    scores = np.array([score for score, _ in pairs], float)
    came = np.array([happened for _, happened in pairs])
    yes, no = scores[came], scores[~came]
    if len(yes) * len(no) == 0:
        assert np.isnan(area(scores, came))
        return
    wins = (yes[:, None] > no).mean() + (yes[:, None] == no).mean() / 2
    assert area(scores, came) == pytest.approx(wins)
    assert area(-scores, came) == pytest.approx(1 - wins)

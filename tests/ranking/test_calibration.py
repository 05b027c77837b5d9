from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.ranking.calibration import Isotonic, Level, Untrained, log_shares

scores = st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=30).map(
    lambda values: np.array(values, np.float32)
)
STEPS = Isotonic(np.array([-4.0, -1.0, -0.1]), np.array([0.0, 0.2, 0.9]))


def two(better: float, worse: float) -> np.ndarray:
    return np.array([better, worse], np.float32)


@given(scores)
def test_shares_of_a_list_add_up_to_one(values):
    shares = np.exp(log_shares(values))
    assert shares.sum() == pytest.approx(1)
    assert (log_shares(values) <= 0).all()


@given(scores)
def test_a_probability_lies_in_its_range_and_never_falls_with_the_score(values):
    found = STEPS.probabilities(values, pace=1.0)
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found[np.argsort(values, kind="stable")]) >= 0).all()


def test_only_differences_within_a_list_matter():
    near, far = (STEPS.probabilities(two(*one), pace=1.0) for one in ((3, 1), (103, 101)))
    assert near.tolist() == far.tolist()


def test_a_share_between_two_steps_is_interpolated():
    share = np.log(np.exp(2) / (np.exp(2) + 1))
    expected = np.interp(share, STEPS.expected, STEPS.rates)
    assert STEPS.probabilities(two(2, 0), pace=1.0)[0] == pytest.approx(expected)


def test_learns_the_frequency_of_hires_at_each_share():
    """Of the favourites three in four are hired, of the others one in four."""
    lists = [two(2, 0)] * 4
    hired = [two(1, 0), two(1, 0), two(1, 0), two(0, 1)]
    fitted = Isotonic.fit(lists, hired, paces=[1.0] * 4)
    assert fitted.probabilities(two(5, 3), pace=1.0) == pytest.approx([3 / 4, 1 / 4])


def test_a_market_that_hires_more_a_job_is_promised_more():
    favourite, nobody = two(1, 0), two(0, 0)
    hired = [favourite, nobody] * 10 + [favourite] * 20
    fitted = Isotonic.fit([two(9, 0)] * 40, hired, paces=[0.5] * 20 + [1.0] * 20)
    for pace, promised in ((0.5, 0.5), (1.0, 1.0), (0.75, np.interp(0.75, [0.5, 1], [0.5, 1]))):
        told = fitted.probabilities(two(9, 0), pace=pace)[0]
        assert told == pytest.approx(promised, abs=0.1)


def test_an_order_that_outcomes_contradict_is_levelled():
    fitted = Isotonic.fit([two(2, 0)] * 4, [two(0, 1)] * 4, paces=[1.0] * 4)
    assert fitted.probabilities(two(2, 0), pace=1.0) == pytest.approx([1 / 2, 1 / 2])


def test_scores_beyond_those_seen_stay_at_the_edge():
    fitted = Isotonic.fit([two(2, 0)] * 4, [two(1, 0)] * 4, paces=[1.0] * 4)
    assert fitted.probabilities(two(1000, 0), pace=1.0) == pytest.approx([1, 0])


def test_an_empty_list_has_no_probabilities():
    for calibrator in (STEPS, Untrained()):
        found = calibrator.probabilities(np.zeros(0, np.float32), pace=1.0)
        assert (found.shape, found.dtype) == ((0,), np.float32)


def test_without_training_nothing_is_promised():
    assert np.isnan(Untrained().probabilities(two(1, 2), pace=1.0)).all()


def test_a_level_score_keeps_its_probability_in_any_company():
    """Unlike a ranker's score, whose probability depends on who else is on the list."""
    scores = np.array([-3, -3, -3, -3, 1, 1, 1, 1], np.float32)
    happened = np.array([0, 0, 0, 1, 1, 1, 1, 0], bool)
    level = Level.fit(scores, happened)
    assert level.probabilities(np.float32([1, -3])) == pytest.approx([3 / 4, 1 / 4])
    assert level.probabilities(np.float32([-3])) == pytest.approx([1 / 4])
    assert level.probabilities(np.zeros(0, np.float32)).shape == (0,)


@given(scores)
def test_a_level_probability_lies_in_its_range_and_never_falls_with_the_score(values):
    level = Level.fit(values, np.arange(len(values)) % 2 == 0)
    found = level.probabilities(values)
    assert found.dtype == np.float32
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found[np.argsort(values, kind="stable")]) >= 0).all()

"""Measures against figures worked out by hand."""

from __future__ import annotations

from math import log2, nan

import numpy as np
import pytest

from training.metrics import (
    DEPTH,
    calibration_error,
    interval,
    mean,
    per_job,
    reliability,
)


def measured(list_: list[str], hired: list[str]) -> dict[str, float]:
    return {name: float(values[0]) for name, values in per_job({"j": list_}, {"j": hired}).items()}


@pytest.mark.parametrize(
    ("list_", "hired", "expected"),
    [
        (["a", "b"], ["a"], {"recall@100": 1, "ndcg@10": 1, "mrr": 1}),
        (["b", "a"], ["a"], {"recall@100": 1, "ndcg@10": 1 / log2(3), "mrr": 1 / 2}),
        (
            ["x", "a", "y", "b"],
            ["a", "b", "c"],
            {
                "recall@100": 2 / 3,
                "ndcg@10": (1 / log2(3) + 1 / log2(5)) / (1 + 1 / log2(3) + 1 / log2(4)),
                "mrr": 1 / 2,
            },
        ),
        (["x", "y"], ["a"], {"recall@100": 0, "ndcg@10": 0, "mrr": 0}),
    ],
)
def test_measures_are_those_worked_out_by_hand(list_, hired, expected):
    assert measured(list_, hired) == pytest.approx(expected)


def test_only_ten_places_count_for_ndcg_and_a_hundred_for_recall():
    crowd = [f"x{n}" for n in range(DEPTH + 5)]
    eleventh = measured([*crowd[:10], "a"], ["a"])
    assert eleventh == pytest.approx({"recall@100": 1, "ndcg@10": 0, "mrr": 1 / 11})
    assert measured([*crowd[: DEPTH - 1], "a"], ["a"])["recall@100"] == 1
    assert measured([*crowd[:DEPTH], "a"], ["a"])["recall@100"] == 0


def test_jobs_keep_their_order_and_one_without_a_list_scores_nothing():
    found = per_job(
        {"j2": ["a"], "j1": ["x", "a"], "j9": ["z"], "j4": []},
        {"j1": ["a"], "j2": ["a"], "j3": ["a"], "j4": ["a"]},
    )
    assert found["mrr"].tolist() == [1 / 2, 1, 0, 0]


def test_no_jobs_have_no_figures():
    assert all(len(values) == 0 for values in per_job({}, {}).values())
    assert mean(np.zeros(0)) == 0
    assert interval(np.zeros(0)) == pytest.approx([nan, nan], nan_ok=True)


def test_an_interval_holds_the_mean_and_narrows_with_more_jobs():
    rng = np.random.default_rng(1)
    few, many = rng.random(20), rng.random(2_000)
    for values in (few, many):
        low, high = interval(values)
        assert low < values.mean() < high
    assert np.ptp(interval(many)) < np.ptp(interval(few)) / 3


def test_an_interval_is_what_theory_says_of_many_jobs():
    values = np.random.default_rng(2).random(1_000)
    error = values.std() / np.sqrt(len(values))
    expected = [values.mean() - 1.96 * error, values.mean() + 1.96 * error]
    assert interval(values) == pytest.approx(expected, abs=error / 4)


def test_an_interval_is_the_same_every_time():
    values = np.random.default_rng(3).random(50)
    assert interval(values) == interval(values)
    assert interval(values, seed=1) != interval(values)


PREDICTED = np.array([0.9, 0.1, 0.1, 0.9])
HAPPENED = np.array([1.0, 0.0, 1.0, 1.0])


def test_reliability_sets_the_predicted_against_the_observed():
    low, high = reliability(PREDICTED, HAPPENED, bins=2)
    assert low == pytest.approx({"n": 2, "predicted": 0.1, "observed": 1 / 2})
    assert high == pytest.approx({"n": 2, "predicted": 0.9, "observed": 1})


def test_calibration_error_is_the_mean_distance_over_bins():
    expected = (2 * abs(0.1 - 1 / 2) + 2 * abs(0.9 - 1)) / 4
    assert calibration_error(PREDICTED, HAPPENED, bins=2) == pytest.approx(expected)
    assert calibration_error(np.zeros(0), np.zeros(0)) == 0

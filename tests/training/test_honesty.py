"""Calibration and skill of the heads, as formulas say."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.heads import ACCEPT, FACTORS
from training.honesty import Told, _judged, _rank_correlation


def told(predicted: list[float], happened: list[float], job: list[int] | None = None) -> Told:
    return Told(
        job=np.array(job if job is not None else range(len(predicted))),
        predicted=np.array(predicted),
        happened=np.array(happened),
    )


def test_saying_the_base_rate_has_no_skill_and_no_error():
    found = _judged(told([0.25] * 8, [1, 0, 0, 0, 1, 0, 0, 0]))
    assert found["base_rate"] == 0.25
    assert found["brier_skill"] == pytest.approx(0.0)


def test_knowing_the_outcome_has_all_the_skill():
    found = _judged(told([1.0, 0.0, 0.0, 1.0], [1, 0, 0, 1]))
    assert found["brier_skill"] == pytest.approx(1.0)
    assert found["ece"] == 0.0


def test_skill_is_one_less_the_squared_error_over_that_of_the_base_rate():
    found = _judged(told([0.8, 0.3], [1, 0]))
    assert found["brier_skill"] == pytest.approx(1 - (0.04 + 0.09) / 0.5)


def test_where_everything_is_alike_skill_is_unknown():
    found = _judged(told([0.1, 0.2], [0, 0]))
    assert found["brier_skill"] is None
    assert found["ece_over_base_rate"] is None
    assert found["brier_skill_ci"] is None


def test_pairs_of_one_job_are_drawn_together():
    """A hundred copies of one job's outcome tell no more than one."""
    rng = np.random.default_rng(1)
    predicted, happened = rng.random(30), (rng.random(30) < 0.5).astype(float)
    once = _judged(told(predicted.tolist(), happened.tolist(), list(range(30))))
    copies = _judged(
        told(np.tile(predicted, 20).tolist(), np.tile(happened, 20).tolist(), list(range(30)) * 20)
    )
    width = [high - low for low, high in (once["brier_skill_ci"], copies["brier_skill_ci"])]
    assert width[0] == pytest.approx(width[1], rel=1e-6)


def test_chance_alone_makes_finite_bins_look_wrong_and_more_pairs_less():
    rng = np.random.default_rng(3)
    few, many = (
        _judged(told(p.tolist(), (rng.random(n) < p).astype(float).tolist()))
        for n in (300, 30_000)
        for p in [rng.random(n) * 0.1]
    )
    for found in (few, many):
        assert found["ece_over_base_rate"] == pytest.approx(found["chance_over_base_rate"], rel=0.6)
    assert many["chance_over_base_rate"] < few["chance_over_base_rate"] / 5


def test_what_is_neither_yes_nor_no_has_no_chance_of_its_own():
    assert _judged(told([0.5, 0.7], [0.4, 0.8]))["chance_over_base_rate"] is None


def test_rank_correlation_is_spearmans():
    one = np.array([1.0, 2.0, 2.0, 4.0])
    assert _rank_correlation(one, one**3) == pytest.approx(1.0)
    assert _rank_correlation(one, -one) == pytest.approx(-1.0)


def test_a_report_tells_every_trained_head_and_no_other(figures, trained):
    assert set(figures["heads"]) <= set(FACTORS)
    assert ACCEPT in figures["heads"]
    accept = figures["heads"][ACCEPT]
    assert accept["jobs"] > figures["test"]["jobs"] - figures["test"]["left_out"]
    assert 0 < accept["base_rate"] < 1
    low, high = accept["brier_skill_ci"]
    assert low <= accept["brier_skill"] <= high
    assert figures["policy"] == trained.model.heads.policy

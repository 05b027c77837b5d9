"""Plots are written whole, look the same every time, and draw what the report says."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pytest

from tests.training.report_builders import NDCG, a_report
from training.plots import _apart, _lines, _root_ticks, _wilson, draw_plots

NAMES = ["ladder.png", "recall.png", "reliability.png", "importance.png"]


def test_all_four_are_written_as_pictures(tmp_path):
    written = draw_plots(a_report(), tmp_path / "plots")
    assert [file.name for file in written] == NAMES
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in written)
    assert sorted(tmp_path.joinpath("plots").iterdir()) == sorted(written)


def test_the_same_figures_give_the_same_bytes_whatever_the_reader_s_style(tmp_path):
    import matplotlib

    first = [file.read_bytes() for file in draw_plots(a_report(), tmp_path / "a")]
    with matplotlib.rc_context({"font.size": 20, "savefig.dpi": 30, "axes.grid": True}):
        second = [file.read_bytes() for file in draw_plots(a_report(), tmp_path / "b")]
    assert first == second
    assert not any(b"tIME" in one or b"Software" in one for one in first)


def test_drawing_leaves_no_trace_in_matplotlib(tmp_path):
    import matplotlib

    before, loaded = dict(matplotlib.rcParams), "matplotlib.pyplot" in sys.modules
    draw_plots(a_report(), tmp_path)
    assert dict(matplotlib.rcParams) == before
    assert ("matplotlib.pyplot" in sys.modules) == loaded


def test_no_reliability_is_drawn_where_p_hire_was_not_trained(tmp_path):
    draw_plots(a_report(), tmp_path)
    written = draw_plots(a_report(calibration=None), tmp_path)
    assert "reliability.png" not in {file.name for file in written}
    assert not (tmp_path / "reliability.png").exists()  # no picture of an earlier report stays


@pytest.mark.parametrize(
    "changed",
    [
        {"importance": {}},
        {"importance": {"text_similarity": 0.4}},
        {
            "calibration": {
                "pairs": 300,
                "ece": 0.0,
                "brier": 0.0,
                "reliability": [{"n": 300, "predicted": 0.0, "observed": 0.0}],
            }
        },
        {
            "calibration": {
                "pairs": 2,
                "ece": 0.0,
                "brier": 0.0,
                "reliability": [{"n": 2, "predicted": 1.0, "observed": 1.0}],
            }
        },
    ],
    ids=["no column", "one column", "never", "always"],
)
def test_extreme_reports_are_drawn_too(tmp_path, changed):
    assert len(draw_plots(a_report(**changed), tmp_path)) == len(NAMES)


def test_a_replay_without_a_single_job_is_drawn(tmp_path):
    report = a_report(jobs=0, calibration=None)
    for one in report["systems"].values():
        one |= {"ndcg@10": 0.0, "ndcg@10_ci": None}
    report["recall_curve"] = {name: {"1": 0.0, "100": 0.0} for name in NDCG}
    assert len(draw_plots(report, tmp_path)) == len(NAMES) - 1


def test_no_two_systems_are_drawn_alike():
    drawn = _lines([*NDCG, *(f"variant_{number}" for number in range(6))])
    looks = {(one["color"], str(one.get("linestyle"))) for one in drawn.values()}
    assert len(looks) == len(NDCG) + 6


def test_names_are_moved_apart_no_further_than_needed():
    heights = np.array([0.1, 0.50, 0.51, 0.9])
    moved = _apart(heights, gap=0.1, top=1)
    assert moved.tolist() == pytest.approx([0.1, 0.455, 0.555, 0.9])


def test_names_stay_within_the_picture():
    assert _apart(np.array([0.98, 0.99, 1.0]), gap=0.1, top=1).tolist() == pytest.approx(
        [0.8, 0.9, 1.0]
    )
    assert _apart(np.array([0.0, 0.0]), gap=0.1, top=1).tolist() == pytest.approx([0.0, 0.1])


def test_moved_names_keep_their_order_and_their_gap():
    heights = np.sort(np.random.default_rng(0).random(12))
    moved = _apart(heights, gap=0.05, top=1)
    assert (np.diff(moved) >= 0.05 - 1e-12).all()


def test_the_interval_of_a_share_holds_it_and_stays_within_0_and_1():
    share, n = np.array([0.0, 0.2, 1.0]), np.array([10.0, 10.0, 10.0])
    low, high = _wilson(share, n)
    assert ((low >= 0) & (low <= share + 1e-12) & (share <= high + 1e-12) & (high <= 1)).all()
    assert high[0] > 0.2  # ten trials without a hire do not rule out one in five


@pytest.mark.parametrize("edge", [1.08, 0.3, 0.023, 0.0001])
def test_ticks_start_at_zero_and_never_crowd(edge):
    ticks = _root_ticks(edge)
    assert ticks[0] == 0
    assert 4 <= len(ticks) <= 8
    assert ticks[-1] <= edge
    assert all(b**0.5 - a**0.5 >= 0.1 * edge**0.5 for a, b in pairwise(ticks))

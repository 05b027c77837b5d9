"""The report: the contract's keys, figures that agree with one another, strict JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tests.small_market import an_engine, with_frames
from training.commands import judged, write_report
from training.evaluate import test_span
from training.metrics import interval, per_job
from training.report import report

test_span.__test__ = False

FIGURES = {"recall@100", "ndcg@10", "mrr", "n_jobs", "ndcg@10_ci"}
SYSTEMS = {
    "random",
    "popularity",
    "recent_popularity",
    "bm25",
    "dense",
    "bm25_memory",
    "dense_memory",
    "hybrid",
    "ranker",
    "oracle",
}


def strict(content: object) -> object:
    return json.loads(json.dumps(content, allow_nan=False))


def test_every_system_holds_the_figures_of_the_contract(figures):
    assert set(figures["systems"]) == SYSTEMS
    for system in figures["systems"].values():
        assert set(system) == FIGURES
        for name in ("recall@100", "ndcg@10", "mrr"):
            assert isinstance(system[name], float)
            assert 0 <= system[name] <= 1
        assert isinstance(system["n_jobs"], int)
        low, high = system["ndcg@10_ci"]
        assert isinstance(low, float)
        assert isinstance(high, float)
        assert low <= system["ndcg@10"] <= high


def test_every_system_is_judged_on_the_same_jobs(figures):
    counted = figures["test"]["jobs"] - figures["test"]["left_out"]
    assert {system["n_jobs"] for system in figures["systems"].values()} == {counted}
    assert counted > 0


def test_what_the_ranker_adds_is_the_difference_of_the_means(figures):
    systems = figures["systems"]
    assert set(figures["ranker_minus"]) == SYSTEMS - {"ranker"}
    for name, added in figures["ranker_minus"].items():
        assert set(added) == {"ndcg@10", "ci"}
        apart = systems["ranker"]["ndcg@10"] - systems[name]["ndcg@10"]
        assert added["ndcg@10"] == pytest.approx(apart, abs=1e-12)
        low, high = added["ci"]
        assert low <= added["ndcg@10"] <= high


def test_steps_lead_from_the_worst_system_to_the_best_and_add_up(figures):
    systems, steps = figures["systems"], figures["steps"]
    order = [steps[0]["lower"], *(step["upper"] for step in steps)]
    assert set(order) == SYSTEMS
    assert [step["lower"] for step in steps] == order[:-1]
    heights = [systems[name]["ndcg@10"] for name in order]
    assert heights == sorted(heights)
    assert sum(step["ndcg@10"] for step in steps) == pytest.approx(heights[-1] - heights[0])
    for step in steps:
        apart = systems[step["upper"]]["ndcg@10"] - systems[step["lower"]]["ndcg@10"]
        assert step["ndcg@10"] == pytest.approx(apart, abs=1e-12)
        low, high = step["ci"]
        assert low <= step["ndcg@10"] <= high


def test_the_report_is_strict_json_and_the_same_every_time(
    figures, engine, span, trained, small_market, market_directory
):
    again = judged(engine, small_market, market_directory, span, seed=7, model=trained.model)
    assert json.dumps(again, allow_nan=False) == json.dumps(figures, allow_nan=False)
    assert strict(figures) == figures


def test_intervals_are_reproducible_percentiles_of_a_thousand_resamples():
    values = np.random.default_rng(3).random(40)
    rng = np.random.default_rng(0)
    means = [values[rng.integers(0, 40, 40)].mean() for _ in range(1_000)]
    assert interval(values) == np.percentile(means, [2.5, 97.5]).tolist()
    assert interval(values) == interval(values)


def test_measures_are_those_of_the_textbook():
    """Hired second and fourth of four; and a job whose list holds nobody who was hired."""
    lists = {"a": ["w", "x", "y", "z"], "b": ["w"]}
    found = per_job(lists, {"a": ["x", "z"], "b": ["q"]})
    ideal = 1 / np.log2(2) + 1 / np.log2(3)
    assert found["ndcg@10"].tolist() == pytest.approx(
        [(1 / np.log2(3) + 1 / np.log2(5)) / ideal, 0]
    )
    assert found["mrr"].tolist() == [0.5, 0]
    assert found["recall@100"].tolist() == [1, 0]


def test_a_list_is_read_to_depth_100_and_ndcg_to_10():
    people = [f"f{i:03}" for i in range(150)]
    found = per_job({"a": people, "b": people}, {"a": ["f100"], "b": ["f010"]})
    assert found["recall@100"].tolist() == [0, 1]
    assert found["ndcg@10"].tolist() == [0, 0]
    assert found["mrr"].tolist() == pytest.approx([0, 1 / 11])


def test_the_order_of_a_list_decides_never_the_ids():
    """Lists are handed on by rank, so a reader that breaks ties by id finds no tie."""
    people = ["b", "a", "c"]
    found = per_job({"j": people}, {"j": ["b"]})
    assert found["mrr"].tolist() == [1.0]


def test_the_span_is_told(figures, small_market):
    posted = small_market.jobs["posted_at"]
    assert figures["test"]["from"] == posted.iloc[270].isoformat()
    assert figures["test"]["to"] == posted.iloc[299].isoformat()
    assert figures["test"]["jobs"] == 30


def test_the_oracle_is_hard_to_beat(figures):
    systems = figures["systems"]
    assert systems["oracle"]["ndcg@10"] > systems["random"]["ndcg@10"]
    assert systems["oracle"]["recall@100"] >= systems["random"]["recall@100"]


def test_recall_grows_with_depth(figures):
    for curve in figures["recall_curve"].values():
        values = [curve[str(depth)] for depth in (1, 2, 5, 10, 20, 50, 100)]
        assert values == sorted(values)
    curve, system = figures["recall_curve"]["ranker"], figures["systems"]["ranker"]
    assert curve["100"] == pytest.approx(system["recall@100"])


def test_experience_slices_add_up_to_the_hires(figures, replayed):
    hires = sum(one["hires"] for one in figures["slices"]["experience"].values())
    assert hires == sum(len(people) for people in replayed.relevant.values())


def test_calibration_tells_of_every_retrieved_pair(figures, replayed):
    calibration = figures["calibration"]
    assert calibration["pairs"] == len(replayed.predicted)
    assert sum(one["n"] for one in calibration["reliability"]) == calibration["pairs"]
    assert 0 <= calibration["ece"] <= 1
    assert 0 <= calibration["brier"] <= 1


def test_untrained_probabilities_are_told_as_nothing(replayed, span, engine):
    unknown = replace(replayed, predicted=np.full_like(replayed.predicted, np.nan))
    figures = report(unknown, span=span, jobs=engine.snapshot.jobs, about={})
    assert figures["calibration"] is None
    strict(figures)


def test_a_span_without_a_hire_is_reported_without_a_made_up_number(
    trained, small_market, tmp_path
):
    early = set(small_market.jobs["job_id"][:270])
    kept = small_market.events[small_market.events["job_id"].isin(early)]
    market = with_frames(small_market, events=kept)
    engine = an_engine(trained, market)
    span = test_span(engine.snapshot.jobs)
    figures = judged(engine, market, tmp_path, span, seed=7, model=trained.model)
    assert figures["test"]["left_out"] == 30
    assert {one["n_jobs"] for one in figures["systems"].values()} == {0}
    assert {str(one["ndcg@10_ci"]) for one in figures["systems"].values()} == {"None"}
    strict(figures)


def test_a_written_report_is_the_report_and_leaves_nothing_else(figures, tmp_path):
    write_report(figures, tmp_path / "report.json")
    text = (tmp_path / "report.json").read_text(encoding="utf-8")
    assert json.loads(text) == figures
    assert {path.name for path in tmp_path.iterdir()} == {"report.json", "report"}
    assert {path.suffix for path in (tmp_path / "report").iterdir()} == {".png"}

"""A report reads well in a terminal of 80 columns and in a pipe."""

from __future__ import annotations

import pytest

from tests.training.report_builders import NDCG, a_report
from training.tables import print_report


def printed(capsys, report) -> str:
    print_report(report)
    return capsys.readouterr().out


def row_of(text: str, name: str) -> str:
    (row,) = (line for line in text.splitlines() if line.startswith(f"{name} "))
    return row


def test_every_system_has_one_line_with_all_its_figures(capsys):
    report = a_report()
    text = printed(capsys, report)
    for name, ndcg in NDCG.items():
        low, high = report["systems"][name]["ndcg@10_ci"]
        assert f"{ndcg:.3f} [{low:.3f} {high:.3f}]" in row_of(text, name)
        assert f"{report['systems'][name]['recall@100']:.3f}" in row_of(text, name)
        assert f"{report['systems'][name]['mrr']:.3f}" in row_of(text, name)


def test_what_the_ranker_adds_is_signed_and_stands_beside_the_other_system(capsys):
    report = a_report()
    text = printed(capsys, report)
    low, high = report["ranker_minus"]["bm25"]["ci"]
    apart = NDCG["ranker"] - NDCG["bm25"]
    assert row_of(text, "bm25").endswith(f"{apart:+.3f} [{low:+.3f} {high:+.3f}]")
    assert f"{NDCG['ranker'] - NDCG['oracle']:+.3f}" in row_of(text, "oracle")


def test_neighbours_are_told_apart_where_the_interval_lies_above_zero(capsys):
    def step(upper: str, lower: str, *bounds: float) -> dict[str, object]:
        return {"upper": upper, "lower": lower, "ndcg@10": 0.004, "ci": list(bounds)}

    steps = [step("bm25", "random", 0.001, 0.007), step("dense", "bm25", -0.001, 0.009)]
    text = printed(capsys, a_report(steps=steps))
    assert " ".join(row_of(text, "no").split()) == "no dense over bm25 +0.004 [-0.001 +0.009]"
    assert " ".join(row_of(text, "yes").split()) == "yes bm25 over random +0.004 [+0.001 +0.007]"
    assert text.index("dense over bm25") < text.index("bm25 over random")


def test_the_test_span_counts_the_jobs_that_count_and_those_left_out(capsys):
    text = " ".join(printed(capsys, a_report(jobs=1_204)).split())
    assert "1,204 test jobs, posted 2025-03-01 09:12 to 2025-05-30 17:45 UTC" in text
    assert "132 more hired nobody from the pool" in text


def test_pool_recall_and_calibration_have_a_line_each(capsys):
    text = printed(capsys, a_report(pool_recall=0.874))
    assert "Pool recall: 87.4%" in text
    assert ", Brier 0.00338, 360,000 pairs" in text


def test_a_p_hire_that_was_not_trained_is_said_to_be_so(capsys):
    assert "p_hire: none" in printed(capsys, a_report(calibration=None))


def test_experience_has_a_line_for_each_slice(capsys):
    report = a_report()
    text = printed(capsys, report)
    for name, one in report["slices"]["experience"].items():
        figures = row_of(text, name).removeprefix(name).split()
        assert figures == [str(one["hires"]), f"{one['recall@10']:.3f}", f"{one['recall@100']:.3f}"]


def test_a_replay_without_a_single_job_prints_too(capsys):
    zero = {"recall@100": 0.0, "ndcg@10": 0.0, "mrr": 0.0, "n_jobs": 0, "ndcg@10_ci": None}
    text = printed(
        capsys,
        a_report(
            jobs=0,
            systems={"random": zero, "ranker": zero},
            ranker_minus={"random": {"ndcg@10": 0.0, "ci": None}},
            steps=[{"upper": "ranker", "lower": "random", "ndcg@10": 0.0, "ci": None}],
            slices={"experience": {}, "year": {}, "category": {}},
            calibration=None,
        ),
    )
    assert row_of(text, "random").split() == ["random", "0.000", "0.000", "0.000", "+0.000"]


@pytest.mark.parametrize("columns", ["20", "80", "200"])
def test_no_line_is_cut_or_coloured_or_over_80_columns_in_a_pipe(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    text = printed(capsys, a_report())
    assert "\x1b" not in text
    assert "…" not in text
    assert all(len(line.rstrip()) <= max(80, int(columns)) for line in text.splitlines())
    assert row_of(text, "recent_popularity")


def test_a_name_in_brackets_is_not_taken_for_markup(capsys):
    report = a_report()
    report["systems"]["mine[bold]"] = report["systems"]["bm25"]
    assert row_of(printed(capsys, report), "mine[bold]")

"""Which columns moved since a training, told from the lists of later jobs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from matcher.errors import UsageError
from matcher.reference import ANSWERS, Reference, Spread
from matcher.reports import kept
from tests.marketplace_builders import a_freelancer, a_job, a_marketplace
from tests.small_market import a_run, a_training, an_engine, with_frames
from training.canvas import worded
from training.drift import Shift, compare, drawn_since
from training.drift_plot import draw_drift
from training.pairs import Drawn
from training.reference import answered
from training.tables import print_drift

LATER = np.arange(270, 300)


@pytest.fixture(scope="module")
def drawn(engine) -> Drawn:
    return drawn_since(engine, LATER)


@pytest.fixture(scope="module")
def own(engine, drawn) -> Reference:
    """The reference that a training on those very lists would have kept."""
    columns = dict(zip(engine.features.names, drawn.matrix.T, strict=True))
    columns |= answered(engine.ranker, engine.calibrator, drawn)
    lists = len(drawn.jobs)
    return Reference({name: Spread.of(one, lists=lists) for name, one in columns.items()})


def with_column(engine, drawn: Drawn, name: str, change) -> Drawn:
    matrix = drawn.matrix.copy()
    place = engine.features.names.index(name)
    matrix[:, place] = change(matrix[:, place])
    return replace(drawn, matrix=matrix)


def by_name(shifts: tuple[Shift, ...]) -> dict[str, Shift]:
    return {one.column: one for one in shifts}


def test_a_population_beside_itself_has_not_moved(engine, drawn, own):
    shifts = compare(engine, drawn, own)
    assert {one.column for one in shifts} == {*engine.features.names, *ANSWERS}
    assert {(one.psi, one.reading) for one in shifts} == {(0.0, "stable")}
    for one in shifts:
        assert (one.unknown_then, one.median_then) == (one.unknown_now, one.median_now)


def test_a_column_that_shifts_comes_first(engine, drawn, own):
    shifts = compare(engine, with_column(engine, drawn, "hourly_rate", lambda x: 2 * x), own)
    assert shifts[0].column == "hourly_rate"
    assert shifts[0].family == "money"
    assert shifts[0].reading == "large"
    assert shifts[0].psi > 1 > shifts[0].noise
    assert shifts[0].median_now == 2 * shifts[0].median_then


def test_a_column_that_becomes_unknown_is_caught(engine, drawn, own):
    silent = with_column(engine, drawn, "days_since_joined", lambda x: np.full_like(x, np.nan))
    one = compare(engine, silent, own)[0]
    assert (one.column, one.reading) == ("days_since_joined", "large")
    assert (one.unknown_then, one.unknown_now, one.median_now) == (0.0, 1.0, None)


def test_a_constant_that_changes_is_caught_and_one_that_stays_has_not_moved(engine, drawn, own):
    flat = with_column(engine, drawn, "ratings", lambda x: np.full_like(x, 3))
    reference = Reference({**own.columns, "ratings": Spread.of(np.float32([3, 3]), lists=2)})
    stays = by_name(compare(engine, flat, reference))["ratings"]
    assert (stays.psi, stays.noise) == (0, 0)
    moved = compare(engine, with_column(engine, flat, "ratings", lambda x: x + 1), reference)
    assert (moved[0].column, moved[0].reading) == ("ratings", "large")


def test_the_order_of_rows_in_a_table_changes_no_figure(trained, small_market, engine, drawn):
    tables = {
        name: getattr(small_market, name).sample(frac=1, random_state=3)
        for name in ("freelancers", "jobs", "events")
    }
    shuffled = an_engine(trained, with_frames(small_market, **tables))
    reference = trained.model.reference
    again = compare(shuffled, drawn_since(shuffled, LATER), reference)
    assert again == compare(engine, drawn, reference)


def test_the_order_of_jobs_changes_no_index(trained, engine, drawn):
    turned = compare(engine, drawn_since(engine, LATER[::-1]), trained.model.reference)
    there = by_name(compare(engine, drawn, trained.model.reference))
    assert {one.column: one.psi for one in turned} == {n: one.psi for n, one in there.items()}


def test_later_lists_lie_further_from_the_training_than_it_lies_from_itself(trained, engine, drawn):
    """Tenure grows with the market: the plain case of a column that time moves."""
    shifts = by_name(compare(engine, drawn, trained.model.reference))
    assert shifts["days_since_joined"].reading == "large"
    assert shifts["days_since_joined"].median_now > shifts["days_since_joined"].median_then
    assert shifts["weekly_hours"].reading == "stable"


def test_worst_comes_first_and_ties_fall_by_name(trained, engine, drawn):
    shifts = compare(engine, drawn, trained.model.reference)
    order = [(-one.psi, one.column) for one in shifts]
    assert order == sorted(order)


def test_a_single_list_is_no_alarm(trained, engine):
    shifts = compare(engine, drawn_since(engine, LATER[:1]), trained.model.reference)
    assert {one.reading for one in shifts} == {"stable", "noise"}
    assert not any(one.exceeds(0) for one in shifts)


def test_without_a_trained_ranker_features_are_compared_alone(small_market):
    until = small_market.jobs["posted_at"].iloc[270].to_pydatetime()
    run = a_run(training={"least_jobs": 1_000})
    untrained = a_training(small_market, run=run, until=until)
    live = an_engine(untrained, small_market)
    shifts = compare(live, drawn_since(live, LATER), untrained.model.reference)
    assert {one.column for one in shifts} == set(live.features.names)


def test_lists_of_nobody_cannot_be_compared(trained, small_market):
    late = small_market.freelancers.assign(joined_at=pd.Timestamp("2040-01-01", tz="UTC"))
    late = late.assign(valid_from=late["joined_at"]).drop_duplicates("freelancer_id")
    live = an_engine(trained, with_frames(small_market, freelancers=late))
    with pytest.raises(UsageError, match="nobody was in the pool of any of 30 jobs"):
        compare(live, drawn_since(live, LATER), trained.model.reference)


# What people see


def figures(*readings: str) -> dict[str, object]:
    column = {"family": "track record", "psi": 1.5, "noise": 0.5, "unknown_then": 0.25}
    column |= {"unknown_now": 1.0, "median_then": 12_345.6, "median_now": None}
    about = {"from": "2025-03-01T09:12:00+00:00", "to": "2025-05-30T17:45:12+00:00", "jobs": 600}
    about |= {"lists": 500, "pairs": 150_000, "lists_then": 447, "answers_then": 0}
    names = [f"lexical_votes_1000_365d_sha{n:02}" for n in range(len(readings))]
    rows = [{**column, "column": n, "reading": r} for n, r in zip(names, readings, strict=True)]
    return {"about": about, "columns": rows}


@pytest.mark.parametrize("columns", ["20", "80", "200"])
def test_the_table_is_whole_in_80_columns(capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    print_drift(figures("large", "noise", "stable"), worst=2)
    text = capsys.readouterr().out
    assert all(len(line.rstrip()) <= max(80, int(columns)) for line in text.splitlines())
    assert "…" not in text
    assert "lexical_votes_1000_365d_sha00" in text
    assert "lexical_votes_1000_365d_sha02" not in text
    assert "25.0%" in text
    assert "1.23e+04" in text
    assert "Of 3 columns: 1 large, 0 moderate, 1 noise, 1 stable." in text
    assert "No ranker was trained" in text


def test_the_picture_is_the_same_every_time_and_drawn_for_a_single_list_too(tmp_path):
    shown = figures("large", "moderate", "noise", "stable")
    shown["columns"][0]["noise"] = None
    for name in ("a.png", "b.png"):
        draw_drift(shown, tmp_path / name, worst=3)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert worded("hourly_rate") == "hourly rate"


# The command


def test_the_command_tells_what_moved_and_writes_it_with_a_picture(matcher, shop, tmp_path):
    out = tmp_path / "deep" / "drift.json"
    asked = ("drift", shop.market, "--bundle", shop.bundle, "--out", out)
    said = matcher[(*asked, "--json")]
    assert json.loads(said) == json.loads(out.read_text(encoding="utf-8"))
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    about, columns = json.loads(said)["about"], json.loads(said)["columns"]
    assert (about["jobs"], about["lists"], about["from"]) == (11, 11, shop.until)
    assert [one["psi"] for one in columns] == sorted((c["psi"] for c in columns), reverse=True)
    assert matcher(*asked).code == 2, "the report is there already"
    kept_now = kept("drift", digest=about["bundle"])
    assert kept_now is not None
    assert (kept_now["about"], kept_now["columns"]) == (about, columns)
    assert columns[0]["column"] in matcher[(*asked, "--force", "--worst", 1)]
    assert matcher[(*asked, "--json", "--force")] == said


def test_a_sample_is_a_part_of_the_span_and_the_same_every_time(matcher, shop):
    asked = ("drift", shop.market, "--bundle", shop.bundle, "--sample", 4, "--json")
    about = json.loads(matcher[asked])["about"]
    assert (about["jobs"], about["lists"]) == (11, 4)
    assert matcher[asked] == matcher[asked]


def test_a_gate_refuses_what_moved_further_and_names_it(matcher, shop):
    asked = ("drift", shop.market, "--bundle", shop.bundle, "--json", "--fail-above")
    ran = matcher(*asked, 0.25)
    moved = [one for one in json.loads(ran.out)["columns"] if one["reading"] == "large"]
    assert (ran.code, bool(moved)) == (4, True)
    assert all(f"{one['column']} (" in ran.err for one in moved)
    assert "days_since_joined" in ran.err
    assert matcher(*asked, 100).code == 0


@pytest.mark.parametrize("allowed", ["nan", "inf", "-0.1"])
def test_a_gate_that_could_never_close_is_wrong_usage(matcher, shop, allowed):
    ran = matcher("drift", shop.market, "--bundle", shop.bundle, f"--fail-above={allowed}")
    assert ran.code == 2
    assert "give an index from 0 on" in ran.err


def test_a_span_without_jobs_says_so(matcher, shop):
    asked = ("drift", shop.market, "--bundle", shop.bundle)
    ran = matcher(*asked, "--from", "2050-01-01T00:00:00Z")
    assert ran.code == 2
    assert "no job of 110 was posted from 2050-01-01T00:00:00+00:00 on" in ran.err
    past = matcher(*asked, "--from", "2020-01-01T00:00:00Z", "--sample", 5)
    assert past.code == 0
    assert f"the bundle learned until {shop.until}" in past.err


def test_a_bundle_without_lists_has_nothing_to_compare_with(matcher, shop, tmp_path: Path):
    market = a_marketplace(tmp_path / "m", freelancers=[a_freelancer()], jobs=[a_job()], events=[])
    bundle = tmp_path / "bundle"
    matcher["train", market, "--out", bundle, "--config", shop.run]
    ran = matcher("drift", shop.market, "--bundle", bundle)
    assert ran.code == 4
    assert "keeps no reference to compare with" in ran.err

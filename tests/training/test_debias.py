"""Rankers of logged lists, and the command that holds them to the truth."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from matcher.errors import UsageError
from matcher.marketplace import Marketplace, read_marketplace
from matcher.ranking.columns import Columns
from matcher.ranking.gbdt import Boosting
from matcher.snapshot import Snapshot
from tests.commands import Matcher
from tests.fakes import FakeEncoder
from tests.small_market import with_frames
from training import debias_command, debiasing
from training.debias import HEAVIEST, Shown, grown, lessons, naive, seated, weighted
from training.debiasing import compared, learned_from, rankers_of
from training.impressions import Impressions
from training.labels import Labels
from training.simulate.export import TRUTH_FILES

QUICK = Boosting(rounds=5, min_data_in_leaf=5, num_leaves=4)


@pytest.fixture(scope="module")
def lists(engine, small_market) -> Impressions:
    whole = Impressions.of(small_market.events, snapshot=engine.snapshot)
    return whole.of_lists(np.bincount(whole.owner, weights=whole.clicked) > 0)


@pytest.fixture(scope="module")
def shown(engine, lists) -> Shown:
    return Shown.of(engine, lists)


@pytest.fixture(scope="module")
def columns(engine) -> Columns:
    return Columns.of(engine.features)


def test_every_seat_has_the_columns_of_the_live_engine(engine, lists, shown):
    for job, seats in list(lists.slices())[:5]:
        query = engine.ask(
            engine.snapshot.jobs.records[job], as_of=int(engine.snapshot.jobs.posted_at[job])
        )
        hits = engine.retrieve(query)
        live = engine.features.transform(engine.pairs(query, hits))
        place = {row: number for number, row in enumerate(hits.rows.tolist())}
        for number, row in enumerate(lists.rows[seats].tolist(), start=seats.start):
            if row in place:
                assert shown.matrix[number].tobytes() == live[place[row]].tobytes()


def test_no_column_knows_the_seat(engine, lists, shown):
    turned = replace(lists, rows=lists.rows.copy())
    for _, seats in lists.slices():
        turned.rows[seats] = lists.rows[seats][::-1]
    other = Shown.of(engine, turned)
    for _, seats in lists.slices():
        np.testing.assert_array_equal(other.matrix[seats], shown.matrix[seats][::-1])


def test_a_lesson_sets_the_clicked_above_those_who_were_not(lists, shown, columns):
    taught = lessons(shown, columns)
    clicks = [int(lists.clicked[seats].sum()) for _, seats in lists.slices()]
    sizes = [
        size - clicked + 1
        for size, clicked in zip(lists.sizes.tolist(), clicks, strict=True)
        if clicked < size
        for _ in range(clicked)
    ]
    assert taught.sizes.tolist() == sizes
    assert np.count_nonzero(taught.grades) == len(sizes)
    assert len(taught.grades) == len(taught.matrix) == len(taught.seats) == sum(sizes)


def test_lists_without_a_click_or_of_nothing_else_teach_nothing(lists, shown, columns):
    for clicked in (np.zeros_like(lists.clicked), np.ones_like(lists.clicked)):
        taught = lessons(replace(shown, lists=replace(lists, clicked=clicked)), columns)
        assert (len(taught.sizes), taught.matrix.shape) == (0, (0, len(columns.names)))


def test_equal_chances_of_a_look_are_the_naive_ranker_bit_for_bit(shown, columns):
    taught = lessons(shown, columns)
    alike = weighted(taught, np.full(12, 0.3))
    assert np.all(alike.weights == 1)
    one, other = (
        grown(each, columns, boosting=QUICK, seed=1).text for each in (naive(taught), alike)
    )
    assert one == other


def test_a_click_far_down_counts_for_more_up_to_a_bound(shown, columns):
    taught = lessons(shown, columns)
    curve = 1 / np.arange(1, 13) ** 2
    weight = weighted(taught, curve).weights
    first = np.cumsum(taught.sizes) - taught.sizes
    seat, of_click = taught.seats[first], weight[first]
    ratio = of_click / of_click[seat == 1][0]
    np.testing.assert_allclose(ratio, np.minimum(seat**2.0, HEAVIEST), rtol=1e-5)
    assert of_click.mean() == pytest.approx(1)


def test_taking_the_seat_out_changes_the_ranker_and_the_same_seed_gives_it_again(shown, columns):
    whole = seated(shown, columns)
    texts = [
        grown(each, columns, boosting=QUICK, seed=1).text for each in (naive(whole), whole, whole)
    ]
    assert texts[0] != texts[1] == texts[2]


def test_the_share_closed_is_of_the_gap_to_the_unbiased():
    flat = np.zeros(40)
    found = compared({"naive": flat, "positions": flat + 0.3, "unbiased": flat + 0.4})
    assert found["share_closed"]["positions"]["share"] == pytest.approx(0.75)
    assert found["share_closed"]["positions"]["ci"] == pytest.approx([0.75, 0.75])
    backwards = compared({"naive": flat, "positions": flat, "unbiased": flat - 0.1})
    assert backwards["share_closed"] == {"positions": None}
    assert compared({"naive": flat, "positions": flat})["share_closed"] == {}


def partly_by_luck(market: Marketplace) -> Marketplace:
    """The same lists, of which every other is said to have been filled by luck."""
    events = market.events.copy()
    number = events["job_id"].astype(str).str[-1].isin(list("02468"))
    events.loc[(events["kind"] == "shown") & number, "propensity"] = 0.05
    return with_frames(market, events=events)


def test_the_truth_plays_no_part_in_what_is_learned(
    market_directory, tmp_path, engine, columns, monkeypatch
):
    monkeypatch.setattr(debiasing, "LEAST_LISTS", 3)
    bare = shutil.copytree(market_directory, tmp_path / "bare")
    for name in TRUTH_FILES:
        (bare / name).unlink()
    texts = []
    for path in (market_directory, bare):
        market = partly_by_luck(read_marketplace(path))
        snapshot = Snapshot.of(market, encoder=FakeEncoder())
        lesson = learned_from(
            engine,
            Impressions.of(market.events, snapshot=snapshot),
            labels=Labels.of(market.events, snapshot=snapshot),
            columns=columns,
            limit=20,
            seed=1,
        )
        rankers = rankers_of(lesson, columns=columns, boosting=QUICK, seed=1)
        texts.append({name: one.text for name, one in rankers.items()})
    assert {"naive", "positions", "unbiased", "hires"} <= set(texts[0])
    assert texts[0] == texts[1]


def test_too_few_lists_are_refused_with_what_was_wrong(engine, small_market, columns):
    events = small_market.events.copy()
    events.loc[events["kind"] == "shown", "position"] = None
    market = with_frames(small_market, events=events)
    with pytest.raises(UsageError, match=r"0 ranked lists .* lists without a position\).*log"):
        learned_from(
            engine,
            Impressions.of(market.events, snapshot=engine.snapshot),
            labels=Labels.of(market.events, snapshot=engine.snapshot),
            columns=columns,
            limit=20,
            seed=1,
        )


# The command


@pytest.fixture
def command(fresh: Matcher, monkeypatch) -> Matcher:
    monkeypatch.setattr(debias_command, "default_encoder", FakeEncoder)
    monkeypatch.setattr(debias_command, "TREES", 5)
    monkeypatch.setattr(debiasing, "LEAST_LISTS", 3)
    return fresh


def test_the_report_has_every_ranker_beside_the_truth(command, market_directory, tmp_path):
    out = tmp_path / "report.json"
    said = command["debias", market_directory, "--out", out, "--json", "--test-share", "0.3"]
    figures = json.loads(said)
    assert figures == json.loads(out.read_text(encoding="utf-8"))
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    assert {"naive", "positions", "weights_looks", "hires", "logged"} <= set(figures["systems"])
    assert figures["systems"]["oracle"]["ndcg@10"] == 1
    assert set(figures["minus_naive"]) == set(figures["systems"]) - {"naive"}
    assert figures["curves"]["true"][:4] == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4], abs=0.02)
    assert figures["curves"]["looks"][0] == 1
    assert command("debias", market_directory, "--out", out).code == 2


def test_somebody_elses_picture_is_spared(command, market_directory, tmp_path):
    picture = tmp_path / "report.png"
    picture.write_bytes(b"mine")
    ran = command("debias", market_directory, "--out", tmp_path / "report.json")
    assert ran.code == 2
    assert str(picture) in ran.err.replace("\n", "")
    assert picture.read_bytes() == b"mine"
    assert not (tmp_path / "report.json").exists()


def test_a_table_is_for_people(command, market_directory):
    said = command["debias", market_directory, "--test-share", "0.3"]
    assert "clicks as they are" in said
    assert "Chance of a look" in said


def test_without_a_truth_the_curves_are_all(command, market_directory, tmp_path):
    bare = shutil.copytree(market_directory, tmp_path / "bare")
    for name in TRUTH_FILES:
        (bare / name).unlink()
    ran = command("debias", bare, "--json")
    figures = json.loads(ran.out)
    assert ran.code == 0
    assert "no truth" in ran.err
    assert figures["systems"] == {}
    assert "true" not in figures["curves"]
    assert figures["curves"]["looks"] is not None


def test_a_market_that_logged_no_lists_is_told_what_to_log(command, market_directory, tmp_path):
    bare = shutil.copytree(market_directory, tmp_path / "bare")
    events = pd.read_parquet(bare / "events.parquet")
    events[events["kind"] != "shown"].to_parquet(bare / "events.parquet", index=False)
    ran = command("debias", bare)
    assert ran.code == 2
    assert "log `shown` with decision_id and position" in ran.err

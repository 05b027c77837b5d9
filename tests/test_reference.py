"""What a bundle keeps of its training's columns: bins that miss no change, and the same bytes."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import FEATURES
from matcher.reference import ANSWERS, NO_REFERENCE, Reference, Spread, median
from tests.bundles import opened
from tests.fakes import FakeEncoder
from tests.small_market import a_run, a_training, an_empty_market, an_engine, with_frames
from training.labels import Labels
from training.pairs import draw, learnable
from training.reference import reference_of

FEW = st.sampled_from([0.0, -0.0, 1.0, 2.5, np.nan, np.inf])
ANY = st.floats(width=32, allow_nan=True, allow_infinity=True)
COLUMNS = st.lists(st.one_of(FEW, ANY), min_size=1, max_size=60)


def column(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def spread(values: np.ndarray) -> Spread:
    return Spread.of(values, lists=1)


def test_a_column_of_few_values_has_a_bin_a_value_and_one_for_the_unknown():
    found = spread(column(3, 0, 3, 1, np.nan, 3))
    assert found.cuts == (0, 1, 3)
    assert found.counts == (0, 1, 0, 1, 0, 3, 0, 1)
    assert found.median == 3


def test_a_column_of_many_values_is_cut_into_tenths():
    found = spread(np.arange(1, 101, dtype=np.float32))
    assert found.cuts == (10, 20, 30, 40, 50, 60, 70, 80, 90)
    assert found.counts == (9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 9, 1, 10, 0)


def test_ties_between_tenths_are_one_cut_with_a_bin_of_its_own():
    found = spread(np.concatenate([np.full(95, 7), np.arange(20) / 100]).astype(np.float32))
    assert len(found.cuts) == 2
    assert found.cuts[-1] == 7
    assert found.counts[-3] == 95


@pytest.mark.parametrize("later", [4, 6, np.nan])
def test_a_constant_that_becomes_another_falls_elsewhere(later):
    found = spread(column(5, 5, 5))
    assert found.counts == (0, 3, 0, 0)
    assert found.bins(column(5, later))[0] == 1
    assert found.bins(column(5, later))[1] != 1


def test_a_column_that_is_unknown_throughout_has_one_bin():
    found = spread(column(np.nan, np.nan))
    assert (found.cuts, found.counts, found.median) == ((), (0, 2), None)
    assert found.bins(column(1, np.nan)).tolist() == [0, 1]


def test_the_median_is_one_of_the_known_values():
    assert median(column(1, np.nan, 9, 4)) == 4
    assert median(column(1, 9)) == 1
    assert median(column(np.nan)) is None
    assert median(column()) is None


@given(COLUMNS, st.randoms())
def test_the_order_of_values_changes_nothing_to_the_bit(values, random):
    shuffled = list(values)
    random.shuffle(shuffled)
    assert repr(spread(column(*values))) == repr(spread(column(*shuffled)))


@given(COLUMNS)
def test_a_column_falls_into_its_own_bins_as_it_was_counted(values):
    found = spread(column(*values))
    again = np.bincount(found.bins(column(*values)), minlength=len(found.counts))
    assert tuple(again.tolist()) == found.counts
    assert sum(found.counts) == len(values)


@given(COLUMNS)
def test_what_is_written_is_read_back(values):
    written = Reference({"a": spread(column(*values)), "b": spread(column(1))})
    content = asdict(written)
    assert Reference.read(content, names=("b", "a")) == written


# In a bundle


def test_a_bundle_keeps_a_spread_of_every_column_and_of_what_the_ranker_answered(
    small_bundle, trained
):
    reference = opened(small_bundle).model.reference
    assert reference == trained.model.reference
    assert set(reference.columns) == {*FEATURES.names, *ANSWERS}
    lists = {name: one.lists for name, one in reference.columns.items()}
    assert lists["hourly_rate"] == trained.figures["lists"]
    assert lists["score"] == lists["p_hire"] == trained.figures["calibration_lists"]


def test_only_retrieved_pairs_are_counted(small_market):
    """Those whom retrieval missed are no part of what serving will see."""
    trained = a_training(small_market, run=a_run(retrieval={"pool": 10}))
    live = an_engine(trained, small_market)
    labels = Labels.of(small_market.events, snapshot=live.snapshot)
    drawn = draw(live, learnable(live, labels=labels, limit=120), labels=labels)
    assert not drawn.retrieved.all(), "nobody was missed, so nothing is proven about them"
    (counted,) = {sum(trained.model.reference.columns[name].counts) for name in live.features.names}
    assert counted == drawn.retrieved.sum()


def test_many_lists_are_thinned_evenly(trained, monkeypatch):
    """The first and the latest stay: a reference describes the whole training."""
    live = an_engine(trained, trained.marketplace)
    labels = Labels.of(trained.marketplace.events, snapshot=live.snapshot)
    drawn = draw(live, learnable(live, labels=labels, limit=9), labels=labels)
    monkeypatch.setattr("training.reference.MOST_LISTS", 3)
    place = live.features.names.index("days_since_joined")
    kept = np.concatenate([drawn.part(n, n + 1).matrix[:, place] for n in (0, 4, 8)])
    found = reference_of(trained.model, drawn).columns["days_since_joined"]
    assert found == Spread.of(kept, lists=3)


def test_without_a_trained_ranker_the_features_are_kept_alone(small_market, tmp_path):
    trained = a_training(small_market, run=a_run(training={"least_jobs": 1_000}))
    trained.write(tmp_path / "b", encoder=FakeEncoder())
    assert set(opened(tmp_path / "b").model.reference.columns) == set(FEATURES.names)


@pytest.mark.parametrize("what", ["nothing", "no event"])
def test_without_any_list_nothing_is_kept(small_market, tmp_path, what):
    silent = with_frames(small_market, events=small_market.events.iloc[:0])
    trained = a_training(an_empty_market() if what == "nothing" else silent)
    trained.write(tmp_path / "b", encoder=FakeEncoder())
    assert opened(tmp_path / "b").model.reference == NO_REFERENCE

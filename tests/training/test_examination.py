"""Curves of looking come out as they were put in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from training.examination import NEVER_LESS, drawn_by_luck, falling, inferred, looked_at
from training.impressions import Impressions

SEATS = 6
TRUE = 1 / np.arange(1, SEATS + 1)


def a_log(
    *, lists: int = 8_000, luck: float = 0.5, seed: int = 1
) -> tuple[Impressions, np.ndarray]:
    """Lists of which a share are in any order, the others by liking; looks fade as `TRUE` does."""
    rng = np.random.default_rng(seed)
    liking = rng.choice([0.1, 0.3, 0.8], (lists, SEATS))
    lucky = rng.random(lists) < luck
    ranked = np.take_along_axis(liking, np.argsort(-liking, axis=1), axis=1)
    liking = np.where(lucky[:, None], liking, ranked)
    looked = rng.random(liking.shape) < TRUE
    clicked = looked & (rng.random(liking.shape) < liking)
    shown = Impressions(
        jobs=np.arange(lists),
        sizes=np.full(lists, SEATS),
        rows=np.arange(lists * SEATS),
        seat=np.tile(np.arange(1, SEATS + 1), lists),
        propensity=np.repeat(np.where(lucky, 0.05, 1.0), SEATS).astype(np.float32),
        looked=looked.ravel(),
        clicked=clicked.ravel(),
        left_out={},
    )
    return shown, liking.ravel()


def by_group(groups: np.ndarray):
    """The perfect model: people of the same liking are known to be alike."""

    def liking(liked):
        _, group = np.unique(groups, return_inverse=True)
        return (np.bincount(group, weights=liked) / np.bincount(group))[group]

    return liking


def test_looks_that_are_recorded_tell_the_curve():
    shown, _ = a_log()
    assert looked_at(shown) == pytest.approx(TRUE, abs=0.02)


def test_seats_that_luck_filled_tell_the_curve_from_clicks_alone():
    shown, _ = a_log(luck=1.0)
    assert drawn_by_luck(shown) == pytest.approx(TRUE, abs=0.05)


def test_lists_in_order_of_liking_do_not():
    """What the naive share of clicks would say, and why luck is needed."""
    shown, _ = a_log(luck=0.0)
    rate = np.bincount(shown.seat - 1, weights=shown.clicked)
    assert (rate / rate[0])[-1] < TRUE[-1] / 2


def test_only_seats_that_luck_filled_are_asked():
    mixed, alone = a_log(luck=0.5)[0], a_log(luck=0.0)[0]
    assert drawn_by_luck(mixed) == pytest.approx(TRUE, abs=0.07)
    assert drawn_by_luck(alone) is None


def test_without_luck_a_model_of_liking_tells_the_curve():
    shown, liking = a_log(luck=0.0)
    found = inferred(shown, by_group(liking))
    rate = np.bincount(shown.seat - 1, weights=shown.clicked)
    assert np.abs(found - TRUE).max() < np.abs(rate / rate[0] - TRUE).max() / 2


def test_too_few_clicks_tell_nothing():
    shown, liking = a_log(lists=20)
    assert looked_at(shown) is None
    assert drawn_by_luck(shown) is None
    assert inferred(shown, by_group(liking)) is None


def test_a_propensity_that_is_unknown_is_no_luck():
    shown, _ = a_log()
    shown.propensity[:] = np.nan
    assert drawn_by_luck(shown) is None


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_a_curve_starts_at_one_and_never_rises(rates):
    curve = falling(np.array(rates), np.ones(len(rates)))
    assert np.all(np.diff(curve) <= 0)
    assert np.all((curve >= NEVER_LESS) & (curve <= 1))
    assert curve[0] == (1 if max(rates) > 1e-9 else curve[0])


def test_a_seat_that_nobody_ever_had_is_like_the_one_before():
    assert falling(np.array([1.0, 0.5, 0.0]), np.array([10.0, 10.0, 0.0])).tolist() == [1, 0.5, 0.5]


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 1), st.integers(1, 50)), min_size=1, max_size=12))
def test_the_curve_is_isotonic_regression(seats):
    rate, number = (np.array(column, float) for column in zip(*seats, strict=True))
    smooth = IsotonicRegression(increasing=False).fit_transform(
        np.arange(len(rate)), rate, sample_weight=number
    )
    np.testing.assert_allclose(falling(rate, number), smooth / smooth[0], rtol=1e-6)

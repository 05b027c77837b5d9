"""The keyhole's arithmetic against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain import DAY_US
from matcher.keyed import BLOCK
from matcher.tally import Tally

HALF_LIVES = (0.5, 30.0, np.inf)
keys = st.integers(0, 3)
days = st.integers(0, 12)  # few, so that events share instants with each other and with questions
values = st.integers(-3, 9).map(float)
events = st.lists(st.tuples(keys, days, values), max_size=40)
questions = st.lists(st.tuples(st.integers(-1, 5), st.integers(-1, 14)), min_size=1, max_size=12)


def tally_of(rows) -> Tally:
    return Tally.of(
        np.array([key for key, _, _ in rows], np.int64),
        np.array([at * DAY_US for _, at, _ in rows], np.int64),
        np.array([value for *_, value in rows], np.float64),
    )


def answers(rows, asked) -> list[np.ndarray]:
    keys, at = np.array(asked, np.int64).T
    view = tally_of(rows).view(keys, at * DAY_US)
    return [
        view.count(),
        view.sum(),
        view.days_since_last(),
        view.mean(prior=2.0, strength=3.0),
        *(view.decayed(half_life) for half_life in HALF_LIVES),
    ]


def past(rows, key: int, as_of: int) -> list[tuple[int, float]]:
    return [(at, value) for its, at, value in rows if its == key and at < as_of]


@settings(max_examples=150, deadline=None)
@given(events, questions)
def test_agrees_with_a_loop_over_what_came_strictly_before(rows, asked):
    count, total, since, mean, *decayed = answers(rows, asked)
    for place, (key, as_of) in enumerate(asked):
        seen = past(rows, key, as_of)
        sum_of = sum(value for _, value in seen)
        assert count[place] == len(seen)
        assert total[place] == pytest.approx(sum_of)
        assert mean[place] == pytest.approx((sum_of + 2 * 3) / (len(seen) + 3))
        if seen:
            assert since[place] == as_of - max(at for at, _ in seen)
        else:
            assert np.isnan(since[place])
        for half_life, column in zip(HALF_LIVES, decayed, strict=True):
            weighed = sum(value * 2 ** (-(as_of - at) / half_life) for at, value in seen)
            assert column[place] == pytest.approx(weighed, rel=1e-5, abs=1e-5)


@settings(max_examples=100, deadline=None)
@given(events, questions, events, st.randoms(use_true_random=False))
def test_later_events_other_keys_and_the_order_of_rows_change_no_bit(rows, asked, noise, random):
    latest = max(as_of for _, as_of in asked)
    later = [(key, at + latest, value) for key, at, value in noise if at + latest >= latest]
    others = [(key + 10, at, value) for key, at, value in noise]
    shuffled = [*rows, *later, *others]
    random.shuffle(shuffled)
    before, after = answers(rows, asked), answers(shuffled, asked)
    assert [column.tobytes() for column in before] == [column.tobytes() for column in after]


def test_an_event_at_the_very_instant_is_not_yet_known():
    view = tally_of([(0, 5, 1.0)]).view(np.array([0, 0]), np.array([5, 6]) * DAY_US)
    assert view.count().tolist() == [0, 1]


def test_answers_are_float32_and_empty_where_nothing_happened():
    nothing = answers([], [(0, 3), (1, 3)])
    assert {column.dtype for column in nothing} == {np.dtype(np.float32)}
    count, total, since, mean, *decayed = nothing
    assert [*count, *total, *np.ravel(decayed)] == [0] * 10
    assert np.isnan(since).all()
    assert mean.tolist() == [2, 2]


def test_unknown_keys_and_unknown_values_are_dropped():
    tally = Tally.of(np.array([-1, 0, 0]), np.zeros(3, np.int64), np.array([1.0, np.nan, 4.0]))
    assert tally.view(np.array([0, -1]), np.array([1, 1])).sum().tolist() == [4, 0]


def test_a_value_weighs_half_after_a_half_life():
    view = tally_of([(7, 0, 8.0)]).view(np.array([7]), np.array([60 * DAY_US]))
    assert view.decayed(30.0).tolist() == [8 / 2**2]


def everything_of(tally: Tally, asked) -> list[np.ndarray]:
    keys, at = np.array(asked, np.int64).T
    view = tally.view(keys, at * DAY_US)
    return [
        view.count(),
        view.sum(),
        view.days_since_last(),
        view.mean(prior=2.0, strength=3.0),
        *(view.decayed(half_life) for half_life in HALF_LIVES),
    ]


def columns_of(rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.array([key for key, _, _ in rows], np.int64),
        np.array([at * DAY_US for _, at, _ in rows], np.int64),
        np.array([value for *_, value in rows], np.float64) / 7,
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(events, min_size=1, max_size=5), questions)
def test_grown_answers_to_the_bit_as_made_anew(batches, asked):
    grown = Tally.of(*columns_of(batches[0]))
    for batch in batches[1:]:
        everything_of(grown, asked)  # what was read before must not show
        grown = grown.grown(*columns_of(batch))
    rows = [row for batch in batches for row in batch]
    anew = Tally.of(*columns_of(rows))
    assert len(grown) == len(rows)
    for mine, its in zip(everything_of(grown, asked), everything_of(anew, asked), strict=True):
        np.testing.assert_array_equal(mine, its)


@pytest.mark.parametrize("late", [False, True])
def test_a_key_of_many_blocks_grows_to_the_bit(late):
    draw = np.random.default_rng(0)
    at = np.sort(draw.integers(0, 10**6, 5 * BLOCK + 17))
    values, asked = draw.random(len(at)), np.linspace(0, 10**6 + 5, 400).astype(np.int64)
    order = draw.permutation(len(at)) if late else np.arange(len(at))
    grown, ones = Tally.of(np.zeros(0, np.int64), np.zeros(0, np.int64)), np.ones(len(at), np.int64)
    for some in np.array_split(order, [BLOCK - 1, BLOCK + 3, 3 * BLOCK, 4 * BLOCK + 9]):
        grown = grown.grown(ones[some], at[some] * DAY_US, values[some])
    anew = Tally.of(ones, at * DAY_US, values)
    for half_life in HALF_LIVES:
        np.testing.assert_array_equal(
            grown.view(np.ones(400, np.int64), asked * DAY_US).decayed(half_life),
            anew.view(np.ones(400, np.int64), asked * DAY_US).decayed(half_life),
        )


def test_growing_by_nothing_changes_nothing_and_leaves_the_old_as_it_was():
    old = Tally.of(*columns_of([(0, 1, 2.0)]))
    assert old.grown(np.array([-1]), np.array([5])) is old
    new = old.grown(np.array([0, 0]), np.array([DAY_US, 3 * DAY_US]), np.array([1.0, 2.0]))
    asked = [(0, 9)]
    assert everything_of(old, asked)[0][0] == 1
    assert everything_of(new, asked)[0][0] == 3


@settings(max_examples=100, deadline=None)
@given(events, events, st.integers(-1, 14), st.integers(0, 4))
def test_a_range_of_keys_is_seen_as_each_of_them(rows, later, as_of, first):
    more = tally_of(later).whole
    owners = np.repeat(more.keys, np.diff(more.ends))
    tally = tally_of(rows).grown(owners, more.at, more.values)
    found, view = tally.between(first, first + 2, as_of=as_of * DAY_US)
    assert found.tolist() == sorted({key for key, *_ in rows + later if first <= key < first + 2})
    same = tally.view(found, np.full(len(found), as_of * DAY_US))
    assert view.events.tolist() == same.events.tolist()
    assert view.last.tolist() == same.last.tolist()

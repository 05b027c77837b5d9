from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.ragged import Ragged, spans

rows = st.lists(st.sets(st.integers(0, 9)), max_size=6)


def lists_of(ragged: Ragged) -> list[set[int]]:
    return [set(ragged.codes[ragged.ends[i] : ragged.ends[i + 1]]) for i in range(len(ragged))]


@given(rows)
def test_keeps_what_it_was_given(sets):
    ragged = Ragged.of(sets)
    assert lists_of(ragged) == sets
    assert ragged.row_sizes.tolist() == [len(one) for one in sets]
    assert ragged.row_sizes.dtype == np.float32


def test_a_repeated_code_counts_once():
    assert Ragged.of([[3, 3, 1]]).row_sizes.tolist() == [2]


@given(rows.filter(bool), st.data())
def test_takes_rows_in_any_order_and_none_for_a_negative_one(sets, data):
    wanted = data.draw(st.lists(st.integers(-1, len(sets) - 1)))
    taken = Ragged.of(sets).take(np.array(wanted, np.int64))
    assert lists_of(taken) == [sets[row] if row >= 0 else set() for row in wanted]


def test_nothing_can_be_taken_from_no_rows():
    assert lists_of(Ragged.of([]).take(np.array([-1, -1]))) == [set(), set()]


@given(rows, st.sets(st.integers(0, 12)))
def test_overlap_counts_the_codes_in_common(sets, wanted):
    overlap = Ragged.of(sets).overlap(np.array(sorted(wanted, reverse=True), np.int64))
    assert overlap.tolist() == [len(one & wanted) for one in sets]
    assert overlap.dtype == np.float32


@given(rows, st.sets(st.integers(0, 12)))
def test_overlap_adds_the_weights_of_the_codes_in_common(sets, wanted):
    codes = np.array(sorted(wanted), np.int64)
    weighed = Ragged.of(sets).overlap(codes, weights=codes / 2)
    assert weighed.tolist() == pytest.approx([sum(one & wanted) / 2 for one in sets])


def test_spans_of_nothing_are_empty():
    positions, owner = spans(np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert len(positions) == len(owner) == 0

"""A model that reads some columns sees those and no others."""

from __future__ import annotations

import numpy as np
import pytest

from features import FEATURES
from matcher.ranking.columns import Columns


def test_without_anything_left_out_the_matrix_itself_is_read():
    matrix = np.zeros((2, len(FEATURES.names)), np.float32)
    assert Columns.of(FEATURES).take(matrix) is matrix


def test_the_columns_of_a_family_are_left_out_and_the_order_stays():
    columns = Columns.of(FEATURES, leave_out=["quality", "demand"])
    expected = [n for n in FEATURES.names if FEATURES.family(n) not in {"quality", "demand"}]
    assert list(columns.names) == expected
    assert len(columns.monotone) == len(expected)
    matrix = np.arange(len(FEATURES.names), dtype=np.float32)[None, :]
    assert [FEATURES.names[int(place)] for place in columns.take(matrix)[0]] == expected


def test_what_is_not_read_contributes_nothing():
    columns = Columns.of(FEATURES, leave_out=["quality"])
    spread = columns.spread(np.ones((3, len(columns.names)), np.float32))
    of_family = np.array([FEATURES.family(name) == "quality" for name in FEATURES.names])
    assert spread[:, of_family].sum() == 0
    assert (spread[:, ~of_family] == 1).all()


def test_an_unknown_family_and_an_empty_choice_are_refused():
    with pytest.raises(ValueError, match="no family of features is called 'quantum'; known are"):
        Columns.of(FEATURES, leave_out=["quantum"])
    everything = {FEATURES.family(name) for name in FEATURES.names}
    with pytest.raises(ValueError, match="every family of features is left out"):
        Columns.of(FEATURES, leave_out=everything)

"""The calibration error of any resample of jobs."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluate import test_span
from training.metrics import calibration_error
from training.reliability import BINS, Reliability

test_span.__test__ = False  # a function of the product, not a test


lists = st.lists(
    st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), max_size=30),
    min_size=1,
    max_size=12,
)


@given(lists)
def test_the_error_over_all_jobs_is_that_of_the_metric(pairs):
    predicted = [np.array([p for p, _ in one], np.float32) for one in pairs]
    happened = [np.array([h for _, h in one], np.bool_) for one in pairs]
    expected = calibration_error(
        np.concatenate(predicted).astype(float), np.concatenate(happened).astype(float), bins=BINS
    )
    error = Reliability.of(predicted, happened).error()
    assert error == pytest.approx(expected, abs=1e-9)


@given(lists, st.integers(1, 4))
def test_to_count_every_job_so_many_times_changes_no_error(pairs, times):
    predicted = [np.array([p for p, _ in one], np.float32) for one in pairs]
    happened = [np.array([h for _, h in one], np.bool_) for one in pairs]
    one = Reliability.of(predicted, happened)
    weight = np.full(len(pairs), float(times))
    if sum(map(len, predicted)):
        assert one.error(weight) == pytest.approx(one.error(), abs=1e-9)


def test_the_error_is_unknown_where_a_probability_is():
    assert Reliability.of([np.array([0.5, nan], np.float32)], [np.array([True, False])]) is None

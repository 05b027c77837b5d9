"""Lists as serving sees them, of jobs that are old enough, and what became of every pair."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.domain import instant_of
from matcher.heads import ACCEPT, HIRE
from tests.fakes import FakeEncoder
from tests.small_market import a_run, answer
from training.mature import draw_pairs, mature_jobs, slice_starts
from training.outcomes import Maturity


@pytest.fixture(scope="module")
def drawn(trained):
    engine = trained.model.engine(trained.snapshot, encoder=FakeEncoder())
    maturity = Maturity.of(trained.snapshot, until=instant_of(trained.until))
    jobs = mature_jobs(engine, maturity, limit=50)
    return engine, jobs, draw_pairs(engine, jobs)


def test_only_jobs_that_had_time_to_end_are_drawn_and_the_latest_of_them(drawn, trained):
    engine, jobs, _ = drawn
    maturity = Maturity.of(trained.snapshot, until=instant_of(trained.until))
    posted = trained.snapshot.jobs.posted_at
    wait = max(maturity.waits[ACCEPT], maturity.waits[HIRE])
    assert wait > 0
    assert len(jobs) == 50
    assert posted[jobs[-1]] + wait < instant_of(trained.until)
    assert posted[jobs[-1] + 1] + wait >= instant_of(trained.until)
    assert mature_jobs(engine, maturity, limit=0) == []


def test_jobs_that_hired_nobody_are_drawn_too(drawn):
    _, jobs, pairs = drawn
    hiring = np.unique(pairs.jobs[pairs.hired])
    assert 0 < len(hiring) < len(jobs)


def test_the_rows_are_those_that_serving_computes(drawn):
    engine, jobs, pairs = drawn
    for job in jobs[:3]:
        matches = answer(engine, engine.snapshot.jobs.records[job])
        of_job = pairs.jobs == job
        order, served = np.argsort(pairs.rows[of_job]), np.argsort(matches.rows)
        np.testing.assert_array_equal(pairs.rows[of_job][order], matches.rows[served])
        np.testing.assert_array_equal(pairs.matrix[of_job][order], matches.matrix[served])


def test_whoever_was_hired_counts_as_willing(drawn):
    pairs = drawn[2]
    assert (pairs.wanted | ~pairs.hired).all()
    assert pairs.wanted.sum() > pairs.hired.sum()


def test_slices_do_not_cut_a_job_in_two(drawn):
    pairs = drawn[2]
    valid, calibration = slice_starts(pairs, a_run())
    assert 0 < valid < calibration < len(pairs.jobs)
    for cut in (valid, calibration):
        assert pairs.jobs[cut - 1] < pairs.jobs[cut]


def test_of_older_lists_only_who_came_is_kept_with_the_columns_of_the_whole_list(drawn):
    engine, jobs, pairs = drawn
    came = draw_pairs(engine, jobs, only_wanted=True)
    for name in ("jobs", "rows", "matrix", "wanted", "hired"):
        np.testing.assert_array_equal(getattr(came, name), getattr(pairs, name)[pairs.wanted])
    for name, starts in came.starts.items():
        np.testing.assert_array_equal(starts, pairs.starts[name][pairs.wanted])


def test_no_job_gives_no_pair_and_all_columns(drawn):
    engine = drawn[0]
    none = draw_pairs(engine, [])
    assert len(none.jobs) == 0
    assert none.matrix.shape == (0, len(engine.features.names))

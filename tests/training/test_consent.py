"""Heads where the data allow, from pairs as serving sees them, never from what is too young."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.domain import Kind, instant_of
from matcher.heads import ACCEPT, HIRE
from tests.fakes import FakeEncoder
from tests.small_market import a_run, a_training, an_engine, answer, with_frames
from training.consent import draw_pairs, mature_jobs, slice_starts
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


def test_of_older_lists_only_who_came_is_kept_with_the_columns_of_the_whole_list(drawn):
    engine, jobs, pairs = drawn
    came = draw_pairs(engine, jobs, only_wanted=True)
    np.testing.assert_array_equal(came.rows, pairs.rows[pairs.wanted])
    np.testing.assert_array_equal(came.matrix, pairs.matrix[pairs.wanted])
    np.testing.assert_array_equal(came.hired, pairs.hired[pairs.wanted])
    for name, starts in came.starts.items():
        np.testing.assert_array_equal(starts, pairs.starts[name][pairs.wanted])


def test_the_head_of_the_hire_reads_more_of_the_past_than_the_others(small_market, monkeypatch):
    monkeypatch.setattr("training.consent.LEAST_POSITIVE", 3)  # the market is small
    shorter, longer = (
        a_training(small_market, run=a_run(heads={"jobs": 100, "hire_jobs": jobs})).model.heads
        for jobs in (0, 300)
    )
    assert longer.by_name[ACCEPT].trees.text == shorter.by_name[ACCEPT].trees.text
    assert longer.by_name[HIRE].trees.text != shorter.by_name[HIRE].trees.text


def test_slices_do_not_cut_a_job_in_two(drawn):
    pairs = drawn[2]
    valid, calibration = slice_starts(pairs, a_run())
    assert 0 < valid < calibration < len(pairs.jobs)
    for cut in (valid, calibration):
        assert pairs.jobs[cut - 1] < pairs.jobs[cut]


def test_a_market_that_records_applications_has_a_head_for_them(trained):
    heads = trained.model.heads
    assert ACCEPT in heads.by_name
    assert heads.maturity_days[ACCEPT] > 0


def test_a_market_of_hires_alone_speaks_of_everybody_found(small_market):
    """Without applications, p_accept is unknown and the hire's head needs no consent."""
    events = small_market.events
    alone = with_frames(small_market, events=events[events["kind"] == Kind.HIRED.value])
    trained = a_training(alone, run=a_run(heads={"jobs": 300}))
    assert ACCEPT not in trained.model.heads.by_name
    assert "quality" not in trained.model.heads.by_name
    engine = an_engine(trained, alone)
    matches = answer(engine, engine.snapshot.jobs.records[-1])
    assert set(matches.factors) <= {HIRE}


def test_no_heads_are_trained_where_the_run_wants_none(small_market):
    trained = a_training(small_market, run=a_run(heads={"jobs": 0}))
    assert trained.model.heads.by_name == {}
    assert trained.model.heads.policy == "ranker"

"""Heads where the data allow, and none where they do not."""

from __future__ import annotations

import numpy as np

from matcher.domain import Kind
from matcher.heads import ACCEPT, HIRE
from tests.small_market import a_run, a_training, an_engine, answer, with_frames


def test_the_head_of_the_hire_reads_more_of_the_past_than_the_others(small_market, monkeypatch):
    monkeypatch.setattr("training.consent.LEAST_POSITIVE", 3)  # the market is small
    shorter, longer = (
        a_training(small_market, run=a_run(heads={"jobs": 100, "hire_jobs": jobs})).model.heads
        for jobs in (0, 300)
    )
    assert longer.by_name[ACCEPT].trees.text == shorter.by_name[ACCEPT].trees.text
    assert longer.by_name[HIRE].trees.text != shorter.by_name[HIRE].trees.text


def test_a_market_that_records_applications_has_a_head_for_them(trained):
    heads = trained.model.heads
    assert ACCEPT in heads.by_name
    assert heads.maturity_days[ACCEPT] > 0


def test_in_a_market_of_hires_alone_the_hire_of_the_willing_is_p_hire(small_market):
    """Without applications, p_accept is unknown and everybody found is taken to be willing."""
    events = small_market.events
    alone = with_frames(small_market, events=events[events["kind"] == Kind.HIRED.value])
    trained = a_training(alone, run=a_run(heads={"jobs": 300}))
    assert trained.model.heads.names == (HIRE,)
    assert trained.model.heads.policy == "ranker"
    engine = an_engine(trained, alone)
    matches = answer(engine, engine.snapshot.jobs.records[-1])
    assert set(matches.factors) == {HIRE}
    np.testing.assert_array_equal(matches.factors[HIRE], matches.p_hire)
    for match in matches.top:
        assert match.factors == {HIRE: match.p_hire}
        assert match.expected_value == match.p_hire
        assert set(match.factor_reasons[HIRE]) <= set(match.reasons)


def test_p_hire_alone_never_orders_for_its_steps_tie(small_market):
    events = small_market.events
    alone = with_frames(small_market, events=events[events["kind"] == Kind.HIRED.value])
    trained = a_training(alone, run=a_run(heads={"jobs": 300, "policy": "expected_value"}))
    assert trained.model.heads.policy == "ranker"


def test_no_heads_are_trained_where_the_run_wants_none(small_market):
    trained = a_training(small_market, run=a_run(heads={"jobs": 0}))
    assert trained.model.heads.by_name == {}
    assert trained.model.heads.policy == "ranker"

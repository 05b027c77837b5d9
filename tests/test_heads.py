"""The factors of a proposal: they multiply, they keep order, a missing one is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import FEATURES
from matcher.domain import instant_of
from matcher.heads import ACCEPT, FACTORS, HIRE, QUALITY, Head, Heads, offsets
from matcher.ranking.calibration import Level
from matcher.ranking.classifier import GbdtClassifier, Outcomes
from matcher.ranking.gbdt import Boosting
from tests.builders import a_brief, a_freelancer, a_job, a_market, an_engine, an_event, frame_of
from tests.small_market import an_engine as trained_engine

SMALL = Boosting(rounds=5, num_leaves=3, min_data_in_leaf=5, feature_fraction=1.0)


def a_head(seed: int = 1) -> Head:
    """Of the first column of a matrix as wide as the catalog."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(200, len(FEATURES.names))).astype(np.float32)
    happened = matrix[:, 0] + rng.normal(size=200) > 0
    trees = GbdtClassifier.fit(
        Outcomes(matrix=matrix, happened=happened),
        names=FEATURES.names,
        monotone=tuple(0 for _ in FEATURES.names),
        boosting=SMALL,
        seed=7,
    )
    return Head(trees=trees, level=Level.fit(trees.log_odds(matrix), happened))


HEAD = a_head()


@given(st.lists(st.floats(-4, 4, width=32), min_size=2, max_size=20))
def test_a_calibrated_head_keeps_the_order_of_its_trees(firsts):
    matrix = np.zeros((len(firsts), len(FEATURES.names)), np.float32)
    matrix[:, 0] = firsts
    told, sums = HEAD.probabilities(matrix, 0.0), HEAD.trees.log_odds(matrix)
    order = np.argsort(sums, kind="stable")
    assert (np.diff(told[order]) >= 0).all()
    assert ((told >= 0) & (told <= 1)).all()


def test_higher_odds_to_start_from_make_it_likelier():
    matrix = np.zeros((1, len(FEATURES.names)), np.float32)
    told = [float(HEAD.probabilities(matrix, start)[0]) for start in (-3.0, 0.0, 3.0)]
    assert told == sorted(told)
    assert told[0] < told[2]


@pytest.mark.parametrize("names", [FACTORS, (ACCEPT, QUALITY), (HIRE,)])
def test_the_expected_value_is_the_product_of_the_factors_that_there_are(names, engine, small_job):
    heads = Heads(by_name={name: a_head(seed) for seed, name in enumerate(names)})
    matches = replace(engine, heads=heads).match(small_job)
    assert set(matches.factors) == set(names)
    for match in matches.top:
        assert set(match.factors) == set(names)
        assert match.expected_value == pytest.approx(np.prod(list(match.factors.values())))


def test_without_heads_nothing_is_told_and_the_ranker_orders(engine, small_job):
    plain = replace(engine, heads=Heads()).match(small_job)
    assert {match.expected_value for match in plain.top} == {None}
    assert all(match.factors == {} and match.factor_reasons == {} for match in plain.top)
    with_heads = engine.match(small_job)
    assert [m.freelancer_id for m in with_heads.top] == [m.freelancer_id for m in plain.top]
    assert [m.score for m in with_heads.top] == [m.score for m in plain.top]


def test_by_expected_value_the_score_is_the_product_and_orders_the_list(engine, small_job):
    heads = Heads(by_name={ACCEPT: a_head(1), HIRE: a_head(2)}, policy="expected_value")
    matches = replace(engine, heads=heads).match(small_job)
    assert [match.score for match in matches.top] == [m.expected_value for m in matches.top]
    scores = [match.score for match in matches.top]
    assert scores == sorted(scores, reverse=True)
    ties = {score for score in scores if scores.count(score) > 1}
    for tie in ties:  # by id
        ids = [m.freelancer_id for m in matches.top if m.score == tie]
        assert ids == sorted(ids)


def test_every_factor_is_explained_by_what_raised_and_what_lowered_it(trained, small_market):
    engine = trained_engine(trained, small_market)
    job = engine.snapshot.jobs.records[-1]
    matches = engine.match(engine.ask(job, as_of=instant_of(job.posted_at), k=5))
    assert ACCEPT in engine.heads.by_name
    for match in matches.top:
        for name, reasons in match.factor_reasons.items():
            assert name in match.factors
            assert len(reasons) <= 2
            assert [one.contribution > 0 for one in reasons] in ([], [True], [False], [True, False])


def test_a_market_that_hires_more_starts_from_higher_odds():
    def start(hires: int) -> dict[str, float]:
        market = a_market(
            freelancers=[a_freelancer("f1"), a_freelancer("f2")],
            jobs=[a_job(f"j{n}", posted=-40 + n) for n in range(20)],
            events=[an_event("hired", f"j{n}", "f1", at=-19 + n / 2) for n in range(hires)],
        )
        return offsets(frame_of(an_engine(market), a_brief()))

    assert start(2)[HIRE] < start(10)[HIRE] < start(20)[HIRE]


def test_a_market_that_knows_nothing_starts_from_what_is_usual():
    found = offsets(frame_of(an_engine(a_market(freelancers=[a_freelancer()])), a_brief()))
    assert set(found) == set(FACTORS)
    assert all(np.isfinite(value) for value in found.values())


@pytest.fixture(scope="module")
def engine(trained, small_market):
    return trained_engine(trained, small_market)


@pytest.fixture(scope="module")
def small_job(engine):
    job = engine.snapshot.jobs.records[-1]
    return engine.ask(job, as_of=instant_of(job.posted_at), k=20)

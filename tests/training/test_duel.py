"""Two engines side by side: the same jobs, each its own answer, time taken in turns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.engine import Engine
from matcher.marketplace import Marketplace
from matcher.ports import Column, Matrix
from tests.small_market import an_engine
from tests.training.promotion_builders import (
    half_trained,
    narrow,
    too_sure,
    turned_round,
    uncalibrated,
    with_model,
)
from training.build import Trained
from training.duel import Duel, duel
from training.evaluate import Span, test_span
from training.labels import Labels
from training.promote import Rules, Verdict, judged

test_span.__test__ = False  # a function of the product, not a test


AT_EASE = Rules(latency_ratio=10)  # a busy machine is not what these tests are about


@pytest.fixture(scope="module")
def learned(small_market: Marketplace) -> Trained:
    return half_trained(small_market)


@pytest.fixture(scope="module")
def engine(learned: Trained, small_market: Marketplace) -> Engine:
    return an_engine(learned, small_market)


@pytest.fixture(scope="module")
def span(learned: Trained, engine: Engine) -> Span:
    return test_span(engine.snapshot.jobs, test_from=learned.until)


@pytest.fixture(scope="module")
def labels(small_market: Marketplace, engine: Engine) -> Labels:
    return Labels.of(small_market.events, snapshot=engine.snapshot)


@pytest.fixture(autouse=True)
def _few_are_timed(monkeypatch) -> None:
    monkeypatch.setattr("training.duel.MOST_TIMED", 2)


@pytest.fixture(scope="module")
def equal(engine: Engine, span: Span, labels: Labels) -> Duel:
    with pytest.MonkeyPatch.context() as world:
        world.setattr("training.duel.MOST_TIMED", 2)
        return duel(engine, engine, span, labels=labels)


def failed(verdict: Verdict) -> list[str]:
    return [one.name for one in verdict.failed]


# Against itself, and against worse


def test_a_bundle_is_not_worse_than_itself(equal):
    verdict = judged(equal, AT_EASE)
    assert failed(verdict) == []
    assert [one.name for one in verdict.checks] == [
        "jobs",
        "ranking",
        "calibration",
        "newcomers",
        "latency",
    ]
    figures = verdict.figures()
    assert figures["ranking"]["ci"] == [0, 0]
    assert figures["calibration"]["ci"] == [0, 0]
    assert figures["newcomers"]["difference"] == 0


def test_the_same_jobs_and_people_count_for_both(equal, small_market, span):
    hires = small_market.events[small_market.events["kind"] == "hired"]
    first = hires.groupby("freelancer_id")["at"].min()
    posted = small_market.jobs.set_index("job_id")["posted_at"]
    assert set(equal.candidate.lists) == set(equal.champion.lists) == set(equal.relevant)
    assert len(equal.relevant) + equal.left_out == len(span.jobs)
    for job, people in equal.relevant.items():
        assert equal.newcomers[job] == [one for one in people if first[one] >= posted[job]]
    assert any(equal.newcomers.values())


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (turned_round, "ranking"),
        (too_sure, "calibration"),
        (uncalibrated, "calibration"),
    ],
)
def test_a_model_that_is_worse_in_one_way_fails_there(
    change, check, learned, small_market, engine, span, labels
):
    worse = an_engine(with_model(learned, change), small_market)
    verdict = judged(duel(worse, engine, span, labels=labels), AT_EASE)
    assert check in failed(verdict)
    better = judged(duel(engine, worse, span, labels=labels), AT_EASE)
    assert check not in failed(better)


def test_a_pool_too_narrow_for_newcomers_fails(small_market, engine, span, labels):
    worse = an_engine(narrow(small_market), small_market)
    (check,) = [
        one
        for one in judged(duel(worse, engine, span, labels=labels), AT_EASE).failed
        if one.name == "newcomers"
    ]
    assert check.figures["lost"] > 5
    assert "lost and 0 gained" in check.told


class Slowed:
    """A ranker that takes its time, on a clock that nothing else moves."""

    def __init__(self, engine: Engine, clock: list[float], *, ms: float) -> None:
        self._ranker, self._clock, self._ms = engine.ranker, clock, ms

    def score(self, matrix: Matrix) -> Column:
        self._clock[0] += self._ms / 1000
        return self._ranker.score(matrix)

    def contributions(self, matrix: Matrix) -> Matrix:
        return self._ranker.contributions(matrix)


@pytest.mark.parametrize(
    ("candidate_ms", "rules", "holds"),
    [
        (10, Rules(), True),
        (15, Rules(), True),
        (15.2, Rules(), False),
        (15.2, Rules(latency_ratio=2), True),
        (10, Rules(latency_ms=9.9), False),
        (10, Rules(latency_ms=10.1), True),
    ],
)
def test_time_is_taken_side_by_side(engine, span, labels, candidate_ms, rules, holds):
    clock = [0.0]
    sides = [replace(engine, ranker=Slowed(engine, clock, ms=ms)) for ms in (candidate_ms, 10)]
    few = replace(span, jobs=span.jobs[:20])
    seen = duel(*sides, few, labels=labels, clock=lambda: clock[0])
    assert seen.candidate_ms == pytest.approx(candidate_ms)
    assert seen.champion_ms == pytest.approx(10)
    assert ("latency" not in failed(judged(seen, rules))) is holds


def test_a_moment_in_which_the_machine_was_busy_does_not_count(engine, span, labels):
    """The clock leaps once a job, and the best of three rounds is another."""
    ticks = iter(range(10_000_000))

    def leaping() -> float:
        tick = next(ticks)
        return tick * 0.001 + (tick // 11) * 0.5

    few = replace(span, jobs=span.jobs[:20])
    seen = duel(engine, engine, few, labels=labels, clock=leaping)
    assert seen.candidate_ms == pytest.approx(1)
    assert seen.champion_ms == pytest.approx(1)


# The first of its name


def test_the_first_is_set_against_its_own_pool(engine, span, labels):
    seen = duel(engine, None, span, labels=labels)
    assert seen.is_first
    job = next(iter(seen.relevant))
    row = engine.snapshot.jobs.rows[job]
    query = engine.ask(
        engine.snapshot.jobs.records[row], as_of=int(engine.snapshot.jobs.posted_at[row])
    )
    ids = engine.snapshot.freelancers.ids
    assert seen.champion.lists[job] == [ids[one] for one in engine.retrieve(query).rows]
    assert failed(judged(seen, Rules())) == []


def test_the_first_must_not_be_shown_to_lose(learned, small_market, span, labels):
    worse = an_engine(with_model(learned, turned_round), small_market)
    assert "ranking" in failed(judged(duel(worse, None, span, labels=labels), Rules()))

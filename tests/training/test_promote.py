"""The gate: what each check refuses, and what it lets through."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.engine import Engine
from matcher.errors import UsageError
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
from training.duel import Answers, Duel, duel
from training.evaluate import Span, test_span
from training.labels import Labels
from training.metrics import calibration_error, interval, per_job
from training.promote import FEWEST_JOBS, FEWEST_NEWCOMERS, Rules, Verdict, judged
from training.reliability import BINS, Reliability

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


def answers(lists: dict[str, list[str]], *, p_hire=0.5, hired=0) -> Answers:
    """One retrieved candidate a job, who is hired in the first `hired` jobs."""
    return Answers(
        lists,
        [np.full(1, p_hire, np.float32) for _ in lists],
        [np.array([place < hired]) for place in range(len(lists))],
    )


def a_duel(candidate: Answers, champion: Answers, *, newcomers=(), took=(1.0, 1.0)) -> Duel:
    """Job after job one person hired, called as the job is."""
    relevant = {job: [job] for job in candidate.lists}
    return Duel(
        relevant=relevant,
        newcomers={job: [job] if job in newcomers else [] for job in relevant},
        left_out=0,
        candidate=candidate,
        champion=champion,
        candidate_ms=np.full(len(relevant), took[0]),
        champion_ms=None if took[1] is None else np.full(len(relevant), took[1]),
    )


def found(*, of: int, losing: int = 0) -> dict[str, list[str]]:
    """Lists that hold the one who was hired, but for the first few."""
    return {f"j{n:03}": [] if n < losing else [f"j{n:03}"] for n in range(of)}


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


def test_the_first_need_not_prove_what_it_gains_but_must_not_be_shown_to_lose(
    learned, small_market, span, labels
):
    worse = an_engine(with_model(learned, turned_round), small_market)
    assert "ranking" in failed(judged(duel(worse, None, span, labels=labels), Rules()))
    few = found(of=40, losing=1)
    loses_one = replace(a_duel(answers(few, hired=20), answers(found(of=40), hired=20)))
    assert "ranking" in failed(judged(loses_one, Rules()))
    assert "ranking" not in failed(judged(replace(loses_one, champion_ms=None), Rules()))


def test_the_first_may_do_without_probabilities():
    unsure = answers(found(of=30), p_hire=nan)
    verdict = judged(a_duel(unsure, answers(found(of=30)), took=(1.0, None)), Rules())
    assert failed(verdict) == []
    assert verdict.figures()["calibration"]["candidate"] is None


# How each check judges


def test_too_few_jobs_are_refused_whatever_they_say():
    for of in (1, FEWEST_JOBS - 1, FEWEST_JOBS):
        verdict = judged(a_duel(answers(found(of=of)), answers(found(of=of))), Rules())
        assert failed(verdict) == ([] if of >= FEWEST_JOBS else ["jobs"])


def test_without_any_job_there_is_nothing_to_say_but_that():
    verdict = judged(a_duel(Answers(), Answers()), Rules())
    assert [(one.name, one.holds) for one in verdict.checks] == [("jobs", False)]
    assert "0 test jobs count, 20 are needed" in verdict.checks[0].told


@pytest.mark.parametrize(("margin", "holds"), [(0.1, True), (0.01, False)])
def test_the_lower_end_of_the_interval_decides(margin, holds):
    """One in 40 lost is -.025, and the interval reaches down to about -.075."""
    seen = a_duel(answers(found(of=40, losing=1), hired=20), answers(found(of=40), hired=20))
    ours, theirs = (
        per_job(side.lists, seen.relevant)["ndcg@10"] for side in (seen.candidate, seen.champion)
    )
    low, _ = interval(ours - theirs)
    assert -0.1 < low < -0.025
    assert ("ranking" not in failed(judged(seen, Rules(margin=margin)))) is holds


def test_an_advantage_that_may_be_chance_is_no_proof_but_a_sure_one_is():
    """A candidate may gain on average and still be worse by more than the margin."""
    ours = {**found(of=40), "j000": []}
    theirs = found(of=40, losing=3) | {"j000": ["j000"]}
    seen = a_duel(answers(ours, hired=20), answers(theirs, hired=20))
    ranking = judged(seen, Rules()).checks[1]
    assert ranking.figures["difference"] > 0
    assert not ranking.holds
    sure = a_duel(answers(found(of=40)), answers(found(of=40, losing=20)))
    assert judged(sure, Rules()).checks[1].holds


def test_no_newcomer_is_nothing_to_lose():
    verdict = judged(a_duel(answers(found(of=30)), answers(found(of=30))), Rules())
    assert verdict.figures()["newcomers"]["hires"] == 0
    assert "newcomers" not in failed(verdict)


@pytest.mark.parametrize(("lost", "holds"), [(0, True), (4, True), (5, False), (9, False)])
def test_few_newcomers_are_judged_by_who_was_lost(lost, holds):
    """Five of five lost is a chance of 1 in 32, four of four one of 1 in 16."""
    people = found(of=60)
    seen = a_duel(answers(found(of=60, losing=lost)), answers(people), newcomers=set(people))
    assert ("newcomers" not in failed(judged(seen, Rules()))) is holds


@pytest.mark.parametrize(("lost", "holds"), [(0, True), (1, True), (12, False)])
def test_many_newcomers_are_judged_by_the_interval(lost, holds):
    people = found(of=FEWEST_NEWCOMERS)
    seen = a_duel(
        answers(found(of=FEWEST_NEWCOMERS, losing=lost)), answers(people), newcomers=set(people)
    )
    check = judged(seen, Rules()).checks[3]
    assert check.holds is holds
    assert check.figures["ci"][0] <= -lost / FEWEST_NEWCOMERS <= check.figures["ci"][1]


@pytest.mark.parametrize(
    "wrong", [{"margin": nan}, {"latency_ratio": float("inf")}, {"latency_ms": nan}]
)
def test_a_rule_that_nothing_can_be_held_against_is_refused(wrong):
    with pytest.raises(UsageError, match="give a finite number"):
        Rules(**wrong)


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

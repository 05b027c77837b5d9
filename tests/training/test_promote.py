"""The gate: what each check refuses, and what it lets through."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from matcher.errors import UsageError
from training.duel import Answers, Duel
from training.evaluate import test_span
from training.metrics import interval, per_job
from training.promote import FEWEST_JOBS, FEWEST_NEWCOMERS, Rules, Verdict, judged

test_span.__test__ = False  # a function of the product, not a test

AT_EASE = Rules(latency_ratio=10)  # a busy machine is not what these tests are about


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


# The first of its name


def test_the_first_need_not_prove_what_it_gains():
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

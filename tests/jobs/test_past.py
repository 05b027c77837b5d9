"""One freelancer's part of a record, as of an instant."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.engagements import CANCELLED_WEIGHT
from matcher.jobs.past import Ledger, Past
from tests.builders import a_freelancer, a_job, a_market, a_snapshot, an_event, instant

JOBS = [a_job(f"j{n}", posted=-60) for n in range(4)]
PEOPLE = [a_freelancer("f1"), a_freelancer("f2"), a_freelancer("f3")]


def ledger(*events) -> Ledger:
    snapshot = a_snapshot(a_market(freelancers=PEOPLE, jobs=JOBS, events=events))
    return Ledger.of(snapshot.history.engagements, freelancers=len(PEOPLE))


def test_the_past_is_ones_own_and_the_oldest_comes_first():
    hires = [
        an_event("hired", "j2", "f2", at=-3),
        an_event("hired", "j0", "f2", at=-9),
        an_event("hired", "j1", "f1", at=-5),
    ]
    past = ledger(*hires).before(1, instant())
    assert past.jobs.tolist() == [0, 2]
    assert past.age_days.tolist() == [9, 3]


def test_what_happens_at_the_instant_is_not_past():
    hires = ledger(an_event("hired", "j0", at=-1), an_event("hired", "j1", at=0))
    assert hires.before(0, instant()).jobs.tolist() == [0]


def test_somebody_without_a_past_has_an_empty_one():
    past = ledger().before(2, instant())
    assert len(past) == 0
    assert past.by_code(np.array([0, 1, -1, 0]), np.array([0, -1]), half_life_days=9).sum() == 0


def test_a_broken_contract_counts_less_once_it_is_broken():
    broken = ledger(an_event("hired", at=-5), an_event("cancelled", at=-1))
    assert broken.before(0, instant(-2)).weight.tolist() == [1]
    assert broken.before(0, instant()).weight == pytest.approx([CANCELLED_WEIGHT])


def test_jobs_that_share_a_code_add_up_and_an_unknown_code_is_shared_with_none():
    past = Past(
        jobs=np.array([0, 1, 2, 3]), age_days=np.array([10.0, 20, 10, 10]), weight=np.ones(4)
    )
    codes = np.array([5, 5, -1, 2])
    shared = past.by_code(codes, np.array([5, 2, 4, -1, 9]), half_life_days=10)
    assert shared == pytest.approx([1 / 2 + 1 / 4, 1 / 2, 0, 0, 0])


def test_the_latest_are_the_last():
    past = Past(jobs=np.arange(5), age_days=np.arange(5.0, 0, -1), weight=np.ones(5))
    assert past.latest(2).jobs.tolist() == [3, 4]
    assert past.latest(9).jobs.tolist() == past.jobs.tolist()


def test_what_falls_into_a_span_is_found_by_owner():
    hires = [an_event("hired", f"j{n}", f"f{n}", at=-n) for n in (1, 2, 3)]
    owner, jobs = ledger(*hires).within(instant(-2), instant())
    assert list(zip(owner.tolist(), jobs.tolist(), strict=True)) == [(0, 1), (1, 2)]

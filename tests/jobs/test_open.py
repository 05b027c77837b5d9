"""A job is open from its posting until it is filled, closes, or is given up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain import DAY_US
from matcher.jobs.open import OpenJobs
from tests.builders import a_freelancer, a_job, a_market, a_snapshot, an_event, day, instant

PEOPLE = [a_freelancer(f"f{n}") for n in range(4)]


def opened(*, jobs, events=(), longest_days: float = 30.0) -> OpenJobs:
    snapshot = a_snapshot(a_market(freelancers=PEOPLE, jobs=jobs, events=events))
    return OpenJobs.of(snapshot.jobs, snapshot.history.engagements, longest_days=longest_days)


def is_open(job, *events, at: int = instant()) -> bool:
    return bool(opened(jobs=[job], events=events).as_of(at)[0])


@pytest.mark.parametrize(("posted", "expected"), [(-1, True), (0, False), (1, False)])
def test_a_job_opens_strictly_after_its_posting(posted, expected):
    assert is_open(a_job(posted=posted)) is expected


@pytest.mark.parametrize(("closes", "expected"), [(1, True), (0, False), (-1, False)])
def test_a_job_is_shut_once_it_reaches_its_close(closes, expected):
    assert is_open(a_job(closes_at=day(closes))) is expected


def test_a_job_leaves_the_moment_it_is_filled():
    job, hire = a_job(), an_event("hired", at=0)
    assert is_open(job, hire, at=instant())  # what happens at the instant is not known as of it
    assert not is_open(job, hire, at=instant() + 1)


def test_a_job_of_two_positions_is_open_until_the_second_hire():
    job = a_job(positions=2)
    first, second = an_event("hired", at=-5), an_event("hired", freelancer_id="f2", at=-2)
    assert is_open(job, first)
    assert is_open(job, first, second, at=instant(-2))
    assert not is_open(job, first, second, at=instant(-2) + 1)


def test_one_person_hired_twice_takes_one_position():
    assert is_open(a_job(positions=2), an_event("hired", at=-5), an_event("hired", at=-3))


def test_a_job_that_hired_more_than_it_sought_is_shut_by_the_hire_that_filled_it():
    hires = [an_event("hired", freelancer_id=f"f{n}", at=-4 + n) for n in range(3)]
    assert is_open(a_job(), *hires, at=instant(-4))
    assert not is_open(a_job(), *hires, at=instant(-4) + 1)


def test_a_job_that_is_older_than_any_that_is_filled_is_given_up():
    jobs = [a_job("old", posted=-11), a_job("ripe", posted=-10), a_job("new", posted=-1)]
    found = opened(jobs=jobs, longest_days=10)
    assert found.as_of(instant()).all()
    assert found.given_up(instant()).tolist() == [True, False, False]


def test_a_market_without_jobs_has_none_open():
    assert opened(jobs=[]).as_of(instant()).tolist() == []


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(-9, 9), max_size=4, unique=True),
    st.integers(1, 4),
    st.integers(-9, 9),
    st.none() | st.integers(-9, 9),
)
def test_it_is_open_as_the_contract_says(hires, positions, at, closes):
    job = a_job(positions=positions, posted=-5, closes_at=None if closes is None else day(closes))
    events = [an_event("hired", freelancer_id=f"f{n}", at=when) for n, when in enumerate(hires)]
    expected = (
        at > -5 and sum(when < at for when in hires) < positions and (closes is None or at < closes)
    )
    assert is_open(job, *events, at=instant() + at * DAY_US) is np.bool_(expected).item()

"""Who wanted which job: the first sign of it, as of any instant."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.history import History
from matcher.interests import Interests
from matcher.roster import Freelancers, Jobs
from tests.builders import a_freelancer, a_job, a_market, an_event, instant

JOBS = ["j1", "j2", "j3"]
PEOPLE = ["a", "b", "c"]
WANTING = ("applied", "invite_accepted")
events = st.lists(
    st.tuples(
        st.sampled_from([*WANTING, "invited", "invite_declined", "hired"]),
        st.sampled_from(JOBS),
        st.sampled_from(PEOPLE),
        st.integers(-4, 3),
    ),
    max_size=25,
)


def history_of(*rows: tuple[str, str, str, int]) -> History:
    """Of three people, in the order of their ids, and three jobs."""
    market = a_market(
        freelancers=[a_freelancer(who) for who in PEOPLE],
        jobs=[a_job(job) for job in JOBS],
        events=[an_event(kind, job, who, at=at) for kind, job, who, at in rows],
    )
    return History.of(
        market.events, freelancers=Freelancers.of(market.freelancers), jobs=Jobs.of(market.jobs)
    )


def wanted(
    history: History, *jobs: str, as_of: float = 0, last: int = 0
) -> list[tuple[str, str, int]]:
    """Job, freelancer and instant of every interest, in the order of the answer."""
    interests = history.interests
    rows = np.array([JOBS.index(job) for job in jobs or JOBS], np.int64)
    positions, owner = interests.of_jobs(rows, as_of=instant(as_of) + last)
    return [
        (JOBS[rows[job]], PEOPLE[interests.freelancer[position]], int(interests.at[position]))
        for position, job in zip(positions, owner, strict=True)
    ]


@settings(max_examples=80, deadline=None)
@given(events)
def test_agrees_with_a_loop_over_the_events_before(rows):
    history = history_of(*rows)
    first: dict[tuple[str, str], int] = {}
    for kind, job, who, at in rows:
        if kind in WANTING and at < 0:
            first[job, who] = min(first.get((job, who), instant(at)), instant(at))
    found = wanted(history)
    assert {(job, who): at for job, who, at in found} == first
    assert found == sorted(found, key=lambda one: (one[0], one[2], one[1]))
    people = np.arange(len(PEOPLE))
    counted = history.tally("wanted").view(people, np.full(len(people), instant())).count()
    assert counted.tolist() == [sum(who == its for _, its in first) for who in PEOPLE]


@settings(max_examples=40, deadline=None)
@given(events, st.randoms(use_true_random=False))
def test_the_order_of_the_table_changes_nothing(rows, random):
    one = history_of(*rows).interests
    random.shuffle(rows)
    other = history_of(*rows).interests
    for name in ("ends", "freelancer", "at"):
        assert np.array_equal(getattr(one, name), getattr(other, name))


def test_an_accepted_invitation_and_an_application_are_one_interest():
    history = history_of(("applied", "j1", "a", -3), ("invite_accepted", "j1", "a", -5))
    assert wanted(history) == [("j1", "a", instant(-5))]


def test_who_applies_twice_wanted_the_job_once():
    history = history_of(("applied", "j1", "a", -2), ("applied", "j1", "a", -9))
    assert wanted(history) == [("j1", "a", instant(-9))]
    assert wanted(history, as_of=-5) == [("j1", "a", instant(-9))]


def test_those_who_came_first_stand_first_and_ties_by_id():
    history = history_of(
        ("applied", "j1", "c", -2), ("applied", "j1", "b", -2), ("applied", "j1", "a", -1)
    )
    assert [who for _, who, _ in wanted(history)] == ["b", "c", "a"]


def test_an_instant_does_not_see_what_happens_at_it():
    history = history_of(("applied", "j1", "a", -2))
    assert wanted(history, as_of=-2) == []
    assert wanted(history, as_of=-2, last=1) == [("j1", "a", instant(-2))]


def test_jobs_answer_in_the_order_that_they_are_asked_in():
    history = history_of(("applied", "j1", "a", -2), ("applied", "j3", "b", -1))
    assert [job for job, *_ in wanted(history, "j3", "j2", "j1")] == ["j3", "j1"]


def test_every_interest_weighs_the_same():
    interests = history_of(("applied", "j1", "a", -2), ("applied", "j3", "b", -1)).interests
    weights = interests.weight(np.array([1, 0]), as_of=instant())
    assert weights.dtype == np.float32
    assert weights.tolist() == [1, 1]


def test_a_job_that_nobody_wanted_has_no_interests():
    history = history_of(("hired", "j2", "a", -2), ("applied", "j3", "b", -2))
    assert wanted(history, "j1", "j2") == []
    assert history.interests.ends.tolist() == [0, 0, 0, 1]


def test_where_nobody_wanted_anything_or_there_are_no_jobs_nothing_is_found():
    nothing = np.zeros(0, np.int64)
    for jobs in (0, 3):
        interests = Interests.of(nothing, nothing, nothing, jobs=jobs)
        assert interests.ends.tolist() == [0] * (jobs + 1)
        positions, owner = interests.of_jobs(np.arange(jobs), as_of=instant())
        assert len(positions) == len(owner) == 0

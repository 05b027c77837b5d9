from __future__ import annotations

import numpy as np
import pytest

from tests.builders import a_freelancer, a_job, a_market, a_snapshot, an_event
from training.labels import Labels

PEOPLE = [a_freelancer(f"f{n}") for n in range(3)]


def labels_of(*events) -> Labels:
    market = a_market(freelancers=PEOPLE, jobs=[a_job("j0"), a_job("j1")], events=events)
    return Labels.of(market.events, snapshot=a_snapshot(market))


def grade(*outcomes) -> int:
    events = [
        an_event(kind, "j1", "f1", value=value)
        for kind, value in (one if isinstance(one, tuple) else (one, None) for one in outcomes)
    ]
    return int(labels_of(*events).grades(1, np.array([1]))[0])


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], 0),
        (["shown", "viewed"], 0),
        (["rejected"], 0),
        (["invite_declined"], 0),
        (["invited"], 1),
        (["invite_accepted"], 1),
        (["applied", "rejected"], 1),
        (["shortlisted"], 1),
        (["hired"], 3),
        (["applied", "hired"], 3),
        (["hired", "completed"], 3),
        (["hired", ("rated_freelancer", 5)], 3),
        (["hired", "completed", ("rated_freelancer", 4.5)], 4),
        (["hired", "completed", ("rated_freelancer", 4.4)], 3),
        (["hired", "completed", ("rated_private", 8)], 4),
        (["hired", "cancelled"], 2),
        (["hired", "completed", ("rated_freelancer", 2.9)], 2),
        (["hired", "completed", ("rated_freelancer", 3)], 3),
        (["hired", "completed", ("rated_private", 3.9)], 2),
        (["hired", "completed", "cancelled", ("rated_freelancer", 5)], 2),
        (["hired", "completed", ("rated_freelancer", 5), ("rated_private", 1)], 2),
        (["completed", ("rated_freelancer", 5)], 0),
        (["cancelled"], 0),
        (["hired", ("rated_client", 1)], 3),
    ],
)
def test_a_grade_says_what_became_of_a_candidate(outcomes, expected):
    assert grade(*outcomes) == expected


def test_grades_are_those_of_the_pair():
    labels = labels_of(an_event(job_id="j0", freelancer_id="f2"), an_event("applied", "j1", "f0"))
    everyone = np.arange(3)
    assert labels.grades(0, everyone).tolist() == [0, 0, 3]
    assert labels.grades(1, everyone[::-1]).tolist() == [0, 0, 1]
    assert labels.grades(0, everyone).dtype == np.int32


def test_everyone_hired_is_named_in_their_order():
    labels = labels_of(
        *(an_event(job_id="j1", freelancer_id=who) for who in ("f2", "f0")),
        an_event("cancelled", "j1", "f2"),
        an_event("applied", "j1", "f1"),
    )
    assert labels.hired(1).tolist() == [0, 2]
    assert labels.hired(0).tolist() == []


def test_nothing_happened_where_there_are_no_events():
    assert labels_of().grades(0, np.arange(3)).tolist() == [0, 0, 0]
    assert len(labels_of().hired(0)) == 0

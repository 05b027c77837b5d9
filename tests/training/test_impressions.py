"""Logged lists: which are whole, and what the client did with them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.builders import a_freelancer, a_job, a_market, a_snapshot, an_event
from training.impressions import Impressions


def shown(person: str, seat: float | None, *, decision: str | None = "d1", **fields: object):
    fields = {"job_id": "j1", "at": -29, "propensity": 0.9, **fields}
    return an_event("shown", freelancer_id=person, decision_id=decision, position=seat, **fields)


def read(*events, people=("f1", "f2", "f3"), jobs=("j1", "j2"), late=()) -> Impressions:
    market = a_market(
        freelancers=[a_freelancer(one) for one in people]
        + [a_freelancer(one, joined=-29.5) for one in late],
        jobs=[a_job(one) for one in jobs],
        events=events,
    )
    return Impressions.of(market.events, snapshot=a_snapshot(market))


def test_a_list_lies_from_its_top_seat_down_whatever_the_order_of_its_events():
    found = read(shown("f1", 3), shown("f2", 1), shown("f3", 2))
    assert (len(found), found.sizes.tolist()) == (1, [3])
    assert (found.rows.tolist(), found.seat.tolist()) == ([1, 2, 0], [1, 2, 3])
    assert found.left_out == {}


def test_a_click_is_an_invitation_of_somebody_who_was_looked_at():
    found = read(
        *(shown(f"f{seat}", seat) for seat in (1, 2, 3)),
        an_event("viewed", freelancer_id="f1", at=-28),
        an_event("viewed", freelancer_id="f2", at=-28),
        an_event("invited", freelancer_id="f2", at=-27),
        an_event("invited", freelancer_id="f3", at=-27),  # found without the list
    )
    assert found.looked.tolist() == [True, True, False]
    assert found.clicked.tolist() == [False, True, False]


def test_where_no_look_is_recorded_every_invitation_is_a_click():
    found = read(shown("f1", 1), shown("f2", 2), an_event("invited", freelancer_id="f2", at=-27))
    assert found.looked.tolist() == [True, True]
    assert found.clicked.tolist() == [False, True]


def test_what_befell_somebody_for_another_job_is_no_click():
    found = read(
        shown("f1", 1), shown("f2", 2), an_event("invited", "j2", freelancer_id="f2", at=-27)
    )
    assert not found.clicked.any()


@pytest.mark.parametrize(
    ("events", "left_out"),
    [
        ([shown("f1", None), shown("f2", 2)], {"lists without a position": 1}),
        (
            [shown("f1", 1), shown("f2", 1)],
            {"lists that hold a seat or somebody twice": 1},
        ),
        (
            [shown("f1", 1), shown("f1", 2), shown("f2", 3)],
            {"lists that hold a seat or somebody twice": 1},
        ),
        ([shown("f1", 1)], {"lists of one seat": 1}),
        ([shown("f1", 1), shown("f2", 2, job_id="j2")], {"lists of two jobs": 1}),
        (
            [shown("f1", 1, decision=None), shown("f2", 2, decision=None)],
            {"seats without a decision_id": 2},
        ),
        (
            [shown("f1", 1), shown("late", 2)],
            {"lists that hold somebody who was not there at the posting": 1},
        ),
    ],
)
def test_a_list_that_is_not_whole_is_left_out_and_counted(events, left_out):
    whole = [shown("f2", 1, decision="d2"), shown("f3", 2, decision="d2")]
    found = read(*events, *whole, people=("f1", "f2", "f3"), late=("late",))
    assert found.rows.tolist() == [1, 2]
    assert found.left_out == left_out


def test_a_log_without_lists_is_empty_and_no_error():
    found = read(an_event("hired"))
    assert (len(found), len(found.rows), found.left_out) == (0, 0, {})
    assert list(found.slices()) == []


def test_some_lists_keep_their_seats():
    found = read(
        *(shown(f"f{seat}", seat) for seat in (1, 2, 3)),
        *(shown(f"f{seat}", 4 - seat, job_id="j2", decision="d2") for seat in (2, 3)),
    )
    second = found.of_lists([1])
    assert (second.jobs.tolist(), second.rows.tolist(), second.seat.tolist()) == (
        [1],
        [2, 1],
        [1, 2],
    )
    assert len(found.of_lists(np.zeros(2, bool))) == 0


def test_a_propensity_that_was_not_logged_is_unknown():
    found = read(shown("f1", 1, propensity=None), shown("f2", 2))
    assert np.isnan(found.propensity[0])
    assert found.propensity[1] == pytest.approx(0.9)

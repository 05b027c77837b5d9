"""A track record: plain counts, and a rating that says how sure it is."""

from __future__ import annotations

import numpy as np
import pytest

from features.track_record import stars
from matcher.details.record import TrackRecord, track_records
from matcher.learned import Learned
from tests.builders import (
    a_frame,
    a_freelancer,
    a_job,
    a_market,
    a_snapshot,
    an_event,
    day,
    instant,
)

ROW = dict[str, object]


def record(*events: ROW, as_of: float = 0, client: str | None = None) -> TrackRecord:
    snapshot = a_snapshot(
        a_market(
            freelancers=[a_freelancer("f1"), a_freelancer("f2")],
            jobs=[a_job(f"j{n}", client_id=f"c{n % 2}") for n in range(40)],
            events=events,
        )
    )
    row = np.array([snapshot.freelancers.rows["f1"]])
    (told,) = track_records(
        snapshot, Learned.fit(snapshot), rows=row, as_of=instant(as_of), client_id=client
    )
    return told


def rated(count: int, value: float, *, who: str = "f1") -> list[ROW]:
    return [
        an_event("rated_freelancer", f"j{n}", who, at=-20 + n / 10, value=value)
        for n in range(count)
    ]


def test_a_newcomer_has_zeros_and_the_widest_interval():
    told = record(*rated(5, 4, who="f2"))
    assert (told.hires, told.completed, told.cancelled, told.ratings) == (0, 0, 0, 0)
    assert (told.rating_mean, told.last_hired_at, told.hires_by_client) == (None, None, None)
    assert told.rating_low is not None
    assert told.rating_high is not None
    assert told.rating_high - told.rating_low > 0.8


def test_where_nobody_was_rated_nothing_is_expected():
    told = record(an_event("hired", "j1"))
    assert told.hires == 1
    assert (told.rating_expected, told.rating_low, told.rating_high) == (None, None, None)


def test_what_was_rated_later_is_not_yet_known():
    assert record(*rated(9, 1), as_of=-25).rating_expected is None


def test_three_are_not_thirty():
    few, many = record(*rated(3, 5)), record(*rated(30, 5))
    assert few.rating_mean == many.rating_mean == 5
    assert few.rating_low < many.rating_low < many.rating_expected <= many.rating_high <= 5
    assert few.rating_expected < many.rating_expected


@pytest.mark.parametrize("value", [1, 5])
def test_the_interval_holds_what_is_expected_even_at_the_ends_of_the_scale(value):
    told = record(*rated(40, value))
    assert 1 <= told.rating_low <= told.rating_expected <= told.rating_high <= 5


def test_the_rating_is_the_one_that_reasons_speak_of():
    people, jobs, events = [a_freelancer()], [a_job("j0"), a_job("j1")], rated(2, 3)
    frame = a_frame(freelancers=people, jobs=jobs, events=events)
    snapshot = a_snapshot(a_market(freelancers=people, jobs=jobs, events=events))
    (told,) = track_records(snapshot, Learned.fit(snapshot), rows=np.array([0]), as_of=instant(0))
    assert told.rating_expected == pytest.approx(float(stars(frame)[0]), abs=1e-3)


def test_hires_are_counted_by_client_and_the_last_is_dated():
    events = [an_event("hired", "j1", at=-9), an_event("hired", "j2", at=-5)]
    told = record(*events, client="c1")
    assert (told.hires, told.hires_by_client, told.last_hired_at) == (2, 1, day(-5))
    assert record(*events, client="stranger").hires_by_client == 0
    assert record(*events, as_of=-5).last_hired_at == day(-9)


def test_how_it_ended_is_counted():
    told = record(
        an_event("hired", "j1"),
        an_event("completed", "j1", at=-8),
        an_event("hired", "j2"),
        an_event("cancelled", "j2", at=-8),
    )
    assert (told.completed, told.cancelled) == (1, 1)

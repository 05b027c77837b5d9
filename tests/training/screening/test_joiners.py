"""Of whom it is known by now whether a first job came."""

from __future__ import annotations

import numpy as np
import pytest

from tests.builders import a_freelancer, a_job, a_market, an_event, instant
from training.screening.joiners import (
    LONGEST_DAYS,
    SHORTEST_DAYS,
    USUAL_DAYS,
    Joiners,
    askable,
    horizon_days,
)
from training.screening.record import unread


def joiners(*, freelancers, events=(), jobs=None, as_of=0.0) -> tuple[Joiners, object]:
    market = a_market(
        freelancers=freelancers, jobs=jobs or [a_job("j1", posted=-600)], events=events
    )
    snapshot = unread(market)
    return Joiners.of(snapshot, as_of=instant(as_of)), snapshot


def test_somebody_is_screened_at_the_end_of_the_day_of_joining():
    found, _ = joiners(freelancers=[a_freelancer(joined=-9.5)])
    assert found.at.tolist() == [instant(-9)]


def test_on_an_unfinished_day_at_the_instant_asked_about():
    found, _ = joiners(freelancers=[a_freelancer(joined=-0.5)], as_of=-0.25)
    assert found.at.tolist() == [instant(-0.25)]


def test_a_joiner_of_yesterday_without_a_job_is_no_failure():
    """Not seen for the horizon, so neither a yes nor a no."""
    found, _ = joiners(
        freelancers=[a_freelancer("old", joined=-40), a_freelancer("new", joined=-1)]
    )
    assert found.seen_for(30, as_of=instant()).tolist() == [True, False]


def test_the_last_day_of_the_horizon_must_be_over():
    found, _ = joiners(freelancers=[a_freelancer(joined=-30.5)])
    assert found.seen_for(30, as_of=instant(0)).tolist() == [True]
    assert found.seen_for(30, as_of=instant(0) - 1).tolist() == [False]


def test_a_hire_at_the_very_end_of_the_horizon_comes_too_late():
    people = [a_freelancer("a", joined=-30.5), a_freelancer("b", joined=-30.5)]
    hires = [an_event(freelancer_id="a", at=-0.001), an_event(freelancer_id="b", at=0)]
    found, _ = joiners(freelancers=people, events=hires, as_of=1)
    assert found.hired_within(30).tolist() == [True, False]


def test_only_the_first_hire_counts():
    hires = [an_event(at=-5), an_event(at=-20)]
    found, _ = joiners(freelancers=[a_freelancer(joined=-30)], events=hires)
    assert found.first_hired_at.tolist() == [instant(-20)]


def test_who_has_a_job_on_the_day_of_joining_is_not_asked_about():
    people = [a_freelancer("with", joined=-30.5), a_freelancer("without", joined=-30.5)]
    found, snapshot = joiners(freelancers=people, events=[an_event(freelancer_id="with", at=-30.5)])
    assert found.has_job.tolist() == [True, False]
    (left,) = askable(snapshot, found).rows
    assert snapshot.freelancers.ids[left] == "without"


def test_who_was_there_before_the_market_ran_is_not_asked_about():
    people = [a_freelancer("founder", joined=-600), a_freelancer("later", joined=-569)]
    found, snapshot = joiners(freelancers=people)
    (left,) = askable(snapshot, found).rows
    assert snapshot.freelancers.ids[left] == "later"


def test_without_any_job_nobody_is_asked_about():
    snapshot = unread(a_market(freelancers=[a_freelancer()]))
    found = Joiners.of(snapshot, as_of=instant())
    assert len(askable(snapshot, found)) == 0
    assert horizon_days(snapshot, found, as_of=instant()) == SHORTEST_DAYS


def delays(days: list[float], *, joined: float = -400) -> tuple[Joiners, object]:
    people = [a_freelancer(f"f{n:03d}", joined=joined - 0.5) for n in range(len(days))]
    hires = [an_event(freelancer_id=f"f{n:03d}", at=joined + one) for n, one in enumerate(days)]
    return joiners(freelancers=people, events=hires)


def test_the_horizon_holds_nine_in_ten_of_the_delays_seen():
    found, snapshot = delays(list(np.linspace(1, 50, 50)))
    days = horizon_days(snapshot, found, as_of=instant())
    assert days == np.ceil(np.quantile(np.linspace(1, 50, 50), 0.9))


def test_delays_of_those_not_watched_for_long_do_not_shorten_the_horizon():
    """Of the newest only the quick can have been hired yet."""
    found, snapshot = delays([1.0] * 50, joined=-60)
    assert horizon_days(snapshot, found, as_of=instant()) == USUAL_DAYS


@pytest.mark.parametrize(("delay", "expected"), [(0.1, SHORTEST_DAYS), (179.5, LONGEST_DAYS)])
def test_the_horizon_is_bounded(delay, expected):
    found, snapshot = delays([delay] * 30)
    assert horizon_days(snapshot, found, as_of=instant()) == expected


def test_a_short_record_asks_for_a_third_of_itself_at_most():
    people = [a_freelancer(f"f{n}", joined=-20) for n in range(3)]
    found, snapshot = joiners(freelancers=people, jobs=[a_job(posted=-60)])
    assert horizon_days(snapshot, found, as_of=instant()) == 20

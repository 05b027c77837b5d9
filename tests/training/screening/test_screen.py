"""A day's sign-ups in order, with chances and reasons, and without the future."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache

import pytest

from tests.builders import (
    Market,
    a_freelancer,
    a_job,
    a_market,
    an_event,
    day,
    instant,
)
from tests.fakes import FakeEncoder
from tests.training.screening.signup_market import a_signup, a_signup_market
from training.screening.screen import Day, last_day, screen_day

TODAY = (
    a_signup("t1", joined=-0.9, skill="cobol"),
    a_signup("t2", joined=-0.8, skill="go"),
    a_signup("t3", joined=-0.7, skill="go", hourly_rate_usd=40.0),
    a_signup("t4", joined=-0.6, skill="cobol", title="Übersetzerin 日本語 👩‍🔬"),
)


@cache
def signups() -> Market:
    return a_signup_market().plus(freelancers=TODAY)


def screened(market: Market, *, on: float = -1, as_of: float = 0, **options: object) -> Day:
    return screen_day(
        market.read(), day=instant(on), as_of=day(as_of), encoder=FakeEncoder(), **options
    )


@cache
def answer() -> Day:
    return screened(signups())


def told(found: Day) -> tuple[object, ...]:
    """All that is said; bit for bit."""
    return (asdict_of(found), found.screen.trees and found.screen.trees.text, found.warnings)


def asdict_of(found: Day) -> list[object]:
    return [asdict(one) for one in found.people] + [found.with_job, found.within_days]


def test_who_offers_what_is_wanted_comes_first_and_with_a_better_chance():
    found = answer()
    assert found.screen.trees is not None
    ranked = {one.freelancer_id: one for one in found.people if one.freelancer_id.startswith("t")}
    wanted, other = ("t2", "t3"), ("t1", "t4")
    assert max(ranked[one].rank for one in wanted) < min(ranked[one].rank for one in other)
    assert min(ranked[one].p_first_hire for one in wanted) > 0.3
    assert max(ranked[one].p_first_hire for one in other) < 0.15
    assert [one.rank for one in found.people] == list(range(1, len(found.people) + 1))
    scores = [one.score for one in found.people]
    assert scores == sorted(scores, reverse=True)


def test_a_reason_speaks_for_whom_it_helps_and_against_whom_it_does_not():
    ranked = {one.freelancer_id: one for one in answer().people}
    go, cobol = ranked["t2"].reasons, ranked["t1"].reasons
    assert go[0].contribution > 0
    assert cobol[-1].contribution < 0
    assert any("no recent job names" in one.text for one in cobol if one.contribution < 0)
    for one in answer().people:
        signs = [reason.contribution > 0 for reason in one.reasons]
        assert signs == sorted(signs, reverse=True)
        assert all(reason.contribution for reason in one.reasons)


def test_people_alike_are_told_in_the_order_of_their_ids():
    twins = [a_signup(name, joined=-0.5) for name in ("zz", "aa", "mm")]
    found = screened(a_signup_market(people=20).plus(freelancers=twins))
    same = [one.freelancer_id for one in found.people if one.freelancer_id in {"zz", "aa", "mm"}]
    assert same == ["aa", "mm", "zz"]


LATER = {
    "events at the instant": {
        "events": [
            an_event("hired", "j001", row["freelancer_id"], at=0, event_id=f"x{n}")
            for n, row in enumerate(TODAY)
        ]
    },
    "jobs from the instant on": {
        "jobs": [a_job(f"x{n}", posted=n, title="cobol", skills=["cobol"]) for n in range(90)]
    },
    "people from the instant on": {
        "freelancers": [a_signup(f"{n}", joined=n, skill="cobol") for n in range(60)]
    },
    "profiles rewritten at the instant": {
        "freelancers": [
            {**row, "valid_from": day(0), "skills": ["go", "seo"], "overview": "zyzzyva " * 99}
            for row in TODAY
        ]
    },
}


@pytest.mark.parametrize("what", LATER)
def test_the_future_changes_no_bit(what):
    assert told(screened(signups().plus(**LATER[what]))) == told(answer())


def test_the_past_does_change_the_answer():
    hired = an_event("hired", "j300", "t1", at=-0.01, event_id="x")
    assert told(screened(signups().plus(events=[hired]))) != told(answer())


def test_the_same_question_has_the_same_answer():
    assert told(screened(signups())) == told(answer())


def test_a_joiner_of_last_week_without_a_job_is_no_lesson():
    """Everybody new is useless and has no job, which would teach that `go` is worth nothing."""
    fresh = [a_signup(f"n{n:03d}", joined=-4.5, skill="go") for n in range(300)]
    found = screened(signups().plus(freelancers=fresh))
    assert found.screen.hired == answer().screen.hired
    assert found.screen.known == answer().screen.known


def test_whoever_has_a_job_already_is_told_apart():
    market = signups().plus(events=[an_event("hired", "j300", "t2", at=-0.2, event_id="x")])
    found = screened(market)
    assert found.with_job == ("t2",)
    assert "t2" not in {one.freelancer_id for one in found.people}


def test_asked_later_the_day_is_judged_as_of_its_end():
    later = screened(signups(), on=-20, as_of=0)
    at_once = screened(signups(), on=-20, as_of=-19)
    hired = set(later.with_job)
    assert any("as of the end of the day" in one for one in later.warnings)
    assert {one.freelancer_id for one in at_once.people} - hired == {
        one.freelancer_id for one in later.people
    }


def test_a_day_on_which_nobody_joined_has_nobody_on_it():
    found = screened(signups(), on=-5000, as_of=-4999)
    assert (found.people, found.with_job, found.recorded) == ((), (), 0)


def test_somebody_alone_in_a_market_of_nothing_is_listed_without_a_chance():
    market = a_market(freelancers=[a_freelancer("naïve/日本", joined=-0.5)])
    found = screen_day(market, day=instant(-1), as_of=day(0), encoder=FakeEncoder())
    (one,) = found.people
    assert (one.freelancer_id, one.rank, one.p_first_hire) == ("naïve/日本", 1, None)
    assert one.score == 0


def test_where_everybody_joins_with_a_job_it_says_that_nothing_can_be_told():
    people = [a_freelancer(f"f{n}", joined=-90 + n + 0.5) for n in range(90)]
    hires = [an_event(freelancer_id=f"f{n}", at=-90 + n + 0.5) for n in range(90)]
    market = Market(
        freelancers=tuple(people), jobs=(a_job("j1", posted=-200),), events=tuple(hires)
    )
    found = screened(market)
    assert found.people == ()
    assert found.with_job == ("f89",)
    assert "joined with a job in hand" in found.warnings[0]


def test_where_nobody_is_ever_hired_the_rule_orders():
    market = a_signup_market(people=100, wanted=0, other=0).plus(freelancers=TODAY)
    found = screened(market)
    assert found.screen.trees is None
    assert {one.p_first_hire for one in found.people} == {None}
    ranked = {one.freelancer_id: one.rank for one in found.people}
    assert ranked["t2"] < ranked["t1"]


def test_ratings_from_elsewhere_are_told_with_their_platform():
    ratings = [{"platform": "x", "mean": 4.9, "count": 12}]
    market = signups().plus(freelancers=[a_signup("rated", joined=-0.5, portable_ratings=ratings)])
    (one,) = [one for one in screened(market).people if one.freelancer_id == "rated"]
    assert list(one.ratings) == ratings


def test_the_last_day_is_that_of_the_last_joiner_before_the_instant():
    market = signups().read()
    assert last_day(market, as_of=None) == instant(-1)
    assert last_day(market, as_of=day(-10)) < instant(-10)
    assert last_day(a_market(), as_of=None) is None

"""What is known of somebody who just signed up."""

from __future__ import annotations

import numpy as np
import pytest

from features.signup.catalog import SIGNUP_FEATURES
from features.signup.frame import SignupFrame
from features.signup.outlook import Outlook
from features.signup.postings import Postings
from tests.builders import (
    ROW,
    a_busy_market,
    a_freelancer,
    a_job,
    a_market,
    a_snapshot,
    an_event,
    day,
    instant,
)

FULL = {
    "title": "go person",
    "overview": "I write go all day",
    "skills": ["Go", "sql"],
    "hourly_rate_usd": 30.0,
    "languages": ["en"],
    "weekly_hours": 40.0,
    "utc_offset_hours": 1.0,
}
BY_NAME = {one.name: one for one in SIGNUP_FEATURES.features}


def frame(
    *freelancers: ROW, jobs: list[ROW] | None = None, events: list[ROW] | None = None, as_of=0.0
) -> SignupFrame:
    """Everybody, in the order of ids."""
    market = a_market(
        freelancers=freelancers, jobs=[a_job()] if jobs is None else jobs, events=events or []
    )
    snapshot = a_snapshot(market)
    outlook = Outlook(snapshot=snapshot, postings=Postings.of(snapshot), as_of=instant(as_of))
    return SignupFrame(outlook=outlook, rows=np.arange(len(snapshot.freelancers)))


def value(name: str, *freelancers: ROW, **market: object) -> float:
    """Of the first of them."""
    return float(BY_NAME[name](frame(*freelancers, **market))[0])


def me(**fields: object) -> ROW:
    return a_freelancer("a", joined=-1, **fields)


@pytest.mark.parametrize("feature", SIGNUP_FEATURES.features, ids=lambda one: one.name)
def test_every_feature_keeps_its_promises(feature):
    market = a_busy_market()
    snapshot = a_snapshot(market.read())
    for as_of in (-390, -100, 0, 30):
        outlook = Outlook(snapshot=snapshot, postings=Postings.of(snapshot), as_of=instant(as_of))
        rows = np.arange(len(snapshot.freelancers))
        found = feature(SignupFrame(outlook=outlook, rows=rows))
        known = found[np.isfinite(found)]
        assert (found.shape, found.dtype) == (rows.shape, np.float32)
        assert not np.isinf(found).any()
        assert ((feature.low <= known) & (known <= feature.high)).all()
    assert feature.doc
    assert feature.unit
    assert feature.say(float("nan"))
    assert feature.say(0.7)


@pytest.mark.parametrize("feature", SIGNUP_FEATURES.features, ids=lambda one: one.name)
@pytest.mark.parametrize("jobs", [[], None], ids=["no job", "one job"])
def test_somebody_who_says_nothing_and_nobody_at_all_are_no_error(feature, jobs):
    assert feature(frame(me(), jobs=jobs)).shape == (1,)
    assert feature(frame(jobs=jobs)).shape == (0,)


def test_a_profile_is_complete_when_all_seven_are_there():
    assert value("completeness", me(**FULL)) == 1
    assert value("completeness", me()) == 0
    for name in FULL:
        lacking = {key: one for key, one in FULL.items() if key != name}
        assert value("completeness", me(**lacking)) == pytest.approx(6 / 7), name


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": "go person", "overview": "I write go", "skills": ["go"]}, 3),
        ({"overview": "I write go"}, 3),
        ({"title": "go person", "skills": ["go"]}, 0),
        ({"title": "go person"}, 0),
        ({"overview": "one\ntwo\n\nthree"}, 3),
        ({"overview": "Skills: many"}, 2),
        ({}, 0),
    ],
)
def test_words_of_the_overview_are_neither_title_nor_skills(fields, words):
    assert value("overview_words", me(**fields)) == words


def test_a_rate_is_set_against_those_who_offer_the_same():
    others = [
        a_freelancer("b", hourly_rate_usd=20.0, skills=["go"]),
        a_freelancer("c", hourly_rate_usd=30.0, skills=["go"]),
        a_freelancer("d", hourly_rate_usd=900.0, skills=["law"]),
    ]
    asked = me(hourly_rate_usd=60.0, skills=["go"])
    assert value("rate_to_peers", asked, *others) == pytest.approx(60 / 30)
    assert np.isnan(value("rate_to_peers", me(skills=["go"]), *others))
    without_skills = me(hourly_rate_usd=60.0)
    assert value("rate_to_peers", without_skills, *others) == pytest.approx(60 / 45)


def test_a_rate_is_set_against_hourly_budgets_for_the_skills():
    jobs = [
        a_job("j1", skills=["go"], payment="hourly", budget_usd_max=50.0),
        a_job("j2", skills=["go"], payment="fixed", budget_usd_max=5_000.0),
        a_job("j3", skills=["go"], payment="hourly", budget_usd_max=1.0, posted=-91),
        a_job("j4", skills=["law"], payment="hourly", budget_usd_max=500.0),
    ]
    asked = me(hourly_rate_usd=25.0, skills=["go"])
    assert value("rate_to_budgets", asked, jobs=jobs) == pytest.approx(0.5)


def test_demand_counts_the_last_ninety_days_up_to_the_instant():
    posted = [-91, -90, -30, -1, 0, 1]
    jobs = [a_job(f"j{n}", posted=at, skills=["GO "]) for n, at in enumerate(posted)]
    assert value("skill_demand", me(skills=["go"]), jobs=jobs) == pytest.approx(3 * 30 / 90)
    assert value("skill_demand", me(skills=["law"]), jobs=jobs) == 0
    assert value("skill_demand", me(), jobs=jobs) == 0


def test_a_young_market_is_no_market_without_demand():
    jobs = [a_job(f"j{n}", posted=-10 + n, skills=["go"]) for n in range(10)]
    assert value("skill_demand", me(skills=["go"]), jobs=jobs) == pytest.approx(30)


def test_the_more_offer_a_skill_the_less_scarce_it_is():
    jobs = [a_job(f"j{n}", posted=-89 + n, skills=["go", "sql"]) for n in range(45)]
    alone = value("skill_demand_to_supply", me(skills=["go"]), jobs=jobs)
    crowd = [a_freelancer(f"b{n}", skills=["go"]) for n in range(3)]
    shared = value("skill_demand_to_supply", me(skills=["go"]), *crowd, jobs=jobs)
    assert alone == pytest.approx(4 * shared)
    both = me(skills=["go", "sql"])
    assert value("scarcest_skill", both, *crowd, jobs=jobs) == pytest.approx(alone)
    assert shared < value("skill_demand_to_supply", both, *crowd, jobs=jobs) < alone


def test_nearest_jobs_are_those_that_read_like_the_profile():
    jobs = [a_job(f"j{n:02d}", title="go api") for n in range(20)]
    jobs += [a_job(f"k{n:02d}", title="tax law") for n in range(20)]
    assert value("near_similarity", me(title="go api"), jobs=jobs) == pytest.approx(1)
    assert value("near_similarity", me(title="go law"), jobs=jobs) == pytest.approx(0.5)
    assert np.isnan(value("near_similarity", me(), jobs=jobs))


def test_nearest_jobs_tell_of_newcomers_hired_and_of_competition():
    jobs = [a_job("j1", title="go api"), a_job("j2", title="go api")]
    others = [a_freelancer("b"), a_freelancer("c")]
    events = [
        an_event("applied", "j1", "b", at=-5),
        an_event("applied", "j1", "b", at=-4),  # twice is one
        an_event("applied", "j2", "c", at=0),  # too late to be known
        an_event("hired", "j1", "b", at=-3),
        an_event("hired", "j2", "b", at=-2),  # not the first
        an_event("hired", "j2", "c", at=0),
    ]
    market = {"jobs": jobs, "events": events}
    assert value("near_first_hires", me(title="go api"), *others, **market) == pytest.approx(1 / 2)
    assert value("near_applicants", me(title="go api"), *others, **market) == pytest.approx(1 / 2)


def test_hours_are_shared_with_recent_jobs_across_midnight():
    jobs = [a_job("j1", utc_offset_hours=12.0), a_job("j2", utc_offset_hours=0.0), a_job("j3")]
    assert value("shared_hours", me(utc_offset_hours=-12.0), jobs=jobs) == pytest.approx(8 / 2)
    assert np.isnan(value("shared_hours", me(), jobs=jobs))


def test_a_job_that_asks_for_two_languages_takes_both():
    jobs = [
        a_job("j1", languages=["en", "de"]),
        a_job("j2", languages=["en"]),
        a_job("j3", languages=["xx"]),
        a_job("j4"),
    ]
    assert value("languages_asked", me(languages=["en"]), jobs=jobs) == pytest.approx(1 / 3)
    assert value("languages_asked", me(languages=["de", "en"]), jobs=jobs) == pytest.approx(2 / 3)
    assert np.isnan(value("languages_asked", me(), jobs=jobs))


def test_many_good_ratings_from_elsewhere_say_more_than_one():
    def stars(mean: float, count: int) -> float:
        rated = [{"platform": "x", "mean": mean, "count": count}]
        return value("outside_stars", me(portable_ratings=rated))

    assert 4.5 < stars(5.0, 1) < stars(5.0, 100) < 5.0
    assert stars(3.0, 100) < 4.5
    assert np.isnan(value("outside_stars", me()))
    assert value("outside_ratings", me()) == 0


@pytest.mark.parametrize("as_of", [-300, -100, -10, 0])
def test_what_is_known_is_the_same_where_the_future_was_never_recorded(as_of):
    """A training asks of the past within a longer record; a morning asks at its end."""
    market = a_busy_market().read()
    cut = market.before(day(as_of))
    whole, short = a_snapshot(market), a_snapshot(cut)
    ids = short.freelancers.ids
    found = []
    for snapshot in (whole, short):
        rows = np.array([snapshot.freelancers.rows[one] for one in ids])
        at = np.full(len(rows), instant(as_of))
        found.append(SIGNUP_FEATURES.transform(snapshot, rows=rows, as_of=at))
    assert len(ids)
    np.testing.assert_allclose(*found, rtol=1e-5, atol=1e-6)


def test_everybody_is_seen_as_of_their_own_instant():
    market = a_market(
        freelancers=[a_freelancer("a", skills=["go"]), a_freelancer("b", skills=["go"])],
        jobs=[a_job(f"j{n}", posted=-n, skills=["go"]) for n in range(1, 11)],
    )
    rows, at = np.array([0, 1, 0]), np.array([instant(0), instant(-5), instant(-5)])
    found = SIGNUP_FEATURES.transform(a_snapshot(market), rows=rows, as_of=at)
    demand = found[:, SIGNUP_FEATURES.names.index("skill_demand")]
    assert demand[0] == demand[1] == demand[2] == 30
    assert found[1].tobytes() == found[2].tobytes()


def test_no_feature_looks_at_where_somebody_lives_or_works():
    """The country, an agency and any other extra column change nothing."""
    plain = frame(me(**FULL))
    marked = frame(me(**FULL, country="DE", agency_id="x", group="b"))
    for feature in SIGNUP_FEATURES.features:
        assert feature(plain).tobytes() == feature(marked).tobytes()

"""Details of a list: what they say of people, and that nothing later changes any of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matcher.codes import skill_name
from matcher.details.alike import LEAST_SIMILARITY
from matcher.details.day import overlap_hours
from matcher.details.openings import DetailedJobs, detailed_jobs
from matcher.details.people import Detailed, detailed
from matcher.domain import Job
from matcher.engine import Engine
from matcher.learned import Learned
from tests.builders import (
    NOW,
    Market,
    a_brief,
    a_busy_market,
    a_freelancer,
    a_job,
    a_jobs_engine,
    a_market,
    a_snapshot,
    an_engine,
    an_event,
    day,
    instant,
)

BRIEF = a_brief("shop checkout api", skills=("go", "Figma"), client_id="c1", utc_offset_hours=2.0)


def told(engine: Engine, job: Job = BRIEF, *, as_of: float = 0, k: int = 100) -> Detailed:
    matches = engine.match(engine.ask(job, as_of=instant(as_of), k=k), explain=False)
    return detailed(matches, snapshot=engine.snapshot, learned=engine.learned, finder=engine.finder)


def jobs_told(market: Market, learned: Learned, *, as_of: float = 0) -> DetailedJobs:
    engine = a_jobs_engine(market.read(), learned=learned)
    people = an_engine(market.read(), learned=learned)
    query = engine.ask("f003", as_of=instant(as_of), k=20)
    matches = engine.match(query, explain=False)
    return detailed_jobs(matches, snapshot=engine.snapshot, learned=learned, finder=people.finder)


@pytest.fixture(scope="module")
def busy() -> Market:
    return a_busy_market()


def test_no_later_event_changes_a_detail(busy):
    """Whatever happens at or after the instant: nothing, or everything at once."""
    snapshot = a_snapshot(busy.read())
    learned = Learned.fit(snapshot)
    before = told(an_engine(snapshot, learned=learned))
    assert before.similar_jobs
    assert any(one.precedents for one in before.people)
    assert any(one.track_record.ratings for one in before.people)
    without = busy.without(events=busy.later())
    flood = [
        an_event(kind, f"j{n % 60:03d}", f"f{n % 40:03d}", at=at, value=1.0)
        for n, kind in enumerate(("hired", "rated_freelancer", "completed", "cancelled") * 30)
        for at in (0, 3)
    ]
    profiles = [
        {
            **a_freelancer("f000", joined=-1, title="another", skills=["cobol"]),
            "joined_at": busy.freelancers[0]["joined_at"],
            "valid_from": day(0),
        }
    ]
    for other in (without, busy.plus(events=flood), busy.plus(freelancers=profiles)):
        assert told(an_engine(other.read(), learned=learned)) == before


def test_no_later_event_changes_a_detail_the_other_way_round(busy):
    learned = Learned.fit(a_snapshot(busy.read()))
    before = jobs_told(busy, learned)
    assert before.jobs
    assert before.freelancer is not None
    flood = [an_event("hired", f"j{n:03d}", "f003", at=1 + n) for n in range(30)]
    assert jobs_told(busy.without(events=busy.later()), learned) == before
    assert jobs_told(busy.plus(events=flood), learned) == before


def test_details_follow_the_list(busy):
    engine = an_engine(busy.read())
    query = engine.ask(BRIEF, as_of=instant(), k=7)
    matches = engine.match(query)
    found = detailed(
        matches, snapshot=engine.snapshot, learned=engine.learned, finder=engine.finder
    )
    freelancers = engine.snapshot.freelancers
    for match, one in zip(matches.top, found.people, strict=True):
        row = freelancers.rows[match.freelancer_id]
        version = int(query.versions[row])
        assert one.profile.title == (freelancers.titles[version] if version >= 0 else None)
        assert one.skills.matched + one.skills.missing != ()
        assert {*one.skills.matched} <= {*one.profile.skills}
        assert not {*one.skills.missing} & {*one.profile.skills}
        assert one.sources
        assert "fused" not in one.sources
        assert one.precedents == tuple(
            sorted(one.precedents, key=lambda precedent: -precedent.similarity)
        )
        assert all(precedent.hired_at < NOW for precedent in one.precedents)
    assert len(found.similar_jobs) <= 8
    assert all(one.posted_at < NOW for one in found.similar_jobs)
    assert all(one.similarity >= LEAST_SIMILARITY for one in found.similar_jobs)


def test_an_explored_seat_is_a_newcomers(busy):
    engine = an_engine(busy.read())
    matches = engine.match(engine.ask(BRIEF, as_of=instant(), k=2))
    first = replace(matches.top[0], explored=True)
    found = detailed(
        replace(matches, top=(first, *matches.top[1:])),
        snapshot=engine.snapshot,
        learned=engine.learned,
        finder=engine.finder,
    )
    assert found.people[0].sources[-1] == "newcomer"
    assert "newcomer" not in found.people[1].sources


def test_skills_are_those_listed_and_those_surely_named():
    people = [a_freelancer("f1", title="go", skills=["Go", "PostgreSQL"]), a_freelancer("f2")]
    engine = an_engine(a_market(freelancers=people, jobs=[a_job(skills=["figma", "excel"])]))
    job = a_brief("Go live", description="PostgreSQL tuning", skills=("FIGMA",))
    one, other = told(engine, job).people
    assert (one.skills.matched, one.skills.missing) == (("postgresql",), ("figma",))
    assert (other.skills.matched, other.skills.missing) == ((), ("figma", "postgresql"))
    assert skill_name("FIGMA") == "figma"


def test_a_profile_is_the_one_in_force_and_its_overview_is_cut_at_a_word():
    words = " ".join(["ink"] * 300)
    first = a_freelancer("f1", joined=-300, title="Old", overview="short", skills=["ink", "b, c"])
    later = {**first, "valid_from": day(-10), "overview": words, "hourly_rate_usd": 45.55}
    engine = an_engine(a_market(freelancers=[first, later], jobs=[a_job()]))
    (now,), (then,) = told(engine).people, told(engine, as_of=-20).people
    assert (then.profile.overview, then.profile.hourly_rate_usd) == ("short", None)
    assert now.profile.overview is not None
    assert len(now.profile.overview) <= 600
    assert now.profile.overview.endswith("ink")
    assert now.profile.hourly_rate_usd == 45.55
    assert now.profile.joined_at == day(-300)


@pytest.mark.parametrize("people", [[], [a_freelancer("f1")]])
def test_a_market_without_a_past_has_details_of_nothing(people):
    found = told(an_engine(a_market(freelancers=people)))
    assert found.similar_jobs == ()
    for one in found.people:
        assert (one.profile.title, one.profile.skills, one.precedents) == (None, (), ())
        assert one.track_record.rating_expected is None
        assert one.overlap_hours is None


def test_a_hidden_job_is_neither_similar_nor_a_precedent():
    market = a_market(
        freelancers=[a_freelancer(title="go api")], jobs=[a_job()], events=[an_event()]
    )
    engine = an_engine(market)
    matches = engine.match(engine.ask(a_brief(), as_of=instant()))
    options = {"snapshot": engine.snapshot, "learned": engine.learned, "finder": engine.finder}
    shown = detailed(matches, **options)
    assert [one.job_id for one in shown.similar_jobs] == ["j1"]
    assert (shown.similar_jobs[0].hires, shown.people[0].precedents[0].hired_at) == (1, day(-10))
    hidden = detailed(matches, **options, hidden=frozenset({"j1"}))
    assert (hidden.similar_jobs, hidden.people[0].precedents) == ((), ())


@pytest.mark.parametrize(
    ("client", "theirs", "hours"),
    [
        (0, 0, 8),
        (1, 2, 8),
        (0, 3, 8),
        (0, 5.5, 5.5),
        (0, -8, 1),  # 17:00 there is 9:00 here
        (0, 12, 0),
        (-8, 8, 1),  # 17:00 there is 9:00 of the next day here
        (-12, 14, 8),  # two days apart, at the same hour
        (-8, 5.5, 0),
        (0, None, None),
        (None, 0, None),
    ],
)
def test_how_much_of_the_clients_day_they_are_awake(client, theirs, hours):
    offsets = np.array([np.nan if theirs is None else theirs], np.float32)
    assert overlap_hours(client, offsets) == [hours]

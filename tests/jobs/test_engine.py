"""Jobs for a freelancer, as a freelancer would notice."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.errors import UnknownFreelancerError, UsageError
from matcher.jobs.engine import JobsEngine
from matcher.jobs.filters import JobFilters
from matcher.jobs.query import JobMatches
from matcher.retrieval.filters import Span
from tests.builders import a_freelancer, a_job, a_jobs_engine, a_market, an_event, instant

OPEN = [
    a_job("logo", posted=-3, title="logo illustration ink", category="design", client_id="c1"),
    a_job("api", posted=-3, title="go api server", category="web", client_id="c2"),
    a_job("shop", posted=-3, title="php shop checkout", category="web", client_id="c3"),
]
PAST = [
    a_job("p1", posted=-90, title="go api gateway", category="web", client_id="c2"),
    a_job("p2", posted=-90, title="ink illustration", category="design", client_id="c9"),
]


def asked(
    engine: JobsEngine, who: str = "f1", *, k: int = 10, filters: JobFilters | None = None
) -> JobMatches:
    return engine.match(engine.ask(who, as_of=instant(), k=k, filters=filters or JobFilters()))


def ids(matches: JobMatches) -> list[str]:
    return [match.job_id for match in matches.top]


def engine_of(*, jobs=(), events=(), **profile) -> JobsEngine:
    people = [
        a_freelancer("f1", **profile),
        a_freelancer("f2"),
        a_freelancer("\u017d\u00f3f\u00ed\u0430"),
    ]
    return a_jobs_engine(a_market(freelancers=people, jobs=[*OPEN, *PAST, *jobs], events=events))


@pytest.mark.parametrize(("past", "first"), [("p1", "api"), ("p2", "logo")])
@pytest.mark.parametrize("kind", ["hired", "applied", "invite_accepted"])
def test_jobs_like_those_of_ones_past_come_first(past, first, kind):
    assert ids(asked(engine_of(events=[an_event(kind, past, at=-80)])))[0] == first


def test_jobs_like_ones_profile_come_first():
    assert ids(asked(engine_of(title="php shop developer")))[0] == "shop"


def test_a_client_who_hired_before_counts():
    """Two jobs alike, but for who asks."""
    twins = [
        a_job(one, posted=-2, title="data entry", client_id=client)
        for one, client in (("t1", "c7"), ("t2", "c8"))
    ]
    before = a_job("p3", posted=-70, title="data entry", client_id="c8")
    engine = engine_of(jobs=[*twins, before], events=[an_event("hired", "p3", at=-60)])
    listed = ids(asked(engine))
    assert listed.index("t2") < listed.index("t1")


def test_a_newcomer_with_nothing_but_an_id_gets_fresh_jobs_of_what_hires():
    stale = a_job("stale", posted=-29, title="cobol", category="mainframe")
    hires = [
        an_event("hired", job, "f2", at=-at) for at, job in ((40, "p1"), (30, "p1"), (35, "p2"))
    ]
    matches = asked(engine_of(jobs=[stale], events=hires), "\u017d\u00f3f\u00ed\u0430")
    assert ids(matches)[-1] == "stale"
    assert set(ids(matches)) == {"logo", "api", "shop", "stale"}
    told = {one.feature for match in matches.top for one in match.reasons}
    assert told & {"days_since_posted", "fused_score"}
    assert not any("you delivered in" in one.text for one in matches.top[0].reasons)


def test_reasons_speak_to_the_freelancer():
    matches = asked(engine_of(skills=["go"], jobs=[a_job("g", posted=-1, skills=["go"])]))
    texts = [one.text for one in matches.top[0].reasons]
    assert "you list 100% of the required skills" in texts


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("applied", "already_applied"),
        ("invite_accepted", "already_applied"),
        ("invite_declined", "turned_down"),
        ("rejected", "turned_down"),
    ],
)
def test_a_job_that_one_has_dealt_with_is_not_offered_again(kind, reason):
    matches = asked(engine_of(events=[an_event(kind, "api", at=-1)]))
    assert "api" not in ids(matches)
    assert matches.query.excluded[reason] == 1
    assert "api" in ids(asked(engine_of(events=[an_event(kind, "api", at=0)])))


def test_a_further_position_is_not_offered_to_who_has_one():
    team = a_job("team", posted=-5, positions=2)
    engine = engine_of(jobs=[team], events=[an_event("hired", "team", at=-2)])
    assert "team" not in ids(asked(engine))
    assert asked(engine).query.excluded["already_hired"] == 1
    assert "team" in ids(asked(engine, "f2"))


@pytest.mark.parametrize("job", ["api", "logo", "shop"])
def test_an_invitation_brings_a_job_up(job):
    matches = asked(engine_of(events=[an_event("invited", job, at=-1)]))
    assert ids(matches)[0] == job
    assert any(one.text == "the client invited you" for one in matches.top[0].reasons)
    assert asked(engine_of(events=[an_event("invited", job, at=0)])).matrix.tobytes() == (
        asked(engine_of()).matrix.tobytes()
    )


def test_k_is_kept_and_every_open_job_is_there_for_a_greater_one():
    engine = engine_of()
    assert len(ids(asked(engine, k=2))) == 2
    assert sorted(ids(asked(engine, k=99))) == ["api", "logo", "shop"]


def test_no_open_job_is_an_empty_list():
    engine = a_jobs_engine(a_market(freelancers=[a_freelancer()]))
    assert asked(engine).top == ()
    assert asked(engine).matrix.shape == (0, len(engine.features.names))


def test_nobody_of_that_name_is_an_error():
    with pytest.raises(UnknownFreelancerError, match="no freelancer 'ghost' is known"):
        asked(engine_of(), "ghost")


def test_k_below_one_is_refused():
    with pytest.raises(UsageError, match="k is 0; ask for at least one job"):
        asked(engine_of(), k=0)


def test_ties_are_in_the_order_of_ids():
    twins = [a_job(one, posted=-1, title="same") for one in ("z", "b", "a\u00e9", "m")]
    engine = a_jobs_engine(a_market(freelancers=[a_freelancer()], jobs=twins))
    assert ids(asked(engine)) == ["a\u00e9", "b", "m", "z"]


def test_the_profile_in_force_before_the_instant_counts():
    people = [
        a_freelancer("f1", title="php shop"),
        {
            **a_freelancer("f1", title="ink illustration"),
            "valid_from": a_job(posted=0)["posted_at"],
        },
    ]
    engine = a_jobs_engine(a_market(freelancers=people, jobs=OPEN))
    assert ids(asked(engine))[0] == "shop"
    later = engine.match(engine.ask("f1", as_of=instant() + 1))
    assert later.top[0].job_id == "logo"


@pytest.mark.parametrize(
    ("filters", "left", "excluded"),
    [
        (JobFilters(budget_usd=Span(gte=40)), {"rich"}, {"budget_usd": 1, "budget_usd_unknown": 3}),
        (JobFilters(payment="fixed"), {"poor"}, {"payment": 1, "payment_unknown": 3}),
        (JobFilters(category_in=frozenset({"design"})), {"logo"}, {"category": 2}),
        (JobFilters(country_in=frozenset({"DE"})), {"rich"}, {"country_unknown": 4}),
        (JobFilters(skills_all=frozenset({"GO", "sql"})), {"rich"}, {"skills_all": 1}),
        (JobFilters(skills_any=frozenset({"cobol", "go"})), {"rich", "poor"}, {}),
        (JobFilters(exclude=frozenset({"logo", "ghost"})), {"api", "shop", "rich", "poor"}, {}),
        (JobFilters(payment="barter"), set(), {"payment": 2}),
    ],
    ids=["budget", "payment", "category", "country", "all skills", "a skill", "exclude", "none"],
)
def test_a_filter_keeps_jobs_off_and_counts_them(filters, left, excluded):
    more = [
        a_job(
            "rich",
            posted=-1,
            payment="hourly",
            budget_usd_max=50.0,
            country="DE",
            skills=["go", "sql"],
        ),
        a_job("poor", posted=-1, payment="fixed", budget_usd_min=5.0, skills=["go"]),
    ]
    matches = asked(engine_of(jobs=more), filters=filters)
    assert set(ids(matches)) == left
    assert excluded.items() <= matches.query.excluded.items()


def test_features_do_not_depend_on_who_looked_precedents_up():
    engine = engine_of(events=[an_event("hired", "p1", at=-80), an_event("hired", "p2", "f2")])
    query = engine.ask("f1", as_of=instant())
    hits = engine.retrieve(query)
    wider = engine.sources.precedents(np.arange(len(engine.snapshot.jobs)), instant())
    one = engine.features.transform(engine.frame(query, hits))
    other = engine.features.transform(engine.frame(query, hits, precedents=wider))
    np.testing.assert_array_equal(one, other)

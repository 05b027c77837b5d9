"""One request, top to bottom."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features import FEATURES
from matcher.domain import Kind, instant_of
from matcher.errors import UsageError
from matcher.ranking.calibration import Isotonic
from matcher.rerank.exploration import Exploration
from matcher.retrieval.filters import Filters, Span
from matcher.run import RetrievalRun
from tests.builders import (
    a_brief,
    a_freelancer,
    a_job,
    a_market,
    an_engine,
    an_event,
    day,
    instant,
)
from tests.contracts.source_contract import (
    BRIEFS,
    FILTERS,
    TAMPERINGS,
    TINY,
    ask,
    engine_after,
    learned,
)
from tests.small_market import an_engine as trained_engine


def told(engine, matches) -> dict[str, object]:
    """A whole answer but for its times and its query."""
    return {
        "pool": [engine.snapshot.freelancers.ids[row] for row in matches.rows],
        "scores": matches.scores.tobytes(),
        "matrix": matches.matrix.tobytes(),
        "top": matches.top,
        "excluded": matches.query.excluded,
    }


@pytest.mark.parametrize("brief", BRIEFS)
@pytest.mark.parametrize("k", [1, 5, 1000])
def test_gives_the_best_k_of_those_eligible(brief, k):
    engine = engine_after()
    query = engine.ask(BRIEFS[brief], as_of=instant(), k=k)
    matches = engine.match(query)
    assert len(matches.top) == min(k, query.eligible.sum())
    assert [one.rank for one in matches.top] == list(range(1, len(matches.top) + 1))
    assert len({one.freelancer_id for one in matches.top}) == len(matches.top)
    assert query.eligible[matches.rows].all()
    order = [(-one.score, one.freelancer_id) for one in matches.top]
    assert order == sorted(order)


@pytest.mark.parametrize("brief", BRIEFS)
@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_what_happens_later_changes_no_bit_of_an_answer(tampering, brief):
    before, after = engine_after(), engine_after(tampering)
    one, other = (engine.match(ask(engine, brief)) for engine in (before, after))
    assert told(before, one) == told(after, other)


def test_what_happened_before_does_change_an_answer():
    """The tampering above would be blind if nothing mattered."""
    job, people = a_job(posted=-99), [a_freelancer("f1"), a_freelancer("f2")]

    def best(*events) -> str:
        engine = an_engine(a_market(freelancers=people, jobs=[job], events=events))
        return engine.match(engine.ask(a_brief(), as_of=instant())).top[0].freelancer_id

    assert best(an_event(freelancer_id="f2", at=0)) == "f1"
    assert best(an_event(freelancer_id="f2", at=-1)) == "f2"


def test_the_same_question_gets_the_same_answer():
    engine = engine_after()
    assert told(engine, engine.match(ask(engine))) == told(engine, engine.match(ask(engine)))


def test_explaining_changes_nothing_but_the_reasons():
    engine = engine_after()
    silent = engine.match(ask(engine), explain=False)
    spoken = engine.match(ask(engine))
    assert silent.rows.tolist() == spoken.rows.tolist()
    assert [replace(one, reasons=()) for one in spoken.top] == list(silent.top)
    assert all(1 <= len(one.reasons) <= 5 for one in spoken.top)


@pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS.keys())
def test_who_fails_a_filter_is_counted_and_never_listed(filters):
    engine = engine_after()
    query = ask(engine, filters=filters)
    joined = engine.snapshot.freelancers.joined_before(instant())
    matches = engine.match(replace(query, k=1000))
    assert len(matches.rows) == query.eligible.sum() < joined.sum()
    assert sum(query.excluded.values()) == joined.sum() - query.eligible.sum()


def test_nobody_eligible_is_an_empty_list():
    engine = engine_after()
    matches = engine.match(ask(engine, filters=Filters(hourly_rate_usd=Span(lte=-1))))
    assert matches.top == ()
    assert matches.matrix.shape == (0, len(FEATURES.names))


@pytest.mark.parametrize("rows", TINY.values(), ids=TINY.keys())
@pytest.mark.parametrize("brief", BRIEFS)
def test_a_tiny_market_lists_whom_it_has(rows, brief):
    engine = an_engine(a_market(**rows))
    matches = engine.match(engine.ask(BRIEFS[brief], as_of=instant()))
    assert len(matches.top) == len(rows.get("freelancers", ()))


def test_whom_no_source_finds_fills_the_list_by_id():
    people = [a_freelancer(f"f{n}") for n in range(4)]
    engine = an_engine(a_market(freelancers=[*people, a_freelancer("z", title="go api")]))
    matches = engine.match(engine.ask(a_brief("go api"), as_of=instant(), k=3))
    assert [one.freelancer_id for one in matches.top] == ["z", "f0", "f1"]


def test_a_list_longer_than_the_pool_is_still_full():
    engine = an_engine(engine_after().snapshot, learned=learned(), retrieval=RetrievalRun(pool=2))
    assert len(engine.match(engine.ask(a_brief(), as_of=instant(), k=2)).rows) == 2
    assert len(engine.match(engine.ask(a_brief(), as_of=instant(), k=7)).top) == 7


@pytest.mark.parametrize("k", [0, -3])
def test_a_list_of_nobody_cannot_be_asked_for(k):
    with pytest.raises(UsageError, match=f"k is {k}; ask for at least one match"):
        engine_after().ask(a_brief(), as_of=instant(), k=k)


def test_components_name_the_sources_that_found_a_match():
    people = [a_freelancer("f1", title="go api"), a_freelancer("f2"), a_freelancer("f3")]
    events = [an_event(freelancer_id="f2"), an_event("applied", freelancer_id="f3")]
    engine = an_engine(a_market(freelancers=people, jobs=[a_job()], events=events))
    found = {
        one.freelancer_id: set(one.components)
        for one in engine.match(engine.ask(a_brief("go api"), as_of=instant())).top
    }
    assert found["f1"] == {"profile", "lexical_profile", "fused"}
    assert found["f2"] == {"memory", "lexical", "prior", "fused"}
    assert found["f3"] == {"interest", "fused"}


def test_a_probability_is_promised_only_when_it_was_trained_and_never_orders():
    engine = engine_after()
    assert {one.p_hire for one in engine.match(ask(engine)).top} == {None}
    level = Isotonic(np.array([-9.0, 0.0]), np.array([0.2, 0.2]))
    matches = replace(engine, calibrator=level).match(ask(engine))
    assert [one.p_hire for one in matches.top] == pytest.approx([0.2] * 10)
    assert told(engine, matches)["pool"] == told(engine, engine.match(ask(engine)))["pool"]


def test_a_job_that_is_known_is_not_encoded_again():
    engine = an_engine(a_market(freelancers=[a_freelancer()], jobs=[a_job()]))
    known = engine.snapshot.jobs.records[0]
    query = engine.ask(known, as_of=instant())
    assert engine.encoder.calls == []
    assert np.array_equal(query.vector, engine.snapshot.job_vectors[0])
    edited = replace(known, title="logo")
    assert not np.array_equal(engine.ask(edited, as_of=instant()).vector, query.vector)
    assert engine.encoder.calls == [["logo"]]


def test_the_profile_in_force_at_the_instant_is_the_one_that_counts():
    people = [
        a_freelancer("f1", title="go api", hourly_rate_usd=10),
        a_freelancer("f1", valid_from=day(-9), title="logo", hourly_rate_usd=90),
    ]
    engine = an_engine(a_market(freelancers=people))
    column = FEATURES.names.index("hourly_rate")

    def rate(at: float) -> float:
        return float(engine.match(engine.ask(a_brief(), as_of=instant(at))).matrix[0, column])

    assert (rate(-9), rate(0)) == (10, 90)


def test_the_time_of_every_stage_is_told():
    took = engine_after().match(ask(engine_after())).took_ms
    assert set(took) >= {"retrieve", "features", "rank", "rerank"}
    assert all(milliseconds >= 0 for milliseconds in took.values())


def test_with_a_seed_some_seats_go_to_the_unknown_and_propensities_say_so(trained, small_market):
    engine = replace(
        trained_engine(trained, small_market), exploration=Exploration(share=0.25, few_hires=1)
    )
    job = engine.snapshot.jobs.records[-1]
    query = engine.ask(job, as_of=instant_of(job.posted_at), k=8)
    plain, explored = engine.match(query), engine.match(query, seed=11)
    assert [one.explored for one in plain.top] == [False] * 8
    assert {one.propensity for one in plain.top} == {1.0}
    assert sum(one.explored for one in explored.top) == 2
    assert [one.rank for one in explored.top] == list(range(1, 9))
    certain = [one.freelancer_id for one in explored.top if not one.explored]
    assert certain == [one.freelancer_id for one in plain.top][:6]
    hired = engine.snapshot.history.by_kind[Kind.HIRED]
    for one in explored.top:
        row = engine.snapshot.freelancers.rows[one.freelancer_id]
        count = hired.view(np.array([row]), np.array([query.as_of])).count()[0]
        assert (count == 0 and 0 < one.propensity < 1) if one.explored else one.propensity == 1.0
    assert repr(engine.match(query, seed=11).top) == repr(explored.top)

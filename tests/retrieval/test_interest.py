"""People are found by what they applied for, whether anybody hired them or not."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import pytest

from matcher.engine import Engine
from matcher.learned import Learned
from matcher.retrieval.fusion import FusedSource
from matcher.retrieval.memory import MemoryOrder
from matcher.run import RetrievalRun
from tests.builders import (
    NOW,
    Market,
    a_brief,
    a_busy_market,
    a_freelancer,
    a_job,
    a_market,
    a_snapshot,
    an_engine,
    an_event,
    instant,
)
from tests.contracts.source_contract import BRIEFS, SourceContract, ask, told

HALF_LIFE = 120.0
WANTING = ("applied", "invite_accepted")


class TestInterestSource(SourceContract):
    @pytest.fixture
    def source_of(self):
        return lambda engine: engine.sources.by_name["interest"]


def engine_of(*events, jobs=()) -> Engine:
    """Three people without a profile, a job like the brief and one unlike it."""
    market = a_market(
        freelancers=[a_freelancer(f"f{n}") for n in (1, 2, 3)],
        jobs=[a_job("j1", posted=-400), a_job("j2", posted=-400, title="logo"), *jobs],
        events=events,
    )
    return an_engine(market, learned=Learned.fit(a_snapshot(market.before(NOW))))


def votes(*events, source: str = "interest", jobs=()) -> dict[str, float]:
    """Of everybody found, for a brief that reads exactly like job j1."""
    engine = engine_of(*events, jobs=jobs)
    query = engine.ask(a_brief("go api"), as_of=instant())
    hits = engine.sources.by_name[source].search(query, pool=10)
    ids = engine.snapshot.freelancers.ids
    return {ids[row]: float(score) for row, score in zip(hits.rows, hits.scores, strict=True)}


@pytest.mark.parametrize("kind", WANTING)
def test_a_newcomer_is_found_by_what_they_went_for(kind):
    went = an_event(kind, at=-HALF_LIFE)
    assert votes(went) == pytest.approx({"f1": 1 / 2}, rel=1e-5)
    assert votes(went, source="memory") == votes(went, source="lexical") == {}


@pytest.mark.parametrize("kind", WANTING)
def test_a_newcomer_who_went_for_such_jobs_leads_the_list(kind):
    engine = engine_of(an_event(kind, "j1", "f3"), an_event(kind, "j2", "f1"))
    match = engine.match(engine.ask(a_brief("go api"), as_of=instant())).top[0]
    assert match.freelancer_id == "f3"
    assert match.components.keys() == {"interest", "fused"}


@pytest.mark.parametrize(
    "kind", ["shown", "viewed", "invited", "invite_declined", "shortlisted", "rejected", "hired"]
)
def test_what_others_did_or_somebody_refused_is_no_interest(kind):
    assert votes(an_event(kind)) == {}


def test_a_job_that_shares_nothing_has_no_vote():
    assert votes(an_event("applied", "j2")) == {}


def test_everybody_who_wanted_a_job_has_its_whole_vote_and_jobs_add_up():
    found = votes(
        an_event("applied", at=-9),
        an_event("applied", "j3", at=-9),
        an_event("applied", freelancer_id="f2", at=-9),
        an_event("hired", freelancer_id="f2", at=-8),
        an_event("cancelled", freelancer_id="f2", at=-7),
        jobs=[a_job("j3", posted=-400)],
    )
    assert found["f1"] / found["f2"] == pytest.approx(2, rel=1e-5)


def test_an_application_and_an_accepted_invitation_to_one_job_are_one_vote():
    once = votes(an_event("applied", at=-9))
    assert votes(an_event("applied", at=-9), an_event("invite_accepted", at=-8)) == once


def test_jobs_are_remembered_from_the_first_sign_of_interest():
    market = a_market(
        freelancers=[a_freelancer("f1"), a_freelancer("f2")],
        jobs=[a_job(f"j{n}") for n in (1, 2, 3, 4)],
        events=[
            an_event("applied", "j3", at=-9),
            an_event("applied", "j1", at=-5),
            an_event("invite_accepted", "j1", "f2", at=-20),
            an_event("applied", "j2", at=-9),
            an_event("hired", "j4", at=-30),
        ],
    )
    snapshot = a_snapshot(market)
    order = MemoryOrder.of(snapshot.history.interests)
    assert [snapshot.jobs.records[row].job_id for row in order.jobs] == ["j1", "j2", "j3"]
    assert [order.before(instant(at)).first for at in (-20, -19, -9, -8)] == [0, 1, 1, 3]


@pytest.mark.parametrize("kind", WANTING)
@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("job", ["j1", "j2", "j3"])
def test_interest_at_the_instant_or_later_changes_no_bit(kind, at, job):
    """Whether the job had been wanted before or not."""
    past = [an_event("applied", "j1", "f2"), an_event("hired", "j2", "f3")]
    jobs = [a_job("j3", posted=-400)]
    before = engine_of(*past, jobs=jobs)
    after = engine_of(*past, an_event(kind, job, "f1", at=at), jobs=jobs)
    assert answer(before) == answer(after)


def answer(engine: Engine, brief: str | None = None) -> dict[str, object]:
    """Everything about a list, to the bit: retrieved, fused, in features, ranked, told."""
    query = ask(engine, brief) if brief else engine.ask(a_brief("go api"), as_of=instant())
    matches = engine.match(query)
    return {
        **told(engine, engine.retrieve(query)),
        "rows": matches.rows.tolist(),
        "ranked": matches.scores.tobytes(),
        "matrix": matches.matrix.tobytes(),
        "top": repr(matches.top),
    }


@cache
def busy(*, kinds: Iterable[str] = (), weight: float = 1.0) -> Engine:
    """Over the busy market without events of some kinds."""
    market = a_busy_market()
    gone = [row for row in market.events if row["kind"] in kinds]
    return weighing(market.without(events=gone), weight)


def weighing(market: Market, weight: float) -> Engine:
    return an_engine(market.read(), retrieval=RetrievalRun(weights={"interest": weight}))


@pytest.mark.parametrize("brief", BRIEFS)
def test_a_market_without_applications_ranks_as_if_nobody_asked_for_them(brief):
    heard, unheard = (busy(kinds=WANTING, weight=weight) for weight in (1.0, 0.0))
    assert answer(heard, brief) == answer(unheard, brief)
    fused = heard.sources.fused
    others = [child for child in fused.children if child.name != "interest"]
    hits, bare = (
        source.search(ask(heard, brief), pool=30)
        for source in (fused, FusedSource(children=others, weights={}))
    )
    assert hits.rows.tolist() == bare.rows.tolist()
    assert hits.scores.tobytes() == bare.scores.tobytes()
    assert np.isnan(hits.parts["interest"]).all()


def test_a_market_with_applications_does_not():
    brief = "full"
    heard, unheard = (busy(weight=weight) for weight in (1.0, 0.0))
    assert answer(heard, brief) != answer(unheard, brief)

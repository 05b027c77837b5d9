from __future__ import annotations

import numpy as np
import pytest

from matcher.engagements import CANCELLED_WEIGHT
from matcher.retrieval.memory import MemoryOrder
from matcher.run import RetrievalRun
from tests.builders import (
    a_brief,
    a_freelancer,
    a_job,
    a_market,
    a_snapshot,
    an_engine,
    an_event,
    instant,
)
from tests.contracts.source_contract import SourceContract

HALF_LIFE = 120.0


class TestMemorySource(SourceContract):
    @pytest.fixture
    def source_of(self):
        return lambda engine: engine.sources.by_name["memory"]


class TestLexicalSource(SourceContract):
    @pytest.fixture
    def source_of(self):
        return lambda engine: engine.sources.by_name["lexical"]


def votes(*events, source: str = "memory", jobs=(), **retrieval) -> dict[str, float]:
    """Of every hired freelancer, for a brief that reads exactly like job j1."""
    market = a_market(
        freelancers=[a_freelancer(f"f{n}") for n in range(1, 4)],
        jobs=[a_job("j1", posted=-400), a_job("j2", posted=-400, title="logo"), *jobs],
        events=events,
    )
    engine = an_engine(market, retrieval=RetrievalRun(**retrieval))
    hits = engine.sources.by_name[source].search(
        engine.ask(a_brief("go api"), as_of=instant()), pool=10
    )
    ids = engine.snapshot.freelancers.ids
    return {ids[row]: float(score) for row, score in zip(hits.rows, hits.scores, strict=True)}


@pytest.mark.parametrize("source", ["memory", "lexical"])
def test_a_vote_halves_with_every_half_life(source):
    found = votes(
        an_event(at=-HALF_LIFE), an_event(freelancer_id="f2", at=-3 * HALF_LIFE), source=source
    )
    assert found["f1"] / found["f2"] == pytest.approx(2**2, rel=1e-5)


def test_a_job_that_reads_the_same_votes_with_full_weight():
    assert votes(an_event(at=-HALF_LIFE)) == pytest.approx({"f1": 1 / 2}, rel=1e-5)


def test_a_job_that_shares_nothing_has_no_vote():
    assert votes(an_event(job_id="j2")) == {}


@pytest.mark.parametrize(
    ("outcome", "value", "weight"),
    [
        ("cancelled", None, CANCELLED_WEIGHT),
        ("rated_freelancer", 5, 1),
        ("rated_freelancer", 2, (1 + 2) / 6),
        ("completed", None, 1),
    ],
)
def test_a_vote_is_weighed_by_how_it_went(outcome, value, weight):
    found = votes(
        an_event(at=-HALF_LIFE),
        an_event(outcome, at=-20, value=value),
        an_event(freelancer_id="f2", at=-HALF_LIFE),
    )
    assert found["f1"] / found["f2"] == pytest.approx(weight, rel=1e-5)


def test_several_jobs_add_up():
    twin = a_job("j3", posted=-400)
    found = votes(
        an_event(at=-9),
        an_event(job_id="j3", at=-9),
        an_event(freelancer_id="f2", at=-9),
        jobs=[twin],
    )
    assert found["f1"] / found["f2"] == pytest.approx(2, rel=1e-5)


def test_only_the_nearest_jobs_vote():
    near = a_job("j3", posted=-400, title="go api developer")
    events = [an_event(at=-9), an_event(job_id="j3", freelancer_id="f2", at=-9)]
    assert set(votes(*events, jobs=[near])) == {"f1", "f2"}
    assert set(votes(*events, jobs=[near], neighbours=1)) == {"f1"}


def test_jobs_enter_the_memory_with_their_first_hire():
    market = a_market(
        freelancers=[a_freelancer("f1"), a_freelancer("f2")],
        jobs=[a_job("j1"), a_job("j2"), a_job("j3"), a_job("j4")],
        events=[
            an_event(job_id="j3", at=-9),
            an_event(job_id="j1", at=-5),
            an_event(job_id="j1", freelancer_id="f2", at=-20),
            an_event(job_id="j2", at=-9),
            an_event("applied", job_id="j4", at=-9),
        ],
    )
    snapshot = a_snapshot(market)
    order = MemoryOrder.of(snapshot.history.engagements)
    assert [snapshot.jobs.records[row].job_id for row in order.jobs] == ["j1", "j2", "j3"]
    assert [order.before(instant(at)).first for at in (-20, -19, -9, -8)] == [0, 1, 1, 3]


def test_neighbours_are_kept_most_alike_first():
    engine = an_engine(
        a_market(
            freelancers=[a_freelancer()],
            jobs=[a_job("j1", title="go"), a_job("j2"), a_job("j3", title="logo")],
            events=[an_event(job_id=f"j{n}") for n in (1, 2, 3)],
        )
    )
    query = engine.ask(a_brief("go api"), as_of=instant())
    near = engine.sources.by_name["memory"].search(query, pool=9).neighbours["memory"]
    assert [engine.snapshot.jobs.records[row].job_id for row in near.jobs[:2]] == ["j2", "j1"]
    assert (np.diff(near.similarity) <= 0).all()
    assert ((near.similarity >= 0) & (near.similarity <= 1)).all()

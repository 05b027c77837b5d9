"""The rungs of the ladder, each with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

from tests.builders import a_brief, a_freelancer, a_job, a_market, an_engine, an_event, instant
from tests.contracts.source_contract import BRIEFS, TAMPERINGS, ask, engine_after
from training.metrics import DEPTH
from training.systems import ladder

RUNGS = (
    "random",
    "popularity",
    "recent_popularity",
    "bm25",
    "dense",
    "bm25_memory",
    "dense_memory",
    "hybrid",
)
EVERY_RUNG = pytest.mark.parametrize("rung", RUNGS)


def ranked(rung: str, engine, query, *, test_from: float = 0) -> list[str]:
    rows = ladder(engine, test_from=instant(test_from), seed=0)[rung](query)
    return [engine.snapshot.freelancers.ids[row] for row in rows]


def test_every_rung_of_the_report_is_there():
    assert tuple(ladder(engine_after(), test_from=instant(), seed=0)) == RUNGS


@EVERY_RUNG
@pytest.mark.parametrize("brief", BRIEFS)
def test_ranks_eligible_people_once(rung, brief):
    engine = engine_after()
    query = ask(engine, brief)
    rows = ladder(engine, test_from=instant(), seed=0)[rung](query)
    assert len(set(rows.tolist())) == len(rows) <= DEPTH
    assert query.eligible[rows].all()


@EVERY_RUNG
@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_what_happens_later_changes_no_order(rung, tampering):
    one, other = (
        ranked(rung, engine, ask(engine)) for engine in (engine_after(), engine_after(tampering))
    )
    assert one == other


@EVERY_RUNG
@pytest.mark.parametrize("rows", [{}, {"freelancers": [a_freelancer()]}])
def test_a_tiny_market_is_no_error(rung, rows):
    engine = an_engine(a_market(**rows))
    assert len(ranked(rung, engine, engine.ask(a_brief(), as_of=instant()))) <= len(rows)


def test_chance_depends_on_the_seed_alone():
    engine = engine_after()
    lists = [
        ladder(engine, test_from=instant(), seed=seed)["random"](ask(engine)).tolist()
        for seed in (0, 0, 1)
    ]
    assert lists[0] == lists[1] != lists[2]
    assert sorted(lists[0]) == sorted(lists[2])


PEOPLE = [a_freelancer(f"f{n}", title=title) for n, title in [(1, "go"), (2, "logo"), (3, None)]]
MARKET = a_market(
    freelancers=PEOPLE,
    jobs=[a_job("j1", posted=-900), a_job("j2", posted=-900, title="logo brand")],
    events=[
        *(an_event(job_id="j2", freelancer_id="f2", at=at) for at in (-800, -700, -600)),
        an_event(job_id="j1", freelancer_id="f3", at=-5),
    ],
)


@pytest.mark.parametrize(
    ("rung", "title", "expected"),
    [
        ("popularity", "go api", ["f2", "f3", "f1"]),
        ("recent_popularity", "go api", ["f3", "f2", "f1"]),
        ("bm25", "logo", ["f2", "f1", "f3"]),
        ("bm25", "api", ["f3", "f1", "f2"]),
        ("dense", "go api", ["f3", "f1", "f2"]),
        ("bm25_memory", "api", ["f3"]),
        ("dense_memory", "brand", ["f2"]),
    ],
)
def test_ranks_by_what_it_knows(rung, title, expected):
    engine = an_engine(MARKET)
    assert ranked(rung, engine, engine.ask(a_brief(title), as_of=instant())) == expected


def test_the_hybrid_is_the_pool_in_its_own_order():
    engine = engine_after()
    hits = engine.retrieve(ask(engine))
    ids = [engine.snapshot.freelancers.ids[row] for row in hits.rows[:DEPTH]]
    assert ranked("hybrid", engine, ask(engine)) == ids


@pytest.mark.parametrize(("rung", "knows"), [("bm25", False), ("bm25_memory", True)])
def test_only_a_rolling_rung_learns_after_the_test_has_begun(rung, knows):
    engine = an_engine(MARKET)
    query = engine.ask(a_brief("api"), as_of=instant())
    first = ranked(rung, engine, query, test_from=-20)[:1]
    assert (first == ["f3"]) == knows


def test_documents_of_people_who_say_and_did_nothing_are_like_nothing():
    engine = an_engine(a_market(freelancers=[a_freelancer("f1"), a_freelancer("f2")]))
    query = engine.ask(a_brief(), as_of=instant())
    for rung in ("bm25", "dense"):
        assert ranked(rung, engine, query) == ["f1", "f2"]
    assert np.any(query.vector)

from __future__ import annotations

import numpy as np
import pytest

from tests.builders import a_brief, a_freelancer, a_job, a_market, an_engine, an_event, instant
from tests.contracts.source_contract import SourceContract


class TestPriorSource(SourceContract):
    @pytest.fixture
    def source_of(self):
        return lambda engine: engine.sources.by_name["prior"]

    def tied(self, hits):
        """Newcomers, all of score 0, come by latest sign-up instead."""
        return (np.diff(hits.scores) == 0) & (hits.scores[1:] > 0)


def found(freelancers, events=(), *, pool: int = 10, jobs=(), **brief) -> list[str]:
    market = a_market(freelancers=freelancers, jobs=jobs or [a_job(posted=-300)], events=events)
    engine = an_engine(market)
    hits = engine.sources.by_name["prior"].search(
        engine.ask(a_brief(**brief), as_of=instant()), pool=pool
    )
    return [engine.snapshot.freelancers.ids[row] for row in hits.rows]


def test_who_was_hired_later_stands_higher():
    people = [a_freelancer(f"f{n}") for n in (1, 2, 3)]
    events = [an_event(freelancer_id="f1", at=-99), an_event(freelancer_id="f2", at=-9)]
    assert found(people, events) == ["f2", "f1"]


def test_work_in_the_category_and_for_the_client_counts():
    people = [a_freelancer("f1"), a_freelancer("f2"), a_freelancer("f3")]
    jobs = [
        a_job("j1", posted=-300),
        a_job("j2", posted=-300, category="web"),
        a_job("j3", posted=-300, client_id="c1"),
    ]
    events = [an_event(job_id=f"j{n}", freelancer_id=f"f{n}", at=-9) for n in (1, 2, 3)]
    assert found(people, events, jobs=jobs) == ["f1", "f2", "f3"]
    assert found(people, events, jobs=jobs, category="web")[0] == "f2"
    assert found(people, events, jobs=jobs, client_id="c1")[0] == "f3"


def test_a_tenth_of_the_seats_is_kept_for_newcomers():
    people = [a_freelancer(f"f{n:02d}") for n in range(30)]
    fresh = [a_freelancer(f"n{n}", joined=-n) for n in (1, 2, 3, 4)]
    events = [an_event(freelancer_id=f"f{n:02d}") for n in range(30)]
    pool = 20
    list_ = found([*people, *fresh], events, pool=pool)
    seats = pool // 10
    assert list_[-seats:] == ["n1", "n2"]
    assert list_[:-seats] == [f"f{n:02d}" for n in range(pool - seats)]


def test_newcomers_fill_what_nobody_else_does_the_latest_first():
    people = [
        a_freelancer("a", joined=-30),
        a_freelancer("b", joined=-2),
        a_freelancer("c", joined=-2),
        a_freelancer("veteran", joined=-61),
    ]
    assert found(people) == ["b", "c", "a"]

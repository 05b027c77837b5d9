"""What every `CandidateSource` promises. Inherit, and give a fixture `source_of`.

`source_of(engine)` is the source under test over the engine's snapshot.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from matcher.candidates import Hits, Query
from matcher.engine import Engine
from matcher.learned import Learned
from matcher.ports import CandidateSource
from matcher.retrieval.filters import Filters, Span
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

SourceOf = Callable[[Engine], CandidateSource]

BRIEFS = {
    "bare": a_brief("go api backend shop"),
    "full": a_brief(
        "logo checkout",
        skills=("figma", "seo"),
        category="design",
        client_id="f001",
        country="DE",
        positions=2,
    ),
    "of unseen words": a_brief("xylophone", category="music", client_id="nobody"),
    "without words": a_brief("", category="web"),
}
FILTERS = {
    "rate": Filters(hourly_rate_usd=Span(lte=60)),
    "country": Filters(country_in=frozenset({"DE"})),
    "skills": Filters(skills_any=frozenset({"go", "sql"})),
    "excluded": Filters(exclude=frozenset({"f000", "f010", "f020"})),
}


def deleted(market: Market) -> Market:
    return market.without(events=market.later())


def permuted(market: Market) -> Market:
    """Later events change their jobs and people round, and come first in the table."""
    later = market.later()
    people = [row["freelancer_id"] for row in later]
    jobs = [row["job_id"] for row in later]
    turned = [
        {**row, "freelancer_id": who, "job_id": job}
        for row, who, job in zip(later, people[3:] + people[:3], jobs[7:] + jobs[:7], strict=True)
    ]
    kept = market.without(events=later)
    return Market(
        freelancers=market.freelancers[::-1], jobs=market.jobs, events=(*turned, *kept.events)
    )


def added(market: Market) -> Market:
    """Every fifth job hires, rates and appeals to everyone at the very instant or later."""
    jobs = [str(row["job_id"]) for row in market.jobs]
    people = sorted({str(row["freelancer_id"]) for row in market.freelancers})
    events = [
        an_event(kind, job, who, at=at, value=1.0)
        for job in jobs[::5]
        for who in people
        for kind, at in (
            ("hired", 0),
            ("cancelled", 0),
            ("rated_freelancer", 3),
            ("applied", 0),
            ("invite_accepted", 1),
        )
    ]
    return market.plus(events=events)


def grown(market: Market) -> Market:
    """Later people, profiles and jobs come, among them clients who now freelance too."""
    people = [a_freelancer(who, joined=0, title="go api shop") for who in ("a0", "c1", "zz")]
    edited = [
        {**row, "valid_from": NOW, "title": "logo checkout", "skills": ["figma"]}
        for row in market.freelancers[:10]
        if "valid_from" not in row
    ]
    jobs = [a_job(f"n{n}", posted=n, skills=["xylophone"], category="music") for n in range(5)]
    events = [an_event("hired", "n0", "zz", at=1), an_event("hired", "n1", "f000", at=1)]
    return market.plus(freelancers=[*people, *edited], jobs=jobs, events=events)


TAMPERINGS = {one.__name__: one for one in (deleted, permuted, added, grown)}
TINY = {
    "nothing": {},
    "one job": {"jobs": [a_job()]},
    "one freelancer": {"freelancers": [a_freelancer()]},
    "one of each": {"freelancers": [a_freelancer(title="go")], "jobs": [a_job()]},
    "one hire": {
        "freelancers": [a_freelancer(title="go")],
        "jobs": [a_job()],
        "events": [an_event()],
    },
    "one application": {
        "freelancers": [a_freelancer(title="go")],
        "jobs": [a_job()],
        "events": [an_event("applied")],
    },
}


@cache
def learned() -> Learned:
    """As of `NOW`, as in a bundle."""
    return Learned.fit(a_snapshot(a_busy_market().read().before(NOW)))


@cache
def engine_after(tampering: str | None = None) -> Engine:
    """Over the busy market, as it is or tampered with."""
    market = a_busy_market()
    changed = TAMPERINGS[tampering](market) if tampering else market
    return an_engine(changed.read(), learned=learned())


def ask(engine: Engine, brief: str = "full", *, filters: Filters | None = None) -> Query:
    return engine.ask(BRIEFS[brief], as_of=instant(), filters=filters or Filters())


def told(engine: Engine, hits: Hits) -> dict[str, object]:
    """All that hits say, by id, to the bit."""
    people, jobs = engine.snapshot.freelancers, engine.snapshot.jobs
    return {
        "found": [people.ids[row] for row in hits.rows],
        "scores": hits.scores.tobytes(),
        "parts": {name: part[hits.rows].tobytes() for name, part in hits.parts.items()},
        "neighbours": {
            name: ([jobs.records[row].job_id for row in near.jobs], near.similarity.tobytes())
            for name, near in hits.neighbours.items()
        },
    }


class SourceContract:
    def test_is_named(self, source_of: SourceOf):
        assert source_of(engine_after()).name

    @pytest.mark.parametrize("brief", BRIEFS)
    @pytest.mark.parametrize("pool", [1, 7, 1000])
    def test_finds_at_most_a_pool_of_eligible_people_once(self, source_of: SourceOf, brief, pool):
        query = ask(engine_after(), brief)
        hits = source_of(engine_after()).search(query, pool=pool)
        assert len(hits) == len(hits.scores) <= pool
        assert len(set(hits.rows.tolist())) == len(hits)
        assert query.eligible[hits.rows].all()
        assert hits.scores.dtype == np.float32
        assert np.isfinite(hits.scores).all()

    @pytest.mark.parametrize("brief", BRIEFS)
    def test_the_best_come_first_and_ties_by_id(self, source_of: SourceOf, brief):
        hits = source_of(engine_after()).search(ask(engine_after(), brief), pool=1000)
        fall = np.diff(hits.scores)
        assert (fall <= 0).all()
        assert (np.diff(hits.rows)[self.tied(hits)] > 0).all()

    def tied(self, hits: Hits) -> np.ndarray:
        """[n - 1] which neighbours on the list must be in the order of ids."""
        return np.diff(hits.scores) == 0

    @pytest.mark.parametrize("brief", BRIEFS)
    def test_the_same_question_gets_the_same_bytes(self, source_of: SourceOf, brief):
        engine = engine_after()
        one, other = (
            told(engine, source_of(engine).search(ask(engine, brief), pool=30)) for _ in range(2)
        )
        assert one == other

    @pytest.mark.parametrize("brief", BRIEFS)
    @pytest.mark.parametrize("tampering", TAMPERINGS)
    def test_what_happens_later_changes_no_bit(self, source_of: SourceOf, tampering, brief):
        before, after = (
            told(engine, source_of(engine).search(ask(engine, brief), pool=30))
            for engine in (engine_after(), engine_after(tampering))
        )
        assert before == after

    @pytest.mark.parametrize("filters", FILTERS.values(), ids=FILTERS.keys())
    def test_a_filter_selects_before_the_search(self, source_of: SourceOf, filters):
        """Whoever passes is found in a small pool, however many better ones do not."""
        engine, source = engine_after(), source_of(engine_after())
        query = ask(engine, filters=filters)
        everyone = source.search(ask(engine), pool=1000)
        pool = 5
        hits = source.search(query, pool=pool)
        passing = query.eligible[everyone.rows].sum()
        assert query.eligible[hits.rows].all()
        assert len(hits) == min(pool, passing)

    def test_nobody_is_found_where_nobody_is_eligible(self, source_of: SourceOf):
        nobody = Filters(hourly_rate_usd=Span(lte=-1))
        assert (
            len(source_of(engine_after()).search(ask(engine_after(), filters=nobody), pool=9)) == 0
        )

    @pytest.mark.parametrize("rows", TINY.values(), ids=TINY.keys())
    @pytest.mark.parametrize("brief", BRIEFS)
    def test_a_tiny_market_is_no_error(self, source_of: SourceOf, rows, brief):
        engine = an_engine(a_market(**rows))
        query = ask(engine, brief)
        hits = source_of(engine).search(query, pool=10)
        assert len(hits) <= query.eligible.sum()

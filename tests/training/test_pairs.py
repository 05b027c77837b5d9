from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from features import FEATURES
from matcher.ranking.columns import Columns
from matcher.run import RetrievalRun
from tests.builders import (
    NOW,
    a_busy_market,
    a_freelancer,
    a_job,
    a_market,
    a_snapshot,
    an_engine,
    an_event,
    instant,
)
from training.labels import Labels
from training.pairs import Drawn, draw, learnable

POOL = 6


@cache
def drawn() -> tuple[Drawn, object, Labels]:
    """From a busy market, with a pool so small that retrieval misses some."""
    market = a_busy_market().read().before(NOW)
    snapshot = a_snapshot(market)
    labels = Labels.of(market.events, snapshot=snapshot)
    engine = an_engine(snapshot, retrieval=RetrievalRun(pool=POOL))
    return draw(engine, learnable(engine, labels=labels, limit=30), labels=labels), engine, labels


def lists():
    whole, engine, _ = drawn()
    for place, job in enumerate(whole.jobs):
        yield int(job), whole.part(place, place + 1), engine


def test_a_list_is_what_the_live_engine_finds_as_of_the_posting_bit_for_bit():
    for job, one, engine in lists():
        posted = int(engine.snapshot.jobs.posted_at[job])
        query = engine.ask(engine.snapshot.jobs.records[job], as_of=posted)
        hits = engine.retrieve(query)
        live = FEATURES.transform(engine.pairs(query, hits))
        assert one.rows[one.retrieved].tolist() == hits.rows.tolist()
        assert one.matrix[one.retrieved].tobytes() == live.tobytes()


def test_whoever_was_hired_from_the_pool_and_missed_is_added_once_and_marked():
    missed = 0
    for job, one, engine in lists():
        hired = drawn()[2].hired(job)
        joined = engine.snapshot.freelancers.joined_at[hired] < engine.snapshot.jobs.posted_at[job]
        assert set(hired[joined]) <= set(one.rows)
        assert set(one.rows[~one.retrieved]) <= set(hired[joined])
        assert len(set(one.rows.tolist())) == len(one.rows)
        missed += int((~one.retrieved).sum())
    assert missed > 0


def test_every_pair_has_its_grade():
    for job, one, _ in lists():
        assert one.grades.tolist() == drawn()[2].grades(job, one.rows).tolist()
        assert one.grades.max() > 0


def test_parts_put_together_are_the_whole():
    whole = drawn()[0]
    middle = len(whole.jobs) // 2
    parts = whole.part(0, middle), whole.part(middle, len(whole.jobs))
    for name in ("jobs", "sizes", "rows", "retrieved", "matrix", "grades"):
        together = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(together, getattr(whole, name))
    assert len(whole.part(middle, middle).rows) == 0
    lists = whole.lists(Columns.of(FEATURES, leave_out=["demand"]))
    assert lists.sizes.sum() == len(lists.matrix)
    assert lists.matrix.shape[1] == sum(FEATURES.family(one) != "demand" for one in FEATURES.names)


def test_drawing_again_draws_the_same():
    whole, engine, labels = drawn()
    again = draw(engine, whole.jobs.tolist(), labels=labels)
    assert again.matrix.tobytes() == whole.matrix.tobytes()


def test_progress_is_told_job_by_job():
    whole, engine, labels = drawn()
    told: list[int] = []
    draw(engine, whole.jobs[:3].tolist(), labels=labels, advance=told.append)
    assert told == [1, 1, 1]


@pytest.mark.parametrize("jobs", [[], [0]])
def test_no_job_and_an_empty_pool_give_empty_lists(jobs):
    market = a_market(
        freelancers=[a_freelancer(joined=-1)], jobs=[a_job(posted=-30)], events=[an_event()]
    )
    engine = an_engine(market)
    labels = Labels.of(market.events, snapshot=engine.snapshot)
    found = draw(engine, jobs, labels=labels)
    assert found.sizes.tolist() == [0] * len(jobs)
    assert found.matrix.shape == (0, len(FEATURES.names))
    assert found.matrix.dtype == np.float32


def test_the_latest_jobs_that_hired_from_their_pool_are_learned_from_oldest_first():
    market = a_market(
        freelancers=[a_freelancer("old"), a_freelancer("new", joined=-20)],
        jobs=[a_job(f"j{n}", posted=-30 + n) for n in range(6)],
        events=[
            an_event(job_id="j0", freelancer_id="new"),
            an_event(job_id="j1", freelancer_id="old"),
            an_event("applied", "j2", "old"),
            an_event(job_id="j3", freelancer_id="old"),
            an_event(job_id="j5", freelancer_id="old"),
        ],
    )
    engine = an_engine(market)
    labels = Labels.of(market.events, snapshot=engine.snapshot)
    assert learnable(engine, labels=labels, limit=9) == [1, 3, 5]
    assert learnable(engine, labels=labels, limit=2) == [3, 5]
    assert engine.snapshot.jobs.posted_at[5] == instant(-25)

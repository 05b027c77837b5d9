"""Which lists of jobs are learned from and replayed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matcher.domain import DAY_US, instant_of
from tests.builders import a_freelancer, a_job, a_jobs_engine, a_market, an_event, instant
from training.windows import HORIZON_US, open_at, taken, windows

PEOPLE = [a_freelancer("f1"), a_freelancer("f2", joined=-5)]


def engine_of(*waits: float, positions: int = 1):
    """A job every ten days; each hires so many days after its posting."""
    jobs = [a_job(f"j{n}", posted=-100 + 10 * n, positions=positions) for n in range(len(waits))]
    events = [an_event("hired", f"j{n}", at=-100 + 10 * n + wait) for n, wait in enumerate(waits)]
    return a_jobs_engine(a_market(freelancers=PEOPLE, jobs=jobs, events=events))


def test_where_hires_come_with_the_posting_a_months_jobs_are_the_pool():
    engine = engine_of(*[0.0] * 10)
    found = list(windows(engine, start=instant(-100), stop=instant()))[::-1]
    starts = [instant_of(datetime(2024, month, 1, tzinfo=UTC)) for month in (3, 4, 5)]
    assert [one.start for one in found] == [instant(-100), *starts][: len(found)]
    assert sum(len(one.jobs) for one in found) == 10
    for one in found:
        posted = engine.snapshot.jobs.posted_at[one.jobs]
        assert ((posted >= one.start) & (posted < one.stop)).all()


def test_elsewhere_the_jobs_open_at_a_midnight_are():
    engine = engine_of(*[3.0] * 10)
    found = list(windows(engine, start=instant(-100) + 1, stop=instant()))
    assert [one.start for one in found] == [instant(-n) for n in range(1, 100)]
    assert all(one.start % DAY_US == 0 and one.jobs is None for one in found)
    assert found[0].stop == instant()
    assert found[-1].stop == found[-1].start + HORIZON_US
    assert open_at(engine, found[-1]).tolist() == [0]


@pytest.mark.parametrize("wait", [0.0, 3.0])
def test_nothing_to_see_gives_no_window(wait):
    engine = engine_of(wait)
    assert list(windows(engine, start=instant(), stop=instant())) == []


def test_taken_are_jobs_of_the_pool_within_the_window_by_whoever_had_joined():
    engine = engine_of(*[3.0] * 10)
    late = next(one for one in windows(engine, start=instant(-9), stop=instant()))
    assert taken(engine, late, "delivered") == {}
    by_start = {one.start: one for one in windows(engine, start=instant(-100), stop=instant())}
    found = taken(engine, by_start[instant(-98)], "delivered")
    assert {who: jobs.tolist() for who, jobs in found.items()} == {0: [0]}
    assert taken(engine, by_start[instant(-96)], "delivered") == {}

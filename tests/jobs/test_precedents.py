"""What the market's latest jobs like an open one say."""

from __future__ import annotations

import numpy as np
import pytest

from tests.builders import a_freelancer, a_job, a_jobs_engine, a_market, an_event, instant

JOBS = [
    a_job("a", posted=-50, title="go api"),
    a_job("b", posted=-50, title="ink logo"),
    a_job("open", posted=-1, title="go api"),
]


def field(*events, who: str = "f1"):
    people = [a_freelancer(one) for one in ("f1", "f2", "f3")]
    engine = a_jobs_engine(a_market(freelancers=people, jobs=JOBS, events=events))
    row = np.array([engine.snapshot.jobs.rows["open"]])
    found = engine.sources.precedents(row, instant())
    return found.field(
        row,
        engine.snapshot.history.engagements,
        freelancer=engine.snapshot.freelancers.rows[who],
    )


def test_the_share_is_that_of_ones_own_hires_for_jobs_alike():
    hires = [an_event("hired", "a", one, at=-40) for one in ("f1", "f2", "f3")]
    assert field(*hires).own_share(30.0) == pytest.approx([1 / 3])
    assert field(hires[1]).own_share(30.0).tolist() == [0]


def test_a_team_is_as_many_as_a_precedent_hired():
    hires = [an_event("hired", "a", one, at=-40) for one in ("f1", "f2")]
    assert field(*hires).team() == pytest.approx([2])


def test_without_precedents_nothing_is_known():
    assert np.isnan(field().own_share(30.0)).all()
    assert np.isnan(field().team()).all()
    assert field().votes(30.0).tolist() == [0]


def test_a_hire_at_the_instant_is_no_precedent():
    assert np.isnan(field(an_event("hired", "a", at=0)).own_share(30.0)).all()

"""The pace of a market: what a job brings of late, as of any instant."""

from __future__ import annotations

import pytest

from matcher.clientele import PACE_STRENGTH, USUAL_PACE
from tests.builders import a_freelancer, a_job, a_market, an_engine, an_event, instant


def pace(market, *, days: float = 0, what: str = "hires") -> float:
    return an_engine(market).snapshot.history.clientele.per_job(what, as_of=instant(days))


def hiring(*events, freelancers=()):
    return a_market(
        freelancers=[a_freelancer("f1"), *freelancers],
        jobs=[a_job(f"j{n}", posted=-1) for n in range(100)],
        events=list(events),
    )


def test_without_a_past_the_pace_is_the_usual_one():
    assert pace(a_market(freelancers=[a_freelancer()])) == USUAL_PACE["hires"]


def test_every_hire_of_late_counts_over_every_job_of_late():
    hires = [an_event("hired", f"j{n}", "f1", at=-1) for n in range(50)]
    usual = USUAL_PACE["hires"] * PACE_STRENGTH
    shares = (50 + usual) / (100 + PACE_STRENGTH)
    assert pace(hiring(*hires)) == pytest.approx(shares, rel=1e-2)


def test_whoever_joined_with_the_hire_was_in_no_pool_and_sets_no_pace():
    late = a_freelancer("f2", joined=-1)
    hires = [an_event("hired", f"j{n}", "f2", at=-1) for n in range(50)]
    assert pace(hiring(*hires, freelancers=[late])) == pace(hiring())


def test_what_happens_later_changes_nothing():
    later = an_event("hired", "j1", "f1", at=0)
    assert pace(hiring(later)) == pace(hiring())
    assert pace(hiring(later), days=0.1) > pace(hiring(), days=0.1)

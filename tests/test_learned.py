"""What is frozen at `until`, by formula, and that nothing later reaches it."""

from __future__ import annotations

from dataclasses import asdict
from math import log

import pytest

from matcher.learned import (
    FEWEST_WAITS,
    STRENGTH,
    USUAL_ACCEPTANCE,
    USUAL_COMPLETION,
    USUAL_OPEN_DAYS,
    USUAL_PRIVATE,
    USUAL_RATE,
    USUAL_STARS,
    USUAL_SUCCESS,
    Learned,
)
from tests.builders import NOW, a_busy_market, a_freelancer, a_job, a_market, a_snapshot, an_event
from tests.contracts.source_contract import TAMPERINGS


def learned_of(*, events=(), freelancers=(), jobs=()) -> Learned:
    market = a_market(
        freelancers=freelancers or [a_freelancer()], jobs=jobs or [a_job()], events=events
    )
    return Learned.fit(a_snapshot(market))


def shrunk(total: float, count: float, usual: float) -> float:
    return (total + usual * STRENGTH) / (count + STRENGTH)


@pytest.mark.parametrize(
    "learned", [learned_of(), Learned.fit(a_snapshot(a_market()))], ids=["no events", "nothing"]
)
def test_a_market_that_knows_nothing_starts_with_what_is_usual_elsewhere(learned):
    assert learned.constants == pytest.approx(
        {
            "median_rate": USUAL_RATE,
            "mean_stars": USUAL_STARS,
            "mean_private": USUAL_PRIVATE,
            "completion_rate": USUAL_COMPLETION,
            "acceptance_rate": USUAL_ACCEPTANCE,
            "application_success": USUAL_SUCCESS,
            "records_endings": 0,
            "hires_at_posting": 0,
            "open_days": USUAL_OPEN_DAYS,
        }
    )


def test_what_is_usual_here_is_learned_by_shrinking():
    constants = learned_of(
        events=[
            an_event("rated_freelancer", value=1),
            an_event("rated_private", value=3),
            *(an_event("completed", at=-n) for n in (1, 2, 3)),
            an_event("cancelled"),
            an_event("invite_declined"),
            *(an_event("applied", at=-n) for n in (1, 2, 3, 4)),
            an_event("hired"),
        ],
        freelancers=[
            a_freelancer("f1", hourly_rate_usd=10),
            a_freelancer("f2", hourly_rate_usd=50),
        ],
    ).constants
    assert constants == pytest.approx(
        {
            "median_rate": (10 + 50) / 2,
            "mean_stars": shrunk(1, 1, USUAL_STARS),
            "mean_private": shrunk(3, 1, USUAL_PRIVATE),
            "completion_rate": shrunk(3, 4, USUAL_COMPLETION),
            "acceptance_rate": shrunk(0, 1, USUAL_ACCEPTANCE),
            "application_success": shrunk(1, 4, USUAL_SUCCESS),
            "records_endings": 1,
            "hires_at_posting": 0,
            "open_days": USUAL_OPEN_DAYS,
        }
    )


def waits(days: list[float]) -> dict[str, float]:
    """What is learned of jobs that hired so many days after their posting."""
    jobs = [a_job(f"j{n}", posted=-100) for n in range(len(days))]
    events = [an_event("hired", f"j{n}", at=-100 + wait) for n, wait in enumerate(days)]
    return dict(learned_of(jobs=jobs, events=events).constants)


def test_how_long_a_job_may_stay_open_is_learned_from_those_that_hired_late():
    constants = waits([float(n % 10 + 1) for n in range(FEWEST_WAITS)])
    assert 9 < constants["open_days"] <= 10
    assert constants["hires_at_posting"] == 0


def test_hires_that_come_with_the_posting_say_nothing_of_waiting():
    constants = waits([0.0] * 2 * FEWEST_WAITS)
    assert constants["hires_at_posting"] == 1
    assert constants["open_days"] == USUAL_OPEN_DAYS


def test_a_job_is_open_for_a_day_however_fast_others_hire():
    assert waits([0.01] * FEWEST_WAITS)["open_days"] == 1


def test_a_skill_is_worth_the_more_the_fewer_list_it():
    people = [a_freelancer("f1", skills=["Go", "sql"]), a_freelancer("f2", skills=["go"])]
    learned = learned_of(freelancers=people, jobs=[a_job(skills=["cobol"])])
    assert learned.rarity("go") == pytest.approx(log(1 + 2 / (1 + 2)))
    assert learned.rarity("sql") == pytest.approx(log(1 + 2 / (1 + 1)))
    assert learned.rarity("cobol") == learned.rarity("unheard of") == pytest.approx(log(1 + 2))


def test_every_worth_is_above_nothing_even_where_nobody_lists_anything():
    learned = Learned.fit(a_snapshot(a_market(jobs=[a_job(skills=["go"])])))
    assert learned.rarity("go") > 0
    assert learned.rarity("sql") > 0


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_what_happens_from_until_on_changes_no_bit(tampering):
    market = a_busy_market()
    before, after = (
        Learned.fit(a_snapshot(one.read().before(NOW)))
        for one in (market, TAMPERINGS[tampering](market))
    )
    assert asdict(before) == asdict(after)

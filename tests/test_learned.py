"""What is frozen at `until`, by formula, and that nothing later reaches it."""

from __future__ import annotations

from dataclasses import asdict
from math import log

import pytest

from matcher.learned import (
    STRENGTH,
    USUAL_ACCEPTANCE,
    USUAL_COMPLETION,
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
        }
    )


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

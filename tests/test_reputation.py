"""Ratings are worth what they deviate from: the platform's drift and the rater's severity go."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain import DAY_US
from matcher.reputation import ENDING, PRIVATE, STARS, USUAL, deviations
from tests.builders import a_freelancer, a_job, a_market, a_snapshot, an_event


def days(*numbers: float) -> np.ndarray:
    return (np.array(numbers) * DAY_US).astype(np.int64)


def of_anybody(count: int) -> np.ndarray:
    return np.full(count, -1, np.int64)


def test_the_first_rating_deviates_from_what_is_usual_anywhere():
    found = deviations(days(1), np.array([1.0]), of_anybody(1), USUAL[STARS])
    assert found.tolist() == pytest.approx([1.0 - USUAL[STARS]])


def test_when_everybody_gets_more_stars_the_same_stars_are_worth_less():
    """A year of 0.5, then a year of 1.0: the last 1.0 is usual by then."""
    at = days(*range(0, 720, 2))
    share = np.where(np.arange(360) < 180, 0.5, 1.0)
    found = deviations(at, share, of_anybody(360), USUAL[STARS])
    assert found[180] > 0.3
    assert abs(found[-1]) < 0.15


def test_a_severe_client_is_allowed_for():
    """Client 0 always gives .4 where the others give .9; its tenth .4 says little."""
    count = 200
    client = (np.arange(count) % 4 > 0).astype(np.int64)
    share = np.where(client == 0, 0.4, 0.9)
    found = deviations(days(*range(count)), share, client, 0.8)
    severe = found[client == 0]
    assert severe[0] < -0.25
    assert abs(severe[-1]) < 0.1


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from([0.0, 0.5, 1.0])), min_size=2))
def test_nothing_later_changes_a_deviation(ratings):
    at = days(*(when for when, _ in ratings))
    share = np.array([value for _, value in ratings])
    client = np.arange(len(ratings)) % 3
    order = np.argsort(at, kind="stable")
    at, share, client = at[order], share[order], client[order]
    whole = deviations(at, share, client, 0.8)
    early = at < at[-1]
    np.testing.assert_array_equal(
        whole[early], deviations(at[early], share[early], client[early], 0.8)
    )


def test_evidence_lies_under_the_person_and_under_each_skill_of_the_job():
    market = a_market(
        freelancers=[a_freelancer()],
        jobs=[a_job(client_id="c1", skills=["go", "sql"])],
        events=[
            an_event("hired", at=-20),
            an_event("completed", at=-9),
            an_event("rated_freelancer", at=-8, value=5.0),
            an_event("rated_private", at=-7, value=2.0),
        ],
    )
    reputation = a_snapshot(market).history.reputation
    for signal in (PRIVATE, STARS, ENDING):
        assert len(reputation.pieces[signal].at) == 1
        assert len(reputation.by_person[signal]) == 1
        assert len(reputation.by_skill[signal]) == 2
    assert reputation.pieces[STARS].deviation[0] == pytest.approx(1.0 - USUAL[STARS])
    assert reputation.pieces[PRIVATE].deviation[0] == pytest.approx(0.2 - USUAL[PRIVATE])
    assert reputation.pieces[ENDING].deviation[0] == pytest.approx(1.0 - USUAL[ENDING])


def test_a_market_of_hires_alone_says_nothing_of_quality():
    reputation = a_snapshot().history.reputation
    assert all(len(pieces.at) == 0 for pieces in reputation.pieces.values())

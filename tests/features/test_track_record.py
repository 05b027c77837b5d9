from __future__ import annotations

import numpy as np
import pytest

from features.track_record import (
    STRENGTH,
    acceptance_rate,
    application_success,
    completion_rate,
    platform_ratings,
    platform_stars,
    ratings,
    stars,
    would_hire_again,
)
from matcher.learned import STRENGTH as PRIOR_STRENGTH
from matcher.learned import (
    USUAL_ACCEPTANCE,
    USUAL_COMPLETION,
    USUAL_PRIVATE,
    USUAL_STARS,
    USUAL_SUCCESS,
)
from tests.builders import a_frame, a_freelancer, an_event

PEOPLE = [a_freelancer("f1"), a_freelancer("f2")]


def shrunk(total: float, count: float, usual: float, strength: float = STRENGTH) -> float:
    return (total + usual * strength) / (count + strength)


def frame_of(*events):
    return a_frame(freelancers=PEOPLE, events=events)


@pytest.mark.parametrize(
    ("feature", "kind", "usual"),
    [(stars, "rated_freelancer", USUAL_STARS), (would_hire_again, "rated_private", USUAL_PRIVATE)],
)
def test_a_mean_rating_is_shrunk_to_what_is_usual_here(feature, kind, usual):
    frame = frame_of(an_event(kind, value=5, at=-9), an_event(kind, value=2, at=-8))
    here = shrunk(5 + 2, 2, usual, PRIOR_STRENGTH)
    assert feature(frame) == pytest.approx([shrunk(5 + 2, 2, here), np.nan], nan_ok=True)


def test_one_bad_rating_hurts_less_than_many():
    one = frame_of(an_event("rated_freelancer", value=1))
    many = frame_of(*(an_event("rated_freelancer", value=1, at=-n) for n in range(1, 20)))
    assert 1 <= stars(many)[0] < stars(one)[0] < USUAL_STARS


def test_ratings_are_counted():
    assert ratings(frame_of(*[an_event("rated_freelancer", value=1)] * 3)).tolist() == [3, 0]


@pytest.mark.parametrize(
    ("feature", "good", "bad", "usual"),
    [
        (completion_rate, "completed", "cancelled", USUAL_COMPLETION),
        (acceptance_rate, "invite_accepted", "invite_declined", USUAL_ACCEPTANCE),
    ],
)
def test_a_share_is_shrunk_to_what_is_usual_here(feature, good, bad, usual):
    frame = frame_of(an_event(good), an_event(good, at=-9), an_event(bad))
    here = shrunk(2, 3, usual, PRIOR_STRENGTH)
    assert feature(frame) == pytest.approx([shrunk(2, 3, here), np.nan], nan_ok=True)


def test_success_is_hires_over_applications_and_may_exceed_one():
    frame = frame_of(an_event("applied"), *(an_event(at=-n) for n in range(1, 20)))
    here = shrunk(19, 1, USUAL_SUCCESS, PRIOR_STRENGTH)
    assert application_success(frame) == pytest.approx([shrunk(19, 1, here), np.nan], nan_ok=True)
    assert application_success(frame)[0] > 1


def test_ratings_from_elsewhere_are_those_of_the_profile():
    brought = [{"platform": "x", "mean": 4, "count": 3}, {"platform": "y", "mean": 5, "count": 1}]
    frame = a_frame(freelancers=[a_freelancer("f1", portable_ratings=brought), PEOPLE[1]])
    assert platform_stars(frame) == pytest.approx([(4 * 3 + 5) / 4, np.nan], nan_ok=True)
    assert platform_ratings(frame).tolist() == [4, 0]


def test_a_rating_on_another_scale_stays_within_the_declared_range():
    """Some platforms count to a hundred."""
    brought = [{"platform": "x", "mean": 98, "count": 3}]
    value = platform_stars(a_frame(freelancers=[a_freelancer(portable_ratings=brought)]))[0]
    assert np.isnan(value) or platform_stars.low <= value <= platform_stars.high

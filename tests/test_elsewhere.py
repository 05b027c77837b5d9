"""Stars brought from elsewhere count as much as they proved to tell, and no more."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.domain import DAY_US
from matcher.elsewhere import LEAST_PEOPLE, Elsewhere
from matcher.quality import QualityScale
from matcher.reputation import PRIVATE, Pieces
from tests.test_quality import JOBS_EACH, NOISE_SD, PEOPLE, PERSON_SD, pieces, reputation, views

VARIANCE = PERSON_SD**2


def a_market(*, slope: float, seed: int = 3, people: int = PEOPLE):
    """True quality, what was seen of it here, and stars from elsewhere that rise with it."""
    rng = np.random.default_rng(seed)
    true = PERSON_SD * rng.standard_normal(people)
    here = pieces(true[:, None] + NOISE_SD * rng.standard_normal((people, JOBS_EACH)))
    share = np.clip(0.8 + slope * true + 0.04 * rng.standard_normal(people), 0, 1)
    stars = (1 + 4 * share).astype(np.float32)
    stars[rng.random(people) < 0.3] = np.nan  # most bring some, some bring none
    ratings = np.where(np.isfinite(stars), 50, 0).astype(np.float32)
    return true, here, stars, ratings


def test_the_slope_and_the_noise_of_a_known_market_are_found():
    _, here, stars, ratings = a_market(slope=0.5, people=3000)
    found = Elsewhere.fit(stars, ratings, here, variance=VARIANCE)
    shrunk = 50 / 55
    assert found.usual == pytest.approx(0.8, abs=0.01)
    assert found.slope == pytest.approx(0.5 * shrunk, rel=0.15)
    assert found.noise == pytest.approx((0.04 * shrunk) ** 2, rel=0.3)


def test_stars_that_tell_nothing_here_move_nobody():
    _, here, stars, ratings = a_market(slope=-0.5)
    found = Elsewhere.fit(stars, ratings, here, variance=VARIANCE)
    weight, total = found.evidence(stars, ratings)
    assert found.slope == 0
    assert not weight.any()
    assert not total.any()


def test_somebody_new_here_is_told_apart_by_what_they_bring():
    true, here, stars, ratings = a_market(slope=0.5)
    market = reputation(private=here)
    scale = QualityScale.fit(market, usual={PRIVATE: 0.8}, brought=(stars, ratings))
    nothing = {
        PRIVATE: market.by_person[PRIVATE].view(np.arange(PEOPLE), np.zeros(PEOPLE, np.int64))
    }
    mean, variance = scale.person(nothing, (stars, ratings))
    known = np.isfinite(stars)
    assert np.corrcoef(mean[known], true[known])[0, 1] > 0.5
    assert not mean[~known].any()
    assert (variance[known] < scale.person_variance).all()


def test_what_was_seen_here_and_what_was_brought_add_up():
    true, here, stars, ratings = a_market(slope=0.5)
    market = reputation(private=here)
    scale = QualityScale.fit(market, usual={PRIVATE: 0.8}, brought=(stars, ratings))
    seen = views(market, PRIVATE)
    alone, both = scale.person(seen)[0], scale.person(seen, (stars, ratings))[0]
    assert np.mean((both - true) ** 2) < np.mean((alone - true) ** 2)


@pytest.mark.parametrize("people", [0, 1, LEAST_PEOPLE - 1])
def test_too_few_people_teach_nothing(people):
    stars = np.full(people, 4.5, np.float32)
    here = pieces(np.zeros((people, 1)))
    found = Elsewhere.fit(stars, np.ones(people, np.float32), here, variance=VARIANCE)
    assert found.slope == 0


def test_one_rating_counts_less_than_a_hundred():
    scale = Elsewhere(usual=0.8, slope=0.5, noise=0.01)
    deviations = scale.deviation(np.float32([5, 5, np.nan]), np.float32([1, 100, 0]))
    assert 0 < deviations[0] < deviations[1]
    assert np.isnan(deviations[2])


def test_nobody_judged_here_teaches_nothing():
    stars, nobody = np.full(80, 4.5, np.float32), np.zeros(0, np.int64)
    none = Pieces(at=nobody * DAY_US, job=nobody, freelancer=nobody, deviation=np.zeros(0))
    assert Elsewhere.fit(stars, stars, none, variance=VARIANCE).slope == 0

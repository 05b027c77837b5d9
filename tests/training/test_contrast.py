"""Arms are compared post by post, and what is unknown is said to be so."""

from __future__ import annotations

import json

import numpy as np
import pytest

from training.contrast import MEASURES, Played, contrast
from training.simulate.market import Fate


def a_fate(hires: int = 0, **other: object) -> Fate:
    given = {"positions": 1, "earnings_usd": 0.0, "stars": (), "satisfied": 0, "newcomers": 0}
    given |= {"first_hires": 0, "ndcg": None, "expected_hires": 0.0, "expected_first_hires": 0.0}
    return Fate(**{"job_id": "j1", "hires": hires, **given, **other})


def a_seed(seed: int = 7, *, step: int = 1, **fates: list[Fate]) -> Played:
    """Arms over the same posts, one every `step` days."""
    posts = len(next(iter(fates.values())))
    arms = {arm: tuple(each) for arm, each in fates.items()}
    return Played(seed=seed, day=np.arange(posts, dtype=np.int64) * step, fates=arms)


def test_a_measure_is_a_sum_over_a_sum():
    fates = [
        a_fate(
            2,
            positions=3,
            earnings_usd=100.0,
            stars=(5.0, 4.0),
            satisfied=2,
            newcomers=1,
            first_hires=1,
            ndcg=0.5,
            expected_hires=1.5,
            expected_first_hires=0.5,
        ),
        a_fate(0, positions=1, ndcg=0.75),
        a_fate(1, positions=1, earnings_usd=50.0, stars=(3.0,)),
        a_fate(0, positions=1),
    ]
    assert contrast([a_seed(one=fates)], days=4)["arms"]["one"] == {
        "hires_per_post": pytest.approx(3 / 4),
        "filled": pytest.approx(2 / 4),
        "hires_per_position": pytest.approx(3 / 6),
        "earnings_usd_per_post": pytest.approx(150 / 4),
        "satisfied_per_hire": pytest.approx(2 / 3),
        "mean_stars": pytest.approx((5 + 4 + 3) / 3),
        "newcomers_per_hire": pytest.approx(1 / 3),
        "first_hires_per_post": pytest.approx(1 / 4),
        "expected_hires_per_post": pytest.approx(1.5 / 4),
        "expected_first_hires_per_post": pytest.approx(0.5 / 4),
        "ndcg@10": pytest.approx((0.5 + 0.75) / 2),  # of the two posts where it is known
    }


def test_an_arm_beside_its_equal_differs_by_exactly_nothing():
    rng = np.random.default_rng(1)
    fates = [
        a_fate(
            int(n),
            earnings_usd=float(rng.random()),
            stars=(float(rng.uniform(1, 5)),),
            ndcg=float(rng.random()),
        )
        for n in rng.integers(0, 2, size=101)
    ]
    found = contrast([a_seed(one=fates, same=list(fates))], days=101)
    for measure in MEASURES:
        assert found["minus_first"]["same"][measure] == {"difference": 0.0, "ci": [0.0, 0.0]}
    assert not np.any(list(found["course"]["hires_minus_first"]["same"].values()))


def test_posts_are_resampled_in_pairs():
    # one hire more at every post: whichever posts are drawn, the difference is the same
    few, more = [a_fate(n % 2) for n in range(40)], [a_fate(n % 2 + 1) for n in range(40)]
    apart = contrast([a_seed(few=few, more=more)], days=40)["minus_first"]["more"]
    assert apart["hires_per_post"]["ci"] == pytest.approx([1, 1])


def test_a_change_is_told_as_a_share_of_the_first_too():
    few, more = [a_fate(1) for _ in range(40)], [a_fate(1 + n % 2) for n in range(40)]
    found = contrast([a_seed(few=few, more=more)], days=40)
    change = found["over_first"]["more"]["hires_per_post"]
    assert change["difference"] == pytest.approx(0.5)
    assert change["ci"][0] < 0.5 < change["ci"][1]
    # nothing is a share of nothing
    assert found["over_first"]["more"]["filled"] == {"difference": 0.0, "ci": [0.0, 0.0]}
    assert found["over_first"]["more"]["ndcg@10"] == {"difference": None, "ci": None}
    assert found["over_first"]["more"]["satisfied_per_hire"]["difference"] is None


def test_an_interval_is_as_wide_as_the_binomial_says():
    n, hired = 400, 100
    none, some = [a_fate(0)] * n, [a_fate(1)] * hired + [a_fate(0)] * (n - hired)
    apart = contrast([a_seed(none=none, some=some)], days=n)["minus_first"]["some"]
    share = hired / n
    half = 1.96 * np.sqrt(share * (1 - share) / n)
    expected = [share - half, share + half]
    assert apart["hires_per_post"]["ci"] == pytest.approx(expected, abs=0.15 * half)


def test_every_seed_keeps_its_number_of_posts_in_a_resample():
    # seeds differ, posts within them do not: drawn within seeds, nothing can vary
    seeds = [
        a_seed(7, none=[a_fate(0)] * 30, some=[a_fate(1)] * 30),
        a_seed(8, none=[a_fate(0)] * 10, some=[a_fate(0)] * 10),
    ]
    found = contrast(seeds, days=30)
    assert found["minus_first"]["some"]["hires_per_post"]["ci"] == pytest.approx([0.75, 0.75])
    own = [found["per_seed"][seed]["minus_first"]["some"]["hires_per_post"] for seed in ("7", "8")]
    assert own == [1.0, 0.0]
    assert [found["per_seed"][seed]["posts"] for seed in ("7", "8")] == [30, 10]


def test_the_course_counts_hires_so_far_in_a_mean_market():
    seeds = [
        a_seed(seed, none=[a_fate(0)] * 70, some=[a_fate(hires)] * 70)
        for seed, hires in ((7, 1), (8, 0))
    ]
    course = contrast(seeds, days=70)["course"]
    assert course["days"] == [30, 60, 70]
    assert course["hires_minus_first"]["some"]["difference"] == [30 / 2, 60 / 2, 70 / 2]


@pytest.mark.parametrize("posts", [0, 5])
def test_what_nobody_knows_is_null_and_never_nan(posts):
    seed = a_seed(one=[a_fate(0)] * posts, other=[a_fate(0)] * posts)
    found = contrast([seed], days=30)
    assert found["arms"]["one"]["mean_stars"] is None
    assert found["minus_first"]["other"]["mean_stars"] == {"difference": None, "ci": None}
    json.dumps(found, allow_nan=False)

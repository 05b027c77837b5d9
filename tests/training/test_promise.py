"""p_hire speaks of every job that had time to hire, not of those that did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from matcher.ranking.calibration import Isotonic, Untrained
from training.mature import Pairs
from training.promise import fit_p_hire


@dataclass(frozen=True)
class FirstColumn:
    """A ranker that repeats what it reads."""

    def score(self, matrix):
        return matrix[:, 0]

    def contributions(self, matrix):
        return matrix


def lists(*hired: list[int]) -> Pairs:
    """A list a job, its first candidate scored highest; who of them was hired."""
    sizes = [len(one) for one in hired]
    n = sum(sizes)
    places = [place for size in sizes for place in range(size)]
    matrix = -np.array(places, np.float32)[:, None]
    happened = np.array([one for each in hired for one in each], np.bool_)
    return Pairs(
        jobs=np.repeat(np.arange(len(hired)), np.array(sizes, np.int64)),
        rows=np.arange(n),
        matrix=matrix,
        wanted=happened,
        hired=happened,
        starts={},
    )


def first_of(calibrator) -> float:
    """What the best of three is promised."""
    return float(calibrator.probabilities(np.array([0, -1, -2], np.float32), pace=1.0)[0])


def promised(pairs: Pairs, *, since: int):
    return fit_p_hire(FirstColumn(), pairs, since=since, pace=lambda job: 1.0)


def test_jobs_that_hired_nobody_lower_what_is_promised():
    hiring, silent = [1, 0, 0], [0, 0, 0]
    assert first_of(promised(lists(*[hiring] * 4), since=0)) == pytest.approx(1)
    mixed = lists(*[hiring, silent, silent, silent] * 5)
    assert first_of(promised(mixed, since=0)) == pytest.approx(0.25)


def test_jobs_that_the_ranker_has_seen_do_not_count():
    pairs = lists([1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1])
    since = promised(pairs, since=2)
    assert isinstance(since, Isotonic)
    assert first_of(since) < first_of(promised(pairs, since=0))


@pytest.mark.parametrize("pairs", [lists(), lists([0, 0]), lists([1], [1])])
def test_where_all_ended_alike_nothing_is_promised(pairs):
    assert isinstance(promised(pairs, since=0), Untrained)


def test_where_no_job_is_late_enough_nothing_is_promised():
    assert isinstance(promised(lists([1, 0]), since=1), Untrained)

"""What orders lists: the ranker, unless the expected value is better beyond doubt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from matcher.heads import Heads
from matcher.ports import Column, Matrix
from matcher.run import Run
from training.consent import Pairs
from training.labels import Labels
from training.ordering import GAINS, choose, graded_ndcg

JOBS, LENGTH = 300, 10


@dataclass(frozen=True)
class First:
    """A `Ranker` by one column, upwards or downwards."""

    sign: float

    def score(self, matrix: Matrix) -> Column:
        return (self.sign * matrix[:, 0]).astype(np.float32)

    def contributions(self, matrix: Matrix) -> Matrix:
        return matrix


class ByColumn(Heads):
    """Heads whose product is a column; there is one, so that there is a product."""

    def value(self, matrix: Matrix, starts: object) -> Column:
        return matrix[:, 0]


def lists() -> tuple[Pairs, Labels]:
    """In each list the pair of the highest value was hired and did well."""
    rng = np.random.default_rng(3)
    matrix = rng.normal(size=(JOBS * LENGTH, 1)).astype(np.float32)
    best = matrix.reshape(JOBS, LENGTH).argmax(axis=1)
    nothing = np.zeros(JOBS * LENGTH, np.bool_)
    pairs = Pairs(
        jobs=np.repeat(np.arange(JOBS), LENGTH),
        rows=np.tile(np.arange(LENGTH), JOBS),
        matrix=matrix,
        wanted=nothing,
        hired=nothing,
        starts={},
    )
    return pairs, Labels({job: {int(row): 4} for job, row in enumerate(best)})


def chosen(sign: float, *, heads: Heads | None = None, **settings: object) -> str:
    pairs, labels = lists()
    run = Run.model_validate({"heads": settings})
    of_one = ByColumn(by_name={"quality": None})  # type: ignore[dict-item]  # never asked
    return choose(heads or of_one, pairs, ranker=First(sign), labels=labels, run=run)[0]


def test_a_ranker_that_is_worse_beyond_doubt_gives_way():
    assert chosen(-1.0) == "expected_value"


def test_a_ranker_that_is_as_good_orders():
    assert chosen(1.0) == "ranker"


def test_a_run_file_may_settle_it():
    assert chosen(1.0, policy="expected_value") == "expected_value"
    assert chosen(-1.0, policy="ranker") == "ranker"


def test_without_heads_the_ranker_orders_whatever_the_run_file_says():
    assert chosen(-1.0, heads=Heads()) == "ranker"
    assert chosen(-1.0, heads=Heads(), policy="expected_value") == "ranker"


def test_the_gain_grows_with_how_well_it_went():
    assert (np.diff(GAINS) > 0).all()
    scores = np.array([2.0, 1.0], np.float32)
    assert graded_ndcg(scores, np.array([4, 3])) == 1.0
    swapped = graded_ndcg(scores, np.array([3, 4]))
    ideal = GAINS[4] + GAINS[3] / np.log2(3)
    assert swapped == pytest.approx((GAINS[3] + GAINS[4] / np.log2(3)) / ideal)
    assert graded_ndcg(scores, np.array([0, 0])) == 0.0

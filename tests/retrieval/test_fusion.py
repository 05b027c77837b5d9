from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.candidates import Hits, Query
from matcher.retrieval.fusion import FusedSource
from tests.builders import a_brief
from tests.contracts.source_contract import SourceContract
from tests.fakes import FakeSource

SIZE = 6
scores = st.lists(st.integers(0, 4), min_size=SIZE, max_size=SIZE)


class TestFusedSource(SourceContract):
    @pytest.fixture
    def source_of(self):
        return lambda engine: engine.sources.fused


class TestFusedSourceOfFakes(SourceContract):
    @pytest.fixture
    def source_of(self):
        def fused(engine):
            return FusedSource(children=[FakeSource(engine.snapshot)], weights={})

        return fused


class TestFakeSource(SourceContract):
    @pytest.fixture
    def source_of(self):
        return lambda engine: FakeSource(engine.snapshot)


@dataclass(frozen=True)
class Fixed:
    """Finds whoever has a score above 0."""

    name: str
    scores: list[int]

    def search(self, query: Query, *, pool: int) -> Hits:
        column = np.array(self.scores, np.float32)
        return Hits.best(column, eligible=query.eligible, pool=pool)


QUERY = Query(
    job=a_brief(),
    as_of=0,
    vector=np.zeros(1, np.float32),
    terms=(),
    eligible=np.ones(SIZE, np.bool_),
    versions=np.full(SIZE, -1),
)


def fused(*lists, weights=(1, 1, 1), pool: int = SIZE, depth: int = 1000) -> Hits:
    children = [Fixed(f"s{n}", its) for n, its in enumerate(lists)]
    named = {f"s{n}": weight for n, weight in enumerate(weights)}
    return FusedSource(children=children, weights=named, depth=depth).search(QUERY, pool=pool)


def test_adds_square_roots_standardised_over_everyone_eligible():
    root = np.sqrt([[9, 4, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0]])
    expected = ((root - root.mean(axis=1, keepdims=True)) / root.std(axis=1, keepdims=True)).sum(
        axis=0
    )
    hits = fused([9, 4, 0, 0, 0, 0], [0, 1, 1, 0, 0, 0])
    assert hits.scores == pytest.approx(expected[hits.rows], abs=1e-6)
    assert hits.rows.tolist() == sorted(range(3), key=lambda row: -expected[row])


@given(scores)
def test_one_source_keeps_its_order(only):
    alone = Fixed("s0", only).search(QUERY, pool=SIZE)
    assert fused(only).rows.tolist() == alone.rows.tolist()


@settings(max_examples=60)
@given(scores, scores, st.permutations(range(SIZE)))
def test_renumbering_people_renumbers_the_result(one, other, order):
    before = fused(one, other)
    after = fused([one[row] for row in order], [other[row] for row in order])
    places = {order[row]: score for row, score in zip(after.rows, after.scores, strict=True)}
    assert {int(row) for row in before.rows} == places.keys()
    for row, score in zip(before.rows, before.scores, strict=True):
        assert places[row] == pytest.approx(float(score), abs=1e-5)


def test_a_source_of_weight_nothing_is_heard_but_does_not_count():
    hits = fused([3, 2, 1, 0, 0, 0], [0, 0, 0, 0, 0, 9], weights=(1, 0))
    assert hits.rows.tolist()[:3] == [0, 1, 2]
    assert 5 in hits.rows


def test_the_score_of_every_source_is_kept():
    parts = fused([3, 0, 1, 0, 0, 0], [0, 5, 0, 0, 0, 0]).parts
    np.testing.assert_array_equal(parts["s0"], [3, np.nan, 1, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(parts["s1"], [np.nan, 5, np.nan, np.nan, np.nan, np.nan])


def test_children_are_read_to_the_depth_and_to_the_pool():
    everyone = [1] * (SIZE - 1) + [2]
    assert len(fused(everyone, depth=2, pool=1)) == 1
    assert np.isfinite(fused(everyone, depth=2, pool=1).parts["s0"]).sum() == 2
    assert np.isfinite(fused(everyone, depth=2, pool=4).parts["s0"]).sum() == 4


def test_ties_come_by_id():
    assert fused([1, 1, 2, 2, 1, 0]).rows.tolist() == [2, 3, 0, 1, 4]


def test_scores_that_read_alike_come_by_id():
    """The second source prefers row 1, by less than a float32 can say."""
    hits = fused([4, 4, 0, 0, 0, 0], [1, 2, 0, 0, 0, 0], weights=(1, 1e-12))
    assert hits.scores[0] == hits.scores[1]
    assert hits.rows.tolist() == [0, 1]

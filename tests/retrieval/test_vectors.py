from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.retrieval.vectors import FACTORY, FaissIndex

DIM, SIZE = 16, 300
KINDS = pytest.mark.parametrize("kind", FACTORY)


def unit(rng: np.random.Generator, size: int = SIZE) -> np.ndarray:
    vectors = rng.normal(size=(size, DIM)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


VECTORS = unit(np.random.default_rng(0))
WANTED = unit(np.random.default_rng(1), 1)[0]
HALF = np.arange(SIZE) % 2 == 0


@KINDS
def test_finds_a_vector_itself_first(kind):
    index = FaissIndex(VECTORS, kind=kind)
    rows, near = index.among(VECTORS[8], k=5, mask=HALF)
    assert rows[0] == 8
    assert near[0] == pytest.approx(1, abs=2e-3)


@KINDS
@pytest.mark.parametrize("k", [1, 10, 150, 1000])
def test_finds_exactly_the_nearest(kind, k):
    index = FaissIndex(VECTORS, kind=kind)
    rows, near = index.before(WANTED, k=k, stop=200)
    similarity = VECTORS[:200] @ WANTED
    expected = np.sort(similarity)[::-1][:k]
    assert near == pytest.approx(expected, abs=2e-3)
    assert similarity[rows] == pytest.approx(expected, abs=2e-3)


@KINDS
@pytest.mark.parametrize("stop", [1, 9, 200, SIZE])
def test_a_search_before_a_place_finds_nothing_after_it(kind, stop):
    rows, near = FaissIndex(VECTORS, kind=kind).before(WANTED, k=SIZE, stop=stop)
    assert (rows < stop).all()
    assert len(set(rows.tolist())) == len(rows) == len(near) > 0
    assert (np.diff(near) <= 0).all()
    assert (rows.dtype, near.dtype) == (np.int64, np.float32)


@KINDS
def test_a_search_among_some_finds_nobody_else(kind):
    rows, near = FaissIndex(VECTORS, kind=kind).among(WANTED, k=SIZE, mask=HALF)
    assert HALF[rows].all()
    assert (np.diff(near) <= 0).all()


@KINDS
@pytest.mark.parametrize("k", [3, 150])
def test_ties_come_by_position_also_where_the_list_is_cut(kind, k):
    index = FaissIndex(np.tile(WANTED, (SIZE, 1)), kind=kind)
    assert index.before(WANTED, k=k, stop=200)[0].tolist() == list(range(k))[:200]
    assert index.among(WANTED, k=k, mask=HALF)[0].tolist() == np.flatnonzero(HALF)[:k].tolist()


@KINDS
def test_vectors_after_the_place_change_no_bit(kind):
    short, whole = (FaissIndex(VECTORS[:n], kind=kind) for n in (100, SIZE))
    one, other = (index.before(WANTED, k=50, stop=100) for index in (short, whole))
    assert one[0].tolist() == other[0].tolist()
    assert one[1].tobytes() == other[1].tobytes()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, SIZE - 1), st.sets(st.integers(0, SIZE - 1), max_size=30))
def test_a_similarity_is_the_same_bits_in_any_company(row, others):
    index = FaissIndex(VECTORS)
    mask = np.zeros(SIZE, np.bool_)
    mask[[row, *others]] = True
    rows, near = index.among(WANTED, k=SIZE, mask=mask)
    alone = index.among(WANTED, k=1, mask=np.arange(SIZE) == row)[1]
    assert near[rows == row].tobytes() == alone.tobytes()


@KINDS
def test_nothing_is_found_in_nothing(kind):
    empty = FaissIndex(np.zeros((0, DIM), np.float32), kind=kind)
    full = FaissIndex(VECTORS, kind=kind)
    assert (len(empty), len(full)) == (0, SIZE)
    nobody = np.zeros(SIZE, np.bool_)
    for rows, near in (
        empty.before(WANTED, k=5, stop=0),
        empty.among(WANTED, k=5, mask=np.zeros(0, np.bool_)),
        full.before(WANTED, k=5, stop=0),
        full.among(WANTED, k=5, mask=nobody),
        full.before(np.zeros(DIM, np.float32), k=5, stop=SIZE),
        full.among(np.zeros(DIM, np.float32), k=5, mask=HALF),
    ):
        assert len(rows) == len(near) == 0


@KINDS
def test_many_ask_at_once_and_each_gets_what_it_would_alone(kind):
    index = FaissIndex(VECTORS, kind=kind)
    asking = unit(np.random.default_rng(2), 50)  # more than FAISS hands to BLAS
    owner, rows, near = index.each_among(asking, k=7, mask=HALF)
    for place, vector in enumerate(asking):
        alone_rows, alone_near = index.among(vector, k=7, mask=HALF)
        np.testing.assert_array_equal(rows[owner == place], alone_rows)
        assert near[owner == place].tobytes() == alone_near.tobytes()


def test_a_vector_of_zeros_among_many_finds_nothing():
    asking = np.vstack([VECTORS[:1], np.zeros((1, DIM), np.float32), VECTORS[2:3]])
    owner, rows, _ = FaissIndex(VECTORS).each_among(asking, k=1, mask=HALF)
    assert owner.tolist() == [0, 2]
    assert rows.tolist() == [0, 2]


@pytest.mark.parametrize(
    ("asking", "mask"), [(VECTORS[:0], HALF), (VECTORS[:3], np.zeros(SIZE, np.bool_))]
)
def test_nobody_asking_or_nothing_allowed_finds_nothing(asking, mask):
    assert [len(one) for one in FaissIndex(VECTORS).each_among(asking, k=3, mask=mask)] == [0] * 3


@KINDS
def test_of_those_that_tie_at_the_cut_the_first_are_found(kind):
    """Whatever lies between them: better ones that come later push out the last of the tied."""
    rng = np.random.default_rng(5)
    near = [WANTED, *unit(rng, 3)]
    vectors = np.array([near[choice] for choice in rng.integers(0, 4, SIZE)])
    index = FaissIndex(vectors, kind=kind)
    everything = index.among(WANTED, k=SIZE, mask=np.ones(SIZE, np.bool_))
    for k in range(1, SIZE):
        for rows, similarity in (
            index.before(WANTED, k=k, stop=SIZE),
            index.among(WANTED, k=k, mask=np.ones(SIZE, np.bool_)),
            index.each_among(WANTED[None, :], k=k, mask=np.ones(SIZE, np.bool_))[1:],
        ):
            np.testing.assert_array_equal(rows, everything[0][:k])
            np.testing.assert_array_equal(similarity, everything[1][:k])


@KINDS
@pytest.mark.parametrize("sizes", [(0, 50, 250), (100, 101, 200), (299, 300)])
def test_an_index_that_grew_finds_what_one_made_anew_finds(kind, sizes):
    rng = np.random.default_rng(6)
    vectors = np.array([unit(rng, 20)[choice] for choice in rng.integers(0, 20, SIZE)])
    whole, grown = FaissIndex(vectors, kind=kind), FaissIndex(vectors[: sizes[0]], kind=kind)
    for start, stop in zip(sizes, (*sizes[1:], SIZE), strict=True):
        before = grown
        grown = grown.grown(vectors[start:stop])
        assert len(before) == start
    assert len(grown) == SIZE
    later = np.ones(SIZE - sizes[0], np.bool_)
    for k in (1, 7, 60, SIZE):
        for one, other in (
            (grown.among(WANTED, k=k, mask=HALF), whole.among(WANTED, k=k, mask=HALF)),
            (
                grown.before(WANTED, k=k, stop=sizes[0], later=later),
                whole.before(WANTED, k=k, stop=SIZE),
            ),
            (
                grown.each_among(VECTORS[:9], k=k, mask=HALF),
                whole.each_among(VECTORS[:9], k=k, mask=HALF),
            ),
        ):
            for mine, its in zip(one, other, strict=True):
                np.testing.assert_array_equal(mine, its)


def test_places_break_ties_instead_of_positions():
    index = FaissIndex(np.tile(WANTED, (4, 1))).grown(np.tile(WANTED, (3, 1)))
    places = np.array([6, 1, 2, 3, 0, 5, 4])
    found, _ = index.among(WANTED, k=7, mask=np.ones(7, np.bool_), places=places)
    assert found.tolist() == [4, 1, 2, 3, 6, 5, 0]

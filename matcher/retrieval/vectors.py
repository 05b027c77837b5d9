"""Nearest vectors by inner product, with FAISS.

A selector decides before the search what may be found: a time-ordered index
answers "before this instant" with a range. FAISS goes through the queries of a
selective search one at a time, with one kernel: the similarity of two vectors is
the same bits whoever asks.

Source: Douze et al., The Faiss library, 2024, arXiv:2401.08281
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Literal

import faiss
import numpy as np

from matcher.ports import Column, Mask, Rows, Vectors

IndexKind = Literal["flat", "fp16"]
FACTORY: dict[str, str] = {"flat": "Flat", "fp16": "SQfp16"}


class FaissIndex:
    """Vectors in a fixed order; positions are its only ids.

    `flat` is exact. `fp16` halves the memory and rounds. Both forget the future to the bit:
    a graph would not, for whom it misses depends on vectors that a selector leaves out.

    FAISS must not be searched while vectors are added. So an index never changes: one that is
    `grown` shares what was there, and searches a small index of what came since beside it.
    """

    def __init__(self, vectors: Vectors, *, kind: IndexKind = "flat") -> None:
        self._dim, self._kind = max(vectors.shape[1] if vectors.ndim > 1 else 0, 1), kind
        self._first = self._index_of(vectors)
        self._later, self._since = None, vectors[:0]

    def __len__(self) -> int:
        return int(self._first.ntotal) + len(self._since)

    def grown(self, vectors: Vectors) -> FaissIndex:
        """The same with more vectors at the end."""
        if len(vectors) == 0:
            return self
        grown = copy(self)
        grown._since = np.concatenate([self._since, vectors])
        grown._later = self._index_of(grown._since)
        return grown

    def before(
        self,
        vector: Vectors,
        *,
        k: int,
        stop: int,
        later: Mask | None = None,
        places: Rows | None = None,
    ) -> tuple[Rows, Column]:
        """The k nearest among the first `stop` vectors, nearest first; ties by place.

        Args:
            later: Which of those that came since count too.
            places: [n] what breaks ties; positions by default.
        """
        found = []
        if stop > 0:
            selector = faiss.IDSelectorRange(0, stop)
            found.append(self._nearest(self._first, vector, k=min(k, stop), selector=selector))
        many = 0 if later is None else int(later.sum())
        if later is not None and many:
            positions, near = self._nearest(self._later, vector, k=many, selector=_selector(later))
            found.append((positions + self._first.ntotal, near))
        return _merged(found, k, places)

    def among(
        self, vector: Vectors, *, k: int, mask: Mask, places: Rows | None = None
    ) -> tuple[Rows, Column]:
        """The k nearest among those that [n] `mask` allows, nearest first; ties by place."""
        found = []
        for index, start, allowed, most in self._parts(mask, k):
            positions, near = self._nearest(index, vector, k=most, selector=_selector(allowed))
            found.append((positions + start, near))
        return _merged(found, k, places)

    def each_among(self, vectors: Vectors, *, k: int, mask: Mask) -> tuple[Rows, Rows, Column]:
        """The k nearest of each of [p] vectors among those that [n] `mask` allows.

        Returns:
            [m] places of the asking vectors, rising; positions and similarities, nearest
            first, ties by position. A vector of zeros finds nothing.
        """
        asking = np.flatnonzero(np.any(vectors, axis=1))
        owners, rows, near = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [_nothing()[1]]
        for index, start, allowed, most in self._parts(mask, k) if len(asking) else ():
            found, positions = _found(index, vectors[asking], k=most, selector=_selector(allowed))
            known = positions >= 0
            owners.append(np.repeat(asking, known.sum(axis=1)))
            rows.append(positions[known].astype(np.int64) + start)
            near.append(found[known])
        owner, row, similarity = np.concatenate(owners), np.concatenate(rows), np.concatenate(near)
        order = np.lexsort((row, -similarity, owner))
        owner, row, similarity = owner[order], row[order], similarity[order]
        rank = np.arange(len(owner)) - np.searchsorted(owner, owner)
        return owner[rank < k], row[rank < k], similarity[rank < k]

    def _index_of(self, vectors: Vectors) -> faiss.Index:
        index = faiss.index_factory(self._dim, FACTORY[self._kind], faiss.METRIC_INNER_PRODUCT)
        if len(vectors):
            contiguous = np.ascontiguousarray(vectors, np.float32)
            index.train(contiguous)
            index.add(contiguous)
        return index

    def _parts(self, mask: Mask, k: int) -> Iterator[tuple[faiss.Index, int, Mask, int]]:
        """What is to be searched: index, its first position, who is allowed, and for how many.

        Of those that came since, all: their order says nothing of their places.
        """
        size = int(self._first.ntotal)
        for index, start, allowed in (
            (self._first, 0, mask[:size]),
            (self._later, size, mask[size:]),
        ):
            many = int(allowed.sum())
            if many:
                yield index, start, allowed, many if start else min(k, many)

    def _nearest(
        self, index: faiss.Index, vector: Vectors, *, k: int, selector: faiss.IDSelector
    ) -> tuple[Rows, Column]:
        if not np.any(vector):
            return _nothing()
        similarity, positions = _found(index, vector.reshape(1, -1), k=k, selector=selector)
        found = positions[0] >= 0
        return positions[0][found].astype(np.int64), similarity[0][found]


def _selector(allowed: Mask) -> faiss.IDSelector:
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def _found(
    index: faiss.Index, vectors: Vectors, *, k: int, selector: faiss.IDSelector
) -> tuple[Column, Rows]:
    """[p, k] similarities and positions; of those that tie at the cut, the first ones."""
    # One query cannot be shared among threads; waking them costs more than the search.
    # The setting belongs to the calling thread, so it is made here.
    faiss.omp_set_num_threads(1)
    params = faiss.SearchParameters(sel=selector)
    similarity, positions = index.search(np.ascontiguousarray(vectors), k + 1, params=params)
    tied = (similarity[:, k] == similarity[:, k - 1]) & (positions[:, k] >= 0)
    for row in np.flatnonzero(tied):  # FAISS keeps any of them
        similarity[row, :k], positions[row, :k] = _cut(index, vectors[row], k, params)
    return similarity[:, :k], positions[:, :k]


def _cut(
    index: faiss.Index, vector: Vectors, k: int, params: faiss.SearchParameters
) -> tuple[Column, Rows]:
    """[k] the nearest of a vector that has more than k, ties by position."""
    most, size = 2 * k + 1, int(index.ntotal)
    while True:
        similarity, positions = index.search(vector.reshape(1, -1), min(most, size), params=params)
        near, rows = similarity[0], positions[0]
        if most >= size or rows[-1] < 0 or near[-1] < near[k - 1]:
            order = np.lexsort((rows, -near))
            order = order[rows[order] >= 0][:k]
            return near[order], rows[order]
        most *= 2


def _merged(
    found: Sequence[tuple[Rows, Column]], k: int, places: Rows | None
) -> tuple[Rows, Column]:
    if not found:
        return _nothing()
    rows = np.concatenate([positions for positions, _ in found])
    near = np.concatenate([similarity for _, similarity in found])
    order = np.lexsort((rows if places is None else places[rows], -near))[:k]
    return rows[order], near[order]


def _nothing() -> tuple[Rows, Column]:
    return np.zeros(0, np.int64), np.zeros(0, np.float32)

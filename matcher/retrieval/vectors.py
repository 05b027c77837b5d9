"""Nearest vectors by inner product, with FAISS.

A selector decides before the search what may be found: a time-ordered index
answers "before this instant" with a range. FAISS goes through the queries of a
selective search one at a time, with one kernel: the similarity of two vectors is
the same bits whoever asks.

Source: Douze et al., The Faiss library, 2024, arXiv:2401.08281
"""

from __future__ import annotations

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
    """

    def __init__(self, vectors: Vectors, *, kind: IndexKind = "flat") -> None:
        dim = max(vectors.shape[1] if vectors.ndim > 1 else 0, 1)
        self._index = faiss.index_factory(dim, FACTORY[kind], faiss.METRIC_INNER_PRODUCT)
        if len(vectors):
            contiguous = np.ascontiguousarray(vectors, np.float32)
            self._index.train(contiguous)
            self._index.add(contiguous)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def before(self, vector: Vectors, *, k: int, stop: int) -> tuple[Rows, Column]:
        """The k nearest among the first `stop` vectors, nearest first; ties by position."""
        if stop <= 0:
            return _nothing()
        return self._search(vector, k=min(k, stop), selector=faiss.IDSelectorRange(0, stop))

    def among(self, vector: Vectors, *, k: int, mask: Mask) -> tuple[Rows, Column]:
        """The k nearest among those that [n] `mask` allows, nearest first; ties by position."""
        allowed = int(mask.sum())
        if allowed == 0:
            return _nothing()
        bits = np.packbits(mask, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)
        return self._search(vector, k=min(k, allowed), selector=selector)

    def each_among(self, vectors: Vectors, *, k: int, mask: Mask) -> tuple[Rows, Rows, Column]:
        """The k nearest of each of [p] vectors among those that [n] `mask` allows.

        Returns:
            [m] places of the asking vectors, rising; positions and similarities, nearest
            first, ties by position. A vector of zeros finds nothing.
        """
        allowed = int(mask.sum())
        asking = np.flatnonzero(np.any(vectors, axis=1))
        if allowed == 0 or len(asking) == 0:
            return np.zeros(0, np.int64), *_nothing()
        selector = faiss.IDSelectorBitmap(np.packbits(mask, bitorder="little"))
        similarity, positions = self._found(vectors[asking], k=min(k, allowed), selector=selector)
        found = positions >= 0
        owner = np.repeat(asking, found.sum(axis=1))
        rows, near = positions[found].astype(np.int64), similarity[found]
        order = np.lexsort((rows, -near, owner))
        return owner[order], rows[order], near[order]

    def _search(
        self, vector: Vectors, *, k: int, selector: faiss.IDSelector
    ) -> tuple[Rows, Column]:
        if not np.any(vector):
            return _nothing()
        similarity, positions = self._found(vector.reshape(1, -1), k=k, selector=selector)
        found = positions[0] >= 0
        rows, near = positions[0][found].astype(np.int64), similarity[0][found]
        order = np.lexsort((rows, -near))
        return rows[order], near[order]

    def _found(
        self, vectors: Vectors, *, k: int, selector: faiss.IDSelector
    ) -> tuple[Column, Rows]:
        # One query cannot be shared among threads; waking them costs more than the search.
        # The setting belongs to the calling thread, so it is made here.
        faiss.omp_set_num_threads(1)
        similarity, positions = self._index.search(
            np.ascontiguousarray(vectors, np.float32),
            k,
            params=faiss.SearchParameters(sel=selector),
        )
        return similarity, positions


def _nothing() -> tuple[Rows, Column]:
    return np.zeros(0, np.int64), np.zeros(0, np.float32)

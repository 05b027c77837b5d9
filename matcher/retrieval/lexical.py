"""BM25 over texts in a fixed order.

What the weights know of a language (how rare a term is, how long a text is on
average) is learned once and frozen in `TermStatistics`; texts that come later
are weighed with it. A term never seen in training counts as the rarest.

Source: Robertson & Zaragoza, The Probabilistic Relevance Framework, FnTIR 2009,
doi:10.1561/1500000019; idf as in Lucene, which is never negative.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from matcher.ports import Column, Rows
from matcher.text import terms

SATURATION = 1.2
LENGTH_WEIGHT = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class TermStatistics:
    """How rare terms are and how long texts are.

    Attributes:
        texts: How many texts were counted.
        mean_length: Their mean number of terms, at least 1.
        frequency: How many of them hold a term.
    """

    texts: int
    mean_length: float
    frequency: Mapping[str, int]

    @classmethod
    def of(cls, texts: Sequence[str]) -> TermStatistics:
        """Count [n] texts; an empty text is not one."""
        counted = [found for found in map(terms, texts) if found]
        frequency: dict[str, int] = {}
        for found in counted:
            for term in set(found):
                frequency[term] = frequency.get(term, 0) + 1
        length = sum(map(len, counted)) / len(counted) if counted else 1.0
        return cls(
            texts=len(counted), mean_length=length, frequency=dict(sorted(frequency.items()))
        )

    def idf(self, term: str) -> float:
        """Inverse document frequency, above 0."""
        seen = self.frequency.get(term, 0)
        return float(np.log1p((self.texts - seen + 0.5) / (seen + 0.5)))


class Bm25Index:
    """Texts in a fixed order; positions are their only ids."""

    def __init__(self, texts: Sequence[str], *, statistics: TermStatistics) -> None:
        self._statistics = statistics
        self._size = len(texts)
        counts, self._numbers = _counted(texts)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        idf = np.array([statistics.idf(term) for term in self._numbers])
        postings = counts.tocsc()
        postings.sort_indices()
        relative = lengths[postings.indices] / statistics.mean_length
        norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * relative)
        weight = postings.data * (SATURATION + 1) / (postings.data + norm)
        self._ends = postings.indptr.astype(np.int64)
        self._texts = postings.indices.astype(np.int64)
        self._weights = weight * np.repeat(idf, np.diff(postings.indptr))
        self._idf = idf

    def __len__(self) -> int:
        return self._size

    def scores(self, query: Sequence[str], *, stop: int | None = None) -> Column:
        """[stop] BM25 of the first `stop` texts, as a share of the highest there can be.

        Args:
            query: Distinct terms, sorted (the order of summation must not vary).
            stop: How many texts to score; all by default.

        Returns:
            float32 in 0..1; near 1 for a text that says every term of the query over and over.
        """
        size = self._size if stop is None else stop
        found, bound = self._asked(query)
        total = np.zeros(size)
        for number in found if size else ():
            said = self._postings(number, size)
            np.add.at(total, self._texts[said], self._weights[said])
        return np.asarray(total / bound, np.float32)

    def scores_of(self, query: Sequence[str], texts: Rows) -> Column:
        """[p] the same of some texts, to the bit; quicker where they are few."""
        found, bound = self._asked(query)
        asked = np.zeros(len(self._numbers))
        asked[found] = 1
        return np.asarray(self.by_text[texts] @ asked / bound, np.float32)

    def words(self, texts: Rows) -> tuple[sparse.csr_matrix, Column]:
        """The words of [p] texts, each once, and the highest score there can be for them.

        Returns:
            [p, terms] ones, terms in the order of their numbers; and [p] bounds.
        """
        said = self.by_text[texts]
        said.data = np.ones_like(said.data)
        return said, (SATURATION + 1) * (said @ self._idf)

    def translated(self, said: sparse.csr_matrix, names: Sequence[str]) -> sparse.csr_matrix:
        """Words of texts of another index under this one's numbers; those unknown here left out.

        Args:
            names: The other index's terms, in the order of their numbers.
        """
        used = np.unique(said.indices)
        numbers = np.full(len(names), -1)
        numbers[used] = [self._numbers.get(names[number], -1) for number in used]
        known = numbers[said.indices] >= 0
        owner = np.repeat(np.arange(said.shape[0]), np.diff(said.indptr))[known]
        ends = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=said.shape[0]))])
        shape = (said.shape[0], len(self._numbers))
        return sparse.csr_matrix(
            (said.data[known], numbers[said.indices][known], ends), shape=shape
        )

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Terms in the order of their numbers, which is alphabetical."""
        return tuple(self._numbers)

    @cached_property
    def by_text(self) -> sparse.csr_matrix:
        """The weights again, text by text, terms in the order of their numbers."""
        shape = (self._size, len(self._numbers))
        columns = sparse.csc_matrix((self._weights, self._texts, self._ends), shape=shape)
        rows = columns.tocsr()
        rows.sort_indices()
        return rows

    def _asked(self, query: Sequence[str]) -> tuple[list[int], float]:
        """Numbers of the terms that some text says, in their order, and the highest score."""
        bound = (SATURATION + 1) * sum(self._statistics.idf(term) for term in query)
        found = [self._numbers[term] for term in query if term in self._numbers]
        return found, bound or 1.0

    def _postings(self, number: int, size: int) -> slice:
        start, stop = int(self._ends[number]), int(self._ends[number + 1])
        return slice(start, start + int(np.searchsorted(self._texts[start:stop], size)))


def _counted(texts: Sequence[str]) -> tuple[sparse.csr_matrix, dict[str, int]]:
    """[n, terms] how often a text says a term, and the number of each term, in order of both."""
    found = [Counter(terms(text)) for text in texts]
    numbers = {term: number for number, term in enumerate(sorted(set().union(*found)))}
    sizes = np.fromiter(map(len, found), np.int64, len(found))
    ends = np.concatenate([[0], np.cumsum(sizes)])
    columns = np.fromiter((numbers[term] for one in found for term in one), np.int32, ends[-1])
    times = np.fromiter((n for one in found for n in one.values()), np.float64, ends[-1])
    counts = sparse.csr_matrix((times, columns, ends), shape=(len(found), len(numbers)))
    counts.sort_indices()
    return counts, numbers

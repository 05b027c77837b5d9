"""Texts searched by their words, to which more may be added.

An index of BM25 never changes; what comes later goes into a smaller one beside it, and small
ones are joined before they are many.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from matcher.ports import Column, Mask, Rows
from matcher.retrieval.lexical import Bm25Index, TermStatistics


class Lexicon:
    """Texts in a fixed order, those that came later at the end; positions are their only ids."""

    def __init__(self, texts: Sequence[str], *, statistics: TermStatistics) -> None:
        self._statistics = statistics
        self._first = Bm25Index(texts, statistics=statistics)
        self._later: tuple[tuple[tuple[str, ...], Bm25Index], ...] = ()

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    def grown(self, texts: Sequence[str]) -> Lexicon:
        """The same with more texts at the end."""
        if not texts:
            return self
        grown, joined, later = Lexicon.__new__(Lexicon), tuple(texts), list(self._later)
        while later and len(later[-1][0]) <= 2 * len(joined):
            joined = (*later.pop()[0], *joined)
        grown._statistics, grown._first = self._statistics, self._first
        part = Bm25Index(joined, statistics=self._statistics)
        grown._later = (*later, (joined, part))
        return grown

    def scores(self, query: Sequence[str], *, stop: int | None = None) -> Column:
        """[n] BM25 as a share of the highest there can be; see `Bm25Index.scores`.

        Args:
            stop: How many of the first texts to score, those that came later not counted.
        """
        first = self._first.scores(query, stop=stop)
        if not self._later:
            return first
        return np.concatenate([first, *(part.scores(query) for _, part in self._later)])

    def scores_of(self, query: Sequence[str], texts: Rows) -> Column:
        """[p] the same of some texts, to the bit."""
        out = np.zeros(len(texts), np.float32)
        for its, of_its, part in self._split(texts):
            out[of_its] = part.scores_of(query, its)
        return out

    def before(
        self,
        query: Sequence[str],
        *,
        k: int,
        stop: int,
        later: Mask | None = None,
        places: Rows | None = None,
    ) -> tuple[Rows, Column]:
        """The k best among the first `stop` texts, best first; ties by place.

        Args:
            later: Which of those that came later count too.
            places: [n] what breaks ties; positions by default.
        """
        if later is None or not later.any():
            return _top(self._first.scores(query, stop=stop), k, places)
        scores = np.zeros(len(self), np.float32)
        scores[:stop] = self._first.scores(query, stop=stop)
        since = np.concatenate([part.scores(query) for _, part in self._later])
        scores[len(self._first) :] = np.where(later, since, 0)
        return _top(scores, k, places)

    def among(
        self, query: Sequence[str], *, k: int, mask: Mask, places: Rows | None = None
    ) -> tuple[Rows, Column]:
        """The k best among the texts that [n] `mask` allows, best first; ties by place."""
        return _top(np.where(mask, self.scores(query), 0), k, places)

    def likeness(self, asking: Rows, others: Rows) -> tuple[Rows, Rows, Column]:
        """BM25 of [o] other texts for the words of each of [p] asking texts, where above 0.

        Returns:
            [m] places in `asking`, rising; places in `others`, rising within one; and the
            shares of the highest there can be.
        """
        owners, places = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        shares = [np.zeros(0, np.float32)]
        for mine, of_mine, part in self._split(asking):
            said, bound = part.words(mine)
            for its, of_its, other in self._split(others):
                words = said if other is part else other.translated(said, part.names)
                alike = (words @ other.by_text[its].T).tocsr()
                owner = np.repeat(np.arange(len(mine)), np.diff(alike.indptr))
                owners.append(of_mine[owner])
                places.append(of_its[alike.indices])
                shares.append(np.asarray(alike.data / bound[owner], np.float32))
        every, place, share = (
            np.concatenate(owners),
            np.concatenate(places),
            np.concatenate(shares),
        )
        order = np.lexsort((place, every))
        return every[order], place[order], share[order]

    @property
    def _parts(self) -> tuple[Bm25Index, ...]:
        return (self._first, *(part for _, part in self._later))

    def _split(self, positions: Rows) -> Iterator[tuple[Rows, Rows, Bm25Index]]:
        """Positions part by part: within the part, and their places among those given."""
        start = 0
        for part in self._parts:
            inside = np.flatnonzero((positions >= start) & (positions < start + len(part)))
            if len(inside):
                yield positions[inside] - start, inside, part
            start += len(part)


def _top(scores: Column, k: int, places: Rows | None) -> tuple[Rows, Column]:
    rows = np.flatnonzero(scores > 0)
    if len(rows) > k:
        edge = np.partition(scores[rows], len(rows) - k)[len(rows) - k]
        rows = rows[scores[rows] >= edge]
    order = np.lexsort((rows if places is None else places[rows], -scores[rows]))[:k]
    return rows[order], scores[rows[order]]

"""What the candidates had to do with the past jobs that resemble this one: delivered or wanted."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.ports import Column, Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """m engagements or interests, in the order of the neighbours: the most similar past job first.

    Attributes:
        pairs: How many pairs the frame holds.
        pair: [m] which of them it is about.
        similarity: [m] of that past job, in 0..1, falling.
        rank: [m] place of that past job among the neighbours, from 0, rising.
        age_days: [m] days from that hire or application to the query's instant, above 0.
        weight: [m] how much it recommends, in (0, 1].
    """

    pairs: int
    pair: Rows
    similarity: Column
    rank: Rows
    age_days: Column
    weight: Column
    _votes: dict[tuple[float, float], Floats] = field(default_factory=dict)
    _groups: list[tuple[Rows, Rows, Rows]] = field(default_factory=list)

    def votes(self, *, size: int, exponent: float, half_life_days: float) -> Column:
        """[n] the votes of the `size` nearest past jobs; 0 without any.

        A vote is similarity to the power of `exponent`, halved with every half-life of age,
        times the weight of the outcome.
        """
        stop = int(np.searchsorted(self.rank, size))
        vote = self._vote(exponent, half_life_days)[:stop]
        return np.bincount(self.pair[:stop], vote, minlength=self.pairs).astype(np.float32)

    def count(self, *, size: int) -> Column:
        """[n] how many of them are among the `size` nearest past jobs."""
        stop = int(np.searchsorted(self.rank, size))
        return np.bincount(self.pair[:stop], minlength=self.pairs).astype(np.float32)

    def best(self, *, half_life_days: float) -> Column:
        """[n] the highest similarity, halved with every half-life of age; NaN without any."""
        order, pair, starts = self._by_pair()
        out = np.full(self.pairs, np.nan, np.float32)
        if len(starts):
            value = self.similarity * self._decay(half_life_days)
            out[pair[starts]] = np.maximum.reduceat(value[order], starts)
        return out

    def mean_of_top(self, top: int) -> Column:
        """[n] the mean of the `top` highest similarities; NaN without any."""
        order, pair, starts = self._by_pair()
        sizes = np.diff(np.append(starts, len(pair)))
        kept = np.arange(len(pair)) - np.repeat(starts, sizes) < top
        total = np.bincount(pair[kept], self.similarity[order][kept], minlength=self.pairs)
        count = np.bincount(pair[kept], minlength=self.pairs)
        out = np.full(self.pairs, np.nan)
        np.divide(total, count, out=out, where=count > 0)
        return out.astype(np.float32)

    def _vote(self, exponent: float, half_life_days: float) -> Floats:
        key = (exponent, half_life_days)
        if key not in self._votes:
            likeness = self.weight * self.similarity.astype(np.float64) ** exponent
            self._votes[key] = likeness * self._decay(half_life_days)
        return self._votes[key]

    def _decay(self, half_life_days: float) -> Floats:
        return np.exp2(-self.age_days.astype(np.float64) / half_life_days)

    def _by_pair(self) -> tuple[Rows, Rows, Rows]:
        """What each pair has together, nearest first, and where each pair starts."""
        if not self._groups:
            order = np.argsort(self.pair, kind="stable")
            pair = self.pair[order]
            starts = np.flatnonzero(np.append(True, pair[1:] != pair[:-1])[: len(pair)])
            self._groups.append((order, pair, starts))
        return self._groups[0]

"""Ask several sources, put their scores on one scale, add them up.

Cosine, BM25, votes and activity live on different scales. A source's scores
are taken to the square root (votes are heavy-tailed) and standardised over the
eligible freelancers, those it did not find counting as 0: what stands out in
its source stands out in the sum.

Source: score standardisation before CombSUM, as in Montague & Aslam, CIKM
2001, doi:10.1145/502585.502657
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import Hits, Neighbours, Query, best_first
from matcher.ports import CandidateSource, Column


@dataclass(frozen=True, slots=True, kw_only=True)
class FusedSource:
    """A `CandidateSource` made of `CandidateSource`s.

    Attributes:
        children: Asked in this order.
        weights: Weight of each child by name; 1 where it is not listed.
        depth: How far down each child list to read.
    """

    children: Sequence[CandidateSource]
    weights: Mapping[str, float]
    depth: int = 1000
    name: str = "fused"

    def search(self, query: Query, *, pool: int) -> Hits:
        """At most `pool` freelancers, best fused score first; ties by id."""
        size = len(query.eligible)
        fused, found = np.zeros(size), np.zeros(size, np.bool_)
        parts: dict[str, Column] = {}
        neighbours: dict[str, Neighbours] = {}
        for child in self.children:
            hits = child.search(query, pool=max(self.depth, pool))
            neighbours |= hits.neighbours
            column = np.full(size, np.nan, np.float32)
            column[hits.rows] = hits.scores
            parts[child.name] = column
            found[hits.rows] = True
            fused += self.weights.get(child.name, 1.0) * _standardised(hits, query)
        scores = fused.astype(np.float32)  # before sorting: scores that read alike are a tie
        rows = np.flatnonzero(found & query.eligible)
        rows = best_first(rows, scores, most=pool, place=query.place)
        return Hits(
            rows=rows,
            scores=scores[rows],
            neighbours=neighbours,
            parts=parts,
            standing=scores,
        )


def _standardised(hits: Hits, query: Query) -> NDArray[np.float64]:
    size = max(int(query.eligible.sum()), 1)
    score = np.sqrt(np.maximum(hits.scores.astype(np.float64), 0))
    mean = score.sum() / size
    variance = (score**2).sum() / size - mean**2
    out = np.full(len(query.eligible), -mean)
    out[hits.rows] += score
    return out / np.sqrt(variance) if variance > 1e-12 else np.zeros(len(out))

"""How the jobs of a pool resemble those of a freelancer's past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.evidence import Evidence
from matcher.jobs.past import Past
from matcher.ports import Column, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """m pairs of a past job and a job of the pool, of which similarity is known.

    Attributes:
        past: The past jobs.
        owner: [m] places in `past`.
        place: [m] places in the pool.
        similarity: [m] float32 in 0..1.
        pool: How many jobs it holds.
    """

    past: Past
    owner: Rows
    place: Rows
    similarity: Column
    pool: int

    @classmethod
    def of(cls, past: Past, owner: Rows, place: Rows, similarity: Column, *, pool: int) -> Alike:
        """From what an index found; what points the other way is left out."""
        kept = similarity > 0
        return cls(
            past=past,
            owner=owner[kept],
            place=place[kept],
            similarity=np.minimum(similarity[kept], np.float32(1)),
            pool=pool,
        )

    def votes(self, *, exponent: float, half_life_days: float) -> Column:
        """[o] what the past jobs vote for each job of the pool; 0 without any."""
        worth = self.past.decayed(half_life_days)[self.owner]
        vote = worth * self.similarity.astype(np.float64) ** exponent
        return np.bincount(self.place, vote, minlength=self.pool).astype(np.float32)

    def evidence(self, chosen: Rows) -> Evidence:
        """The same for [n] chosen places of the pool, as features read it.

        Each chosen job is a pair; the past jobs nearest to it come first. Ties by time,
        the latest first.
        """
        number = np.full(self.pool, -1)
        number[chosen] = np.arange(len(chosen))
        pair = number[self.place]
        kept = pair >= 0
        pair, owner, similarity = pair[kept], self.owner[kept], self.similarity[kept]
        order = np.lexsort((-owner, -similarity, pair))
        pair, owner, similarity = pair[order], owner[order], similarity[order]
        starts = np.searchsorted(pair, np.arange(len(chosen)))
        rank = np.arange(len(pair)) - starts[pair]
        order = np.lexsort((pair, rank))
        owner = owner[order]
        return Evidence(
            pairs=len(chosen),
            pair=pair[order],
            similarity=similarity[order],
            rank=rank[order],
            age_days=self.past.age_days[owner].astype(np.float32),
            weight=self.past.weight[owner].astype(np.float32),
        )

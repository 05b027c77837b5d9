"""What finds jobs for a freelancer: the sources of the other direction, mirrored.

Past jobs still vote, but for open jobs like them: each job that the freelancer
delivered or wanted hands its similarity, halved with every half-life of age and
weighed by how it went, to the jobs of the pool. Their own words, their categories
and clients, and what the market fills lately vote beside them. Each source's scores
are square roots, standardised over the pool, and added up, as in `retrieval.fusion`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain import DAY_US
from matcher.growth import Growth
from matcher.jobs.alike import Alike
from matcher.jobs.columns import JobColumns
from matcher.jobs.past import Past
from matcher.jobs.precedents import Precedents
from matcher.jobs.query import JobHits, JobsQuery
from matcher.learned import Learned
from matcher.ports import Column, Rows
from matcher.retrieval.lexicon import Lexicon
from matcher.retrieval.memory import MemoryOrder
from matcher.retrieval.vectors import FaissIndex, IndexKind
from matcher.snapshot import Snapshot
from matcher.tally import Tally
from matcher.text import terms

PAST_ASKED = 200  # a freelancer's latest jobs that vote
DEPTH = 1000  # open jobs that each of them finds
HALF_LIFE_DAYS = 365.0
MEMORY_EXPONENT = 6.0
LEXICAL_EXPONENT = 2.0
INTEREST_EXPONENT = 6.0
PRECEDENTS = 2000  # the market's latest jobs that speak of an open one
NEAREST_PRECEDENTS = 40
FRESH_DAYS = 14.0
SEASON_DAYS = 90.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSources:
    """Everything that finds jobs in one snapshot.

    Attributes:
        vectors: Of every job, in the order of rows; `words` likewise.
        filled: Hires keyed by the category of their job.
        hired: The jobs that hired anybody, in the order of their first hire.
    """

    snapshot: Snapshot
    columns: JobColumns
    vectors: FaissIndex
    words: Lexicon
    filled: Tally
    hired: MemoryOrder

    @classmethod
    def over(
        cls, snapshot: Snapshot, *, learned: Learned, columns: JobColumns, index: IndexKind = "flat"
    ) -> JobSources:
        """Build the indexes of a snapshot."""
        jobs, hires = snapshot.jobs, snapshot.history.engagements
        return cls(
            snapshot=snapshot,
            columns=columns,
            vectors=FaissIndex(np.asarray(snapshot.job_vectors), kind=index),
            words=Lexicon(jobs.texts, statistics=learned.job_terms),
            filled=Tally.of(jobs.category[hires.job], hires.at),
            hired=MemoryOrder.of(hires),
        )

    def grown(self, growth: Growth, *, columns: JobColumns) -> JobSources:
        """The same over a snapshot that has grown.

        Raises:
            Outgrown: A job has a hire now that precedes the first one it had.
        """
        before, after = growth.before.history, growth.after
        hires, jobs, since = growth.inserted["engagements"], after.jobs, growth.jobs_since
        new = np.arange(since, len(jobs))
        return JobSources(
            snapshot=after,
            columns=columns,
            vectors=self.vectors.grown(after.job_vectors[new]),
            words=self.words.grown(jobs.texts[since:]),
            filled=self.filled.grown(jobs.category[hires.job], hires.at),
            hired=self.hired.grown(before.engagements, after.history.engagements, hires.job),
        )

    def search(self, query: JobsQuery, *, pool: int) -> JobHits:
        """The best `pool` jobs of the query's own, best fused score first; ties by id."""
        memories = self._memories(query)
        parts: dict[str, Column] = {
            "profile": self._by_meaning(query),
            "lexical_profile": self._by_words(query),
            **{
                name: found.votes(exponent=exponent, half_life_days=HALF_LIFE_DAYS)
                for (name, found), exponent in zip(memories.items(), EXPONENTS, strict=True)
            },
            "affinity": self._affinity(query),
            "prior": self._prior(query),
        }
        fused = np.zeros(len(query.pool))
        for scores in parts.values():
            fused += _standardised(scores)
        scores = fused.astype(np.float32)  # before sorting: scores that read alike are a tie
        best = np.lexsort((self.columns.place[query.pool], -scores))[:pool]
        return JobHits(
            rows=query.pool[best],
            fused=scores[best],
            parts={name: column[best] for name, column in parts.items()},
            evidence={name: found.evidence(best) for name, found in memories.items()},
        )

    def precedents(self, jobs: Rows, as_of: int) -> Precedents:
        """The latest jobs that hired before an instant and resemble each of some jobs.

        Args:
            jobs: [c] rows, rising.
        """
        latest = self.hired.latest(as_of, most=PRECEDENTS)
        mask = np.zeros(len(self.snapshot.jobs), np.bool_)
        mask[latest] = True
        near = self.vectors.each_among(
            self.snapshot.job_vectors[jobs], k=NEAREST_PRECEDENTS, mask=mask
        )
        return Precedents.of(jobs, *near, as_of=as_of)

    def momentum(self, jobs: Rows, as_of: int) -> Column:
        """[n] hires lately in each job's category over all of them; NaN without a category."""
        category = self.snapshot.jobs.category[jobs]
        codes = np.arange(len(self.snapshot.jobs.categories))
        lately = self.filled.view(codes, np.full(len(codes), as_of)).decayed(SEASON_DAYS)
        total = float(np.sum(lately[lately > 0], dtype=np.float64))
        share = np.append(lately, np.float32(np.nan))[category]
        return np.asarray(share / total if total > 0 else share, np.float32)

    def _memories(self, query: JobsQuery) -> Mapping[str, Alike]:
        delivered = query.delivered.latest(PAST_ASKED)
        wanted = query.wanted.latest(PAST_ASKED)
        owner, place, share = self.words.likeness(delivered.jobs, query.pool)
        return {
            "memory": self._alike(query, delivered),
            "lexical": Alike.of(delivered, owner, place, share, pool=len(query.pool)),
            "interest": self._alike(query, wanted),
        }

    def _alike(self, query: JobsQuery, past: Past) -> Alike:
        near = self._nearest(query, self.snapshot.job_vectors[past.jobs])
        return Alike.of(past, *near, pool=len(query.pool))

    def _nearest(self, query: JobsQuery, vectors: NDArray[np.float32]) -> tuple[Rows, Rows, Column]:
        mask = np.zeros(len(self.snapshot.jobs), np.bool_)
        mask[query.pool] = True
        owner, rows, near = self.vectors.each_among(vectors, k=DEPTH, mask=mask)
        return owner, np.searchsorted(query.pool, rows), near

    def _by_meaning(self, query: JobsQuery) -> Column:
        out = np.full(len(query.pool), np.nan, np.float32)
        if query.version >= 0:
            profile = self.snapshot.profile_vectors[query.version]
            _, place, near = self._nearest(query, profile[None, :])
            out[place] = np.clip(near, -1, 1)
        return out

    def _by_words(self, query: JobsQuery) -> Column:
        text = self.snapshot.freelancers.texts[query.version] if query.version >= 0 else ""
        said = sorted(set(terms(text)))
        if not said:
            return np.full(len(query.pool), np.nan, np.float32)
        return self.words.scores(said)[query.pool]

    def _affinity(self, query: JobsQuery) -> Column:
        """Jobs of the same category and of the same client, wanted ones for a tenth."""
        jobs, total = self.snapshot.jobs, np.zeros(len(query.pool))
        for codes in (jobs.category, jobs.client):
            for past, worth in ((query.delivered, 1.0), (query.wanted, 0.1)):
                seen = past.by_code(codes, codes[query.pool], half_life_days=HALF_LIFE_DAYS)
                total += worth * seen
        return total.astype(np.float32)

    def _prior(self, query: JobsQuery) -> Column:
        """What anybody might be shown: fresh jobs, of categories that hire."""
        age = np.maximum(query.as_of - self.snapshot.jobs.posted_at[query.pool], 0) / DAY_US
        hiring = np.nan_to_num(self.momentum(query.pool, query.as_of))
        return np.asarray(np.exp2(-age / FRESH_DAYS) + np.sqrt(hiring), np.float32)


EXPONENTS = (MEMORY_EXPONENT, LEXICAL_EXPONENT, INTEREST_EXPONENT)


def _standardised(scores: Column) -> Floats:
    """[o] square roots as standard deviations from the pool's mean; an unknown counts as 0."""
    root = np.sqrt(np.maximum(np.nan_to_num(scores.astype(np.float64)), 0))
    spread = root.std() if len(root) else 0.0
    return np.asarray((root - root.mean()) / spread if spread > 1e-6 else np.zeros(len(root)))

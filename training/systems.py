"""The ladder: every system that the ranker has to beat, from chance upwards.

Each orders the very same pool for the very same query. The static rungs hold
one document a freelancer, fixed at the start of the test span; the others see
all that came before each job.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from matcher.candidates import Query
from matcher.domain import Kind
from matcher.engine import Engine
from matcher.ports import Column, Rows
from matcher.retrieval.lexical import Bm25Index, TermStatistics
from training.metrics import DEPTH

System = Callable[[Query], Rows]


def ladder(engine: Engine, *, test_from: int, seed: int) -> Mapping[str, System]:
    """Every system but the ranker and the oracle, by name.

    Args:
        test_from: Instant at which static documents are fixed.
    """
    rng = np.random.default_rng(seed)
    static = StaticDocuments.of(engine, test_from)
    sources = engine.sources.by_name
    return {
        "random": lambda query: rng.permutation(np.flatnonzero(query.eligible))[:DEPTH],
        "popularity": lambda query: best(_hires(engine, query, np.inf), query),
        "recent_popularity": lambda query: best(_hires(engine, query, 90.0), query),
        "bm25": lambda query: best(static.words.scores(query.terms), query),
        "dense": lambda query: best(static.centroids @ query.vector, query),
        "bm25_memory": lambda query: sources["lexical"].search(query, pool=DEPTH).rows,
        "dense_memory": lambda query: sources["memory"].search(query, pool=DEPTH).rows,
        "hybrid": lambda query: engine.retrieve(query).rows[:DEPTH],
    }


@dataclass(frozen=True, slots=True)
class StaticDocuments:
    """One document a freelancer: the profile and all jobs delivered before an instant.

    Attributes:
        words: [F] the documents, for BM25.
        centroids: [F, dim] the mean of their vectors.
    """

    words: Bm25Index
    centroids: Column

    @classmethod
    def of(cls, engine: Engine, as_of: int) -> StaticDocuments:
        """As known strictly before an instant."""
        snapshot = engine.snapshot
        freelancers, engagements = snapshot.freelancers, snapshot.history.engagements
        size = len(freelancers)
        versions = freelancers.versions(as_of)
        texts = [[freelancers.texts[v]] if v >= 0 else [] for v in versions]
        total = np.zeros((size, snapshot.job_vectors.dim), np.float32)
        past = np.flatnonzero(engagements.at < as_of)
        np.add.at(total, engagements.freelancer[past], snapshot.job_vectors[engagements.job[past]])
        for row, job in zip(engagements.freelancer[past], engagements.job[past], strict=True):
            texts[row].append(snapshot.jobs.texts[job])
        known = versions >= 0
        total[known] += snapshot.profile_vectors[versions[known]]
        length = np.linalg.norm(total, axis=1, keepdims=True)
        documents = ["\n".join(lines) for lines in texts]
        return cls(
            Bm25Index(documents, statistics=TermStatistics.of(documents)),
            np.divide(total, length, out=np.zeros_like(total), where=length > 0),
        )


def best(scores: Column, query: Query) -> Rows:
    """The 100 best eligible rows, ties by row."""
    rows = np.flatnonzero(query.eligible)
    return rows[np.argsort(-scores[rows], kind="stable")][:DEPTH]


def _hires(engine: Engine, query: Query, half_life_days: float) -> Column:
    everyone = np.arange(len(engine.snapshot.freelancers))
    tally = engine.snapshot.history.by_kind[Kind.HIRED]
    view = tally.view(everyone, np.full(len(everyone), query.as_of))
    return view.decayed(half_life_days)

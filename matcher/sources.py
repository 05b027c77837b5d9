"""The sources over one snapshot: profile, memory, lexical, interest and prior, fused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.candidates import Query
from matcher.learned import Learned
from matcher.ports import CandidateSource, Column, Mask, Rows
from matcher.retrieval.fusion import FusedSource
from matcher.retrieval.lexical import Bm25Index
from matcher.retrieval.memory import MemoryOrder, MemorySource
from matcher.retrieval.prior import PriorSource
from matcher.retrieval.profile import ProfileSource
from matcher.retrieval.vectors import FaissIndex, IndexKind
from matcher.snapshot import Snapshot

MEMORY_EXPONENT = 6.0
LEXICAL_EXPONENT = 2.0
INTEREST_EXPONENT = 8.0
INTEREST_NEIGHBOURS = 300  # each of them votes for dozens of people


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything that finds candidates in one snapshot.

    Attributes:
        by_name: profile, memory, lexical, lexical_profile, interest and prior.
        fused: All of them together.
        profile_words: BM25 over the versions of profiles.
    """

    by_name: Mapping[str, CandidateSource]
    fused: FusedSource
    profile_words: Bm25Index

    @classmethod
    def over(
        cls,
        snapshot: Snapshot,
        *,
        learned: Learned,
        weights: Mapping[str, float],
        neighbours: int = 1000,
        half_life_days: float = 120.0,
        index: IndexKind = "flat",
    ) -> Sources:
        """Build the indexes of a snapshot."""
        order = MemoryOrder.of(snapshot.history.engagements)
        wanted = MemoryOrder.of(snapshot.history.interests)
        dense_wanted = FaissIndex(snapshot.job_vectors[wanted.jobs], kind=index)
        dense = FaissIndex(snapshot.job_vectors[order.jobs], kind=index)
        words = Bm25Index(
            [snapshot.jobs.texts[row] for row in order.jobs], statistics=learned.job_terms
        )
        profiles = FaissIndex(snapshot.profile_vectors, kind=index)
        profile_words = Bm25Index(snapshot.freelancers.texts, statistics=learned.profile_terms)

        def by_meaning(query: Query, stop: int) -> tuple[Rows, Column]:
            return dense.before(query.vector, k=neighbours, stop=stop)

        def by_words(query: Query, stop: int) -> tuple[Rows, Column]:
            return words.before(query.terms, k=neighbours, stop=stop)

        def wanted_by_meaning(query: Query, stop: int) -> tuple[Rows, Column]:
            return dense_wanted.before(query.vector, k=INTEREST_NEIGHBOURS, stop=stop)

        def profile_by_meaning(query: Query, k: int, mask: Mask) -> tuple[Rows, Column]:
            return profiles.among(query.vector, k=k, mask=mask)

        def profile_by_words(query: Query, k: int, mask: Mask) -> tuple[Rows, Column]:
            return profile_words.among(query.terms, k=k, mask=mask)

        children: tuple[CandidateSource, ...] = (
            ProfileSource(name="profile", snapshot=snapshot, find=profile_by_meaning),
            MemorySource(
                name="memory",
                snapshot=snapshot,
                order=order,
                find=by_meaning,
                exponent=MEMORY_EXPONENT,
                neighbours=neighbours,
                half_life_days=half_life_days,
            ),
            MemorySource(
                name="lexical",
                snapshot=snapshot,
                order=order,
                find=by_words,
                exponent=LEXICAL_EXPONENT,
                neighbours=neighbours,
                half_life_days=half_life_days,
            ),
            ProfileSource(name="lexical_profile", snapshot=snapshot, find=profile_by_words),
            MemorySource(
                name="interest",
                snapshot=snapshot,
                order=wanted,
                find=wanted_by_meaning,
                exponent=INTEREST_EXPONENT,
                neighbours=INTEREST_NEIGHBOURS,
                half_life_days=half_life_days,
            ),
            PriorSource(snapshot=snapshot),
        )
        return cls(
            by_name={child.name: child for child in children},
            fused=FusedSource(children=children, weights=weights),
            profile_words=profile_words,
        )

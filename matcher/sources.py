"""The sources over one snapshot: profile, memory, lexical, interest and prior, fused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.candidates import Query
from matcher.indexes import Indexes
from matcher.ports import CandidateSource, Column, Mask, Rows
from matcher.retrieval.fusion import FusedSource
from matcher.retrieval.memory import MemorySource, Reach
from matcher.retrieval.prior import PriorSource
from matcher.retrieval.profile import ProfileSource
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
        indexes: What they search.
    """

    by_name: Mapping[str, CandidateSource]
    fused: FusedSource
    indexes: Indexes

    @classmethod
    def over(
        cls,
        snapshot: Snapshot,
        indexes: Indexes,
        *,
        weights: Mapping[str, float],
        neighbours: int = 1000,
        half_life_days: float = 120.0,
    ) -> Sources:
        """The sources of a snapshot and its indexes."""

        def by_meaning(query: Query, reach: Reach) -> tuple[Rows, Column]:
            return indexes.hired_vectors.before(
                query.vector,
                k=neighbours,
                stop=reach.first,
                later=reach.later,
                places=indexes.hired.places,
            )

        def by_words(query: Query, reach: Reach) -> tuple[Rows, Column]:
            return indexes.hired_words.before(
                query.terms,
                k=neighbours,
                stop=reach.first,
                later=reach.later,
                places=indexes.hired.places,
            )

        def wanted_by_meaning(query: Query, reach: Reach) -> tuple[Rows, Column]:
            return indexes.wanted_vectors.before(
                query.vector,
                k=INTEREST_NEIGHBOURS,
                stop=reach.first,
                later=reach.later,
                places=indexes.wanted.places,
            )

        def profile_by_meaning(
            query: Query, k: int, mask: Mask, places: Rows | None
        ) -> tuple[Rows, Column]:
            return indexes.profile_vectors.among(query.vector, k=k, mask=mask, places=places)

        def profile_by_words(
            query: Query, k: int, mask: Mask, places: Rows | None
        ) -> tuple[Rows, Column]:
            return indexes.profile_words.among(query.terms, k=k, mask=mask, places=places)

        children: tuple[CandidateSource, ...] = (
            ProfileSource(name="profile", snapshot=snapshot, find=profile_by_meaning),
            MemorySource(
                name="memory",
                snapshot=snapshot,
                order=indexes.hired,
                find=by_meaning,
                exponent=MEMORY_EXPONENT,
                neighbours=neighbours,
                half_life_days=half_life_days,
            ),
            MemorySource(
                name="lexical",
                snapshot=snapshot,
                order=indexes.hired,
                find=by_words,
                exponent=LEXICAL_EXPONENT,
                neighbours=neighbours,
                half_life_days=half_life_days,
            ),
            ProfileSource(name="lexical_profile", snapshot=snapshot, find=profile_by_words),
            MemorySource(
                name="interest",
                snapshot=snapshot,
                order=indexes.wanted,
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
            indexes=indexes,
        )

"""What travels down the line: a query, who was found, the matches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.domain import Job
from matcher.ports import Column, Mask, Matrix, Rows, Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One request, fixed to an instant.

    Attributes:
        as_of: Only what happened strictly before this instant counts.
        vector: [dim] the job's text; all zeros without words.
        terms: The job's words, distinct and sorted.
        eligible: [F] who joined before `as_of` and passes every filter.
        versions: [F] the profile in force, -1 for none.
        excluded: How many of those who had joined each filter excluded.
        k: How many matches are wanted, at least 1.
        place: [F] place of each row in the order of ids, by which ties are broken; None where
            rows are in that order.
    """

    job: Job
    as_of: int
    vector: Vectors
    terms: tuple[str, ...]
    eligible: Mask
    versions: Rows
    excluded: Mapping[str, int] = field(default_factory=dict)
    k: int = 10
    place: Rows | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Past jobs that resemble the query's job, most alike first.

    Attributes:
        jobs: [m] job rows.
        similarity: [m] float32 in 0..1, falling.
    """

    jobs: Rows
    similarity: Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Freelancers found, best first.

    Attributes:
        rows: [n] freelancer rows.
        scores: [n] float32, falling; comparable within one source only.
        neighbours: The past jobs that voted, by source; empty for a source without memory.
        parts: Per source, [F] the score of everybody; NaN where that source did not find them.
        standing: [F] the fused score of everybody; None for a single source.
    """

    rows: Rows
    scores: Column
    neighbours: Mapping[str, Neighbours] = field(default_factory=dict)
    parts: Mapping[str, Column] = field(default_factory=dict)
    standing: Column | None = None

    @classmethod
    def best(
        cls,
        scores: Column,
        *,
        eligible: Mask,
        pool: int,
        neighbours: Mapping[str, Neighbours] | None = None,
        place: Rows | None = None,
    ) -> Hits:
        """The eligible rows of [F] scores above 0, highest first; ties by place, so by id."""
        rows = np.flatnonzero(eligible & (scores > 0))
        rows = best_first(rows, scores, most=pool, place=place)
        return cls(rows=rows, scores=scores[rows], neighbours=neighbours or {})

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a match is where it is on the list.

    Attributes:
        contribution: What the family of `feature` added to the score; below 0, a doubt.
        text: The same in words.
    """

    feature: str
    value: float | None
    contribution: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One freelancer on one list.

    Attributes:
        score: Orders the list; comparable within it only.
        p_hire: Calibrated probability in 0..1 that a retrieved candidate is hired; None untrained.
        factors: Per trained head, its probability or share in 0..1.
        expected_value: The product of the factors; None without any.
        factor_reasons: Per trained head, what raised it most and what lowered it most.
        propensity: Chance that this freelancer had of a seat on this list, in (0, 1].
        explored: Whether the seat was drawn, for want of knowledge; its rank is then no verdict.
        components: Score of every source that found this freelancer, and the fused one.
    """

    freelancer_id: str
    rank: int
    score: float
    p_hire: float | None
    components: Mapping[str, float]
    reasons: tuple[Reason, ...]
    factors: Mapping[str, float] = field(default_factory=dict)
    expected_value: float | None = None
    factor_reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)
    propensity: float = 1.0
    explored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """A list, best first.

    Attributes:
        rows: [n] freelancer rows of the whole ranked pool, best first.
        scores: [n] float32 falling.
        matrix: [n, d] the feature rows, in the same order.
        factors: Per trained head, [n] in the same order.
        took_ms: Milliseconds a stage.
        neighbours: The past jobs that voted, by source.
    """

    query: Query
    rows: Rows
    scores: Column
    p_hire: Column
    matrix: Matrix
    top: tuple[Match, ...]
    took_ms: Mapping[str, float]
    factors: Mapping[str, Column] = field(default_factory=dict)
    neighbours: Mapping[str, Neighbours] = field(default_factory=dict)


def best_first(rows: Rows, scores: Column, *, most: int, place: Rows | None) -> Rows:
    """The `most` best of some rows, rising, by [F] scores; ties by place, so by id."""
    if len(rows) > most:  # sorting everybody would cost more than all else
        edge = np.partition(scores[rows], len(rows) - most)[len(rows) - most]
        rows = rows[scores[rows] >= edge]
    return _in_order(rows, scores, place)[:most]


def _in_order(rows: Rows, scores: Column, place: Rows | None) -> Rows:
    if place is None:
        return rows[np.argsort(-scores[rows], kind="stable")]
    return rows[np.lexsort((place[rows], -scores[rows]))]

"""A transparent weighted sum, for a market with nothing to train on yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.ports import Column, Matrix

WEIGHTS: Mapping[str, float] = {
    "fused_score": 0.3,
    "skill_coverage": 1.0,
    "named_skill_coverage": 0.7,
    "profile_similarity": 1.5,
    "profile_words": 0.8,
    "memory_votes_250_365d_share": 0.6,
    "lexical_votes_250_365d_share": 0.6,
    "recent_hires_90d_share": 0.3,
    "client_hires_365d_share": 0.5,
    "completion_rate": 0.2,
    "shared_hours": 0.03,
    "language_coverage": 0.3,
    "rate_to_budget": -0.2,
    "missing_skills": -0.05,
}
JOBS_WEIGHTS: Mapping[str, float] = {
    "fused_score": 0.5,
    "skill_coverage": 1.0,
    "profile_similarity": 1.5,
    "invited": 2.0,
    "rate_to_budget": -0.2,
    "language_coverage": 0.3,
    "shared_hours": 0.03,
    "days_since_posted": -0.02,
}


@dataclass(frozen=True, slots=True)
class WeightedSum:
    """A `Ranker` that adds weighted columns; an unknown value adds nothing.

    Attributes:
        weights: [d] in matrix order.
    """

    weights: Column

    @classmethod
    def of(cls, names: tuple[str, ...], weights: Mapping[str, float] = WEIGHTS) -> WeightedSum:
        """From weights by column name; a column without one counts nothing."""
        return cls(np.array([weights.get(name, 0.0) for name in names], np.float32))

    def score(self, matrix: Matrix) -> Column:
        """[n] raw scores, higher is better."""
        return np.asarray(self.contributions(matrix).sum(axis=1), np.float32)

    def contributions(self, matrix: Matrix) -> Matrix:
        """[n, d]: weight times value."""
        known = np.where(np.isfinite(matrix), matrix, 0)
        return np.asarray(known * self.weights, np.float32)

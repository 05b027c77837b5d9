"""A marketplace as the engine holds it: columns, past and vectors, immutable.

Readers share one snapshot and never see half a change; what is newer is
another snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.history import History
from matcher.marketplace import Marketplace
from matcher.ports import Encoder, Mask, Vectors
from matcher.roster import Freelancers, Jobs
from matcher.stack import Stack


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything known, each fact with its instant.

    Attributes:
        job_vectors: [N, dim] float32, one a job.
        profile_vectors: [V, dim] float32, one a version of a profile.
        has_words: [V] which versions say anything.
    """

    freelancers: Freelancers
    jobs: Jobs
    history: History
    job_vectors: Stack
    profile_vectors: Stack
    has_words: Mask

    @classmethod
    def of(cls, marketplace: Marketplace, *, encoder: Encoder) -> Snapshot:
        """Read the tables into columns and encode every text once."""
        freelancers, jobs = Freelancers.of(marketplace.freelancers), Jobs.of(marketplace.jobs)
        vectors = encoder.encode([*jobs.texts, *freelancers.texts])
        return cls.assembled(marketplace, vectors=vectors, freelancers=freelancers, jobs=jobs)

    @classmethod
    def assembled(
        cls, marketplace: Marketplace, *, vectors: Vectors, freelancers: Freelancers, jobs: Jobs
    ) -> Snapshot:
        """The same from vectors made before: [N + V, dim], jobs first."""
        profiles = vectors[len(jobs) :]
        return cls(
            freelancers=freelancers,
            jobs=jobs,
            history=History.of(marketplace.events, freelancers=freelancers, jobs=jobs),
            job_vectors=Stack.of(vectors[: len(jobs)]),
            profile_vectors=Stack.of(profiles),
            has_words=np.any(profiles, axis=1),
        )

"""What one snapshot is searched by: indexes of meaning and of words, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.growth import Growth
from matcher.learned import Learned
from matcher.retrieval.lexicon import Lexicon
from matcher.retrieval.memory import MemoryOrder
from matcher.retrieval.vectors import FaissIndex, IndexKind
from matcher.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexes:
    """Every index over one snapshot.

    Attributes:
        hired: The jobs that hired, as `hired_vectors` and `hired_words` have them.
        wanted: The jobs that somebody wanted, as `wanted_vectors` has them.
        profile_vectors: Of every version of a profile; `profile_words` likewise.
    """

    hired: MemoryOrder
    hired_vectors: FaissIndex
    hired_words: Lexicon
    wanted: MemoryOrder
    wanted_vectors: FaissIndex
    profile_vectors: FaissIndex
    profile_words: Lexicon

    @classmethod
    def over(cls, snapshot: Snapshot, *, learned: Learned, index: IndexKind = "flat") -> Indexes:
        """Build the indexes of a snapshot."""
        jobs, freelancers = snapshot.jobs, snapshot.freelancers
        hired = MemoryOrder.of(snapshot.history.engagements)
        wanted = MemoryOrder.of(snapshot.history.interests)
        return cls(
            hired=hired,
            hired_vectors=FaissIndex(snapshot.job_vectors[hired.jobs], kind=index),
            hired_words=Lexicon(
                [jobs.texts[row] for row in hired.jobs], statistics=learned.job_terms
            ),
            wanted=wanted,
            wanted_vectors=FaissIndex(snapshot.job_vectors[wanted.jobs], kind=index),
            profile_vectors=FaissIndex(np.asarray(snapshot.profile_vectors), kind=index),
            profile_words=Lexicon(freelancers.texts, statistics=learned.profile_terms),
        )

    def grown(self, growth: Growth) -> Indexes:
        """The same over a snapshot that has grown.

        Raises:
            Outgrown: A job has an entry now that precedes the first one it had.
        """
        before, after = growth.before.history, growth.after.history
        inserted = growth.inserted
        hired = self.hired.grown(before.engagements, after.engagements, inserted["engagements"].job)
        wanted = self.wanted.grown(before.interests, after.interests, inserted["interests"].job)
        jobs, vectors = growth.after.jobs, growth.after.job_vectors
        hired_since = hired.jobs[len(self.hired.jobs) :]
        wanted_since = wanted.jobs[len(self.wanted.jobs) :]
        versions = np.arange(growth.versions_since, len(growth.after.freelancers.valid_from))
        profiles = growth.after.freelancers.texts[growth.versions_since :]
        return Indexes(
            hired=hired,
            hired_vectors=self.hired_vectors.grown(vectors[hired_since]),
            hired_words=self.hired_words.grown([jobs.texts[row] for row in hired_since]),
            wanted=wanted,
            wanted_vectors=self.wanted_vectors.grown(vectors[wanted_since]),
            profile_vectors=self.profile_vectors.grown(growth.after.profile_vectors[versions]),
            profile_words=self.profile_words.grown(profiles),
        )

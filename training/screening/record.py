"""What a market records, at first without a word of it read.

Reading texts is the slow part, and where nobody's chance can be told there is no need for it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from matcher.marketplace import Marketplace
from matcher.ports import Encoder
from matcher.roster import Freelancers, Jobs
from matcher.snapshot import Snapshot
from matcher.stack import Stack


def unread(marketplace: Marketplace) -> Snapshot:
    """Columns and past; no text has a vector yet, as if nobody said anything."""
    freelancers, jobs = Freelancers.of(marketplace.freelancers), Jobs.of(marketplace.jobs)
    blank = np.zeros((len(jobs) + len(freelancers.texts), 1), np.float32)
    return Snapshot.assembled(marketplace, vectors=blank, freelancers=freelancers, jobs=jobs)


def read(snapshot: Snapshot, *, encoder: Encoder) -> Snapshot:
    """The same with every text encoded."""
    jobs, freelancers = snapshot.jobs, snapshot.freelancers
    vectors = encoder.encode([*jobs.texts, *freelancers.texts])
    profiles = vectors[len(jobs) :]
    return replace(
        snapshot,
        job_vectors=Stack.of(vectors[: len(jobs)]),
        profile_vectors=Stack.of(profiles),
        has_words=np.any(profiles, axis=1),
    )

"""A snapshot with what came since, to the bit as if it had been made anew.

Nothing that readers hold is changed: what is new lies beside what was there, and what little
must move is copied. What comes so late that it would move much is not taken: then all is made
anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from matcher.enlisting import with_postings, with_profiles
from matcher.happened import Happened
from matcher.inserted import Inserted
from matcher.ports import Rows, Vectors
from matcher.snapshot import Snapshot

VectorsOf = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Rows that came since, as of tables of a marketplace; each is new or has other content.

    Attributes:
        deleted_freelancers: Those of `freelancers` or of before who are on no list from now on;
            who of `freelancers` is not among them is on lists again.
    """

    freelancers: pd.DataFrame
    jobs: pd.DataFrame
    events: pd.DataFrame
    deleted_freelancers: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A snapshot, and one that has grown from it: known rows are the same in both.

    Attributes:
        inserted: Per record of the history, what was put into it and where.
        changed_jobs: Rows of the jobs of before whose terms are others now.
    """

    before: Snapshot
    after: Snapshot
    inserted: Mapping[str, Inserted]
    changed_jobs: Rows

    @property
    def jobs_since(self) -> int:
        """The row of the first new job."""
        return len(self.before.jobs)

    @property
    def versions_since(self) -> int:
        """The first new version of a profile."""
        return len(self.before.freelancers.valid_from)


def grow(snapshot: Snapshot, news: News, *, vectors_of: VectorsOf) -> Growth:
    """A snapshot with what came since.

    Args:
        vectors_of: Gives [n, dim] float32 vectors of n texts.

    Raises:
        Outgrown: Something came too late to be put where it belongs, or changes what much else
            is counted by.
    """
    freelancers = with_profiles(
        snapshot.freelancers, news.freelancers, deleted=news.deleted_freelancers
    )
    jobs, changed = with_postings(snapshot.jobs, news.jobs)
    happened = Happened.of(news.events, freelancers=freelancers, jobs=jobs)
    history, inserted = snapshot.history.grown(
        happened, freelancers=freelancers, jobs=jobs, clients=len(snapshot.jobs.clients)
    )
    posted = jobs.texts[len(snapshot.jobs) :]
    profiles = freelancers.texts[len(snapshot.freelancers.texts) :]
    vectors = vectors_of([*posted, *profiles])
    said = vectors[len(posted) :]
    after = Snapshot(
        freelancers=freelancers,
        jobs=jobs,
        history=history,
        job_vectors=snapshot.job_vectors.grown(vectors[: len(posted)]),
        profile_vectors=snapshot.profile_vectors.grown(said),
        has_words=np.append(snapshot.has_words, np.any(said, axis=1)),
    )
    return Growth(before=snapshot, after=after, inserted=inserted, changed_jobs=changed)

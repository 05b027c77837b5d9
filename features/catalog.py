"""Every feature, in matrix order.

A feature may also be compared with the rest of its list: its `_share` of the
list's best and its `_place` in it are columns of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sized
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

import matcher
from features.activity import ACTIVITY_FEATURES
from features.availability import AVAILABILITY_FEATURES
from features.demand import DEMAND_FEATURES
from features.feature import COMPARE, Described, JobsFeature, shares_of_best
from features.interest import INTEREST_FEATURES
from features.jobs_catalog import JOBS_FEATURES
from features.memory import MEMORY_FEATURES
from features.money import MONEY_FEATURES
from features.quality import QUALITY_FEATURES
from features.relationship import RELATIONSHIP_FEATURES
from features.skills import SKILL_FEATURES
from features.text import TEXT_FEATURES
from features.track_record import TRACK_RECORD_FEATURES
from matcher.jobs.frame import JobsFrame
from matcher.ports import Matrix, Rows

F = TypeVar("F", bound=Sized)

KERNEL_SOURCES = (
    "candidates.py",
    "clientele.py",
    "codes.py",
    "domain.py",
    "elsewhere.py",
    "engagements.py",
    "engine.py",
    "enlisting.py",
    "evidence.py",
    "frame.py",
    "growth.py",
    "happened.py",
    "history.py",
    "indexes.py",
    "inserted.py",
    "interests.py",
    "jobs/alike.py",
    "jobs/columns.py",
    "jobs/engine.py",
    "jobs/filters.py",
    "jobs/frame.py",
    "jobs/open.py",
    "jobs/past.py",
    "jobs/precedents.py",
    "jobs/query.py",
    "jobs/sources.py",
    "keyed.py",
    "learned.py",
    "pairing.py",
    "quality.py",
    "ragged.py",
    "reputation.py",
    "roster.py",
    "skills.py",
    "snapshot.py",
    "sources.py",
    "stack.py",
    "tally.py",
    "text.py",
    "retrieval/filters.py",
    "retrieval/fusion.py",
    "retrieval/lexical.py",
    "retrieval/lexicon.py",
    "retrieval/memory.py",
    "retrieval/prior.py",
    "retrieval/profile.py",
    "retrieval/vectors.py",
)


@dataclass(frozen=True)
class Catalog(Generic[F]):
    """A `FeatureSet` of named features.

    Attributes:
        features: In matrix order; each is followed by its comparisons.
        of_jobs: Those of the other direction.
    """

    features: tuple[Described[F], ...]
    of_jobs: tuple[JobsFeature, ...] = ()

    @cached_property
    def jobs(self) -> Catalog[JobsFrame]:
        """The features of the other direction."""
        return Catalog(self.of_jobs)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """[d] column names, in matrix order."""
        return tuple(
            name
            for feature in self.features
            for name in (feature.name, *(f"{feature.name}_{how}" for how in feature.against))
        )

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the names and of the source of everything a column is made by."""
        kernel = Path(matcher.__file__).parent
        sources = [
            *sorted(Path(__file__).parent.glob("*.py")),
            *map(kernel.joinpath, KERNEL_SOURCES),
        ]
        digest = hashlib.sha256("\n".join((*self.names, *self.jobs.names, "float32")).encode())
        for source in sources:
            digest.update(source.read_bytes())
        return digest.hexdigest()

    def transform(self, frame: F) -> Matrix:
        """[n, d] float32; row i is pair i of the frame."""
        columns = np.empty((len(self.names), len(frame)), np.float32)
        place = 0
        for feature in self.features:
            values = feature(frame)
            columns[place] = values
            for offset, how in enumerate(feature.against, start=1):
                if how != "share":
                    columns[place + offset] = COMPARE[how](values)
            place += 1 + len(feature.against)
        of, shares = self._shares
        columns[shares] = shares_of_best(columns[of])
        return np.ascontiguousarray(columns.T)

    def monotone(self) -> tuple[int, ...]:
        """[d] +1, -1 or 0; a comparison of a signed feature is left to the data."""
        return tuple(
            sign
            for feature in self.features
            for sign in (feature.monotone, *(0 for _ in feature.against))
        )

    def family(self, name: str) -> str:
        """The family of a column."""
        return self._by_column[name].family

    def phrase(self, name: str, value: float) -> str:
        """What a person reads of a column's value, also where it is 0 or NaN."""
        return self._by_column[name].say(value)

    def plain(self, name: str) -> str:
        """The feature that a column compares, or the column itself."""
        return self._by_column[name].name

    @cached_property
    def _shares(self) -> tuple[Rows, Rows]:
        """The columns that a share is taken of, and where the shares go."""
        place = {name: column for column, name in enumerate(self.names)}
        shared = [one.name for one in self.features if "share" in one.against]
        of = np.array([place[name] for name in shared], np.int64)
        return of, np.array([place[f"{name}_share"] for name in shared], np.int64)

    @cached_property
    def _by_column(self) -> dict[str, Described[F]]:
        return {
            name: feature
            for feature in self.features
            for name in (feature.name, *(f"{feature.name}_{how}" for how in feature.against))
        }


FEATURES = Catalog(
    (
        *TEXT_FEATURES,
        *MEMORY_FEATURES,
        *INTEREST_FEATURES,
        *SKILL_FEATURES,
        *MONEY_FEATURES,
        *TRACK_RECORD_FEATURES,
        *ACTIVITY_FEATURES,
        *AVAILABILITY_FEATURES,
        *RELATIONSHIP_FEATURES,
        *QUALITY_FEATURES,
        *DEMAND_FEATURES,
    ),
    of_jobs=JOBS_FEATURES,
)

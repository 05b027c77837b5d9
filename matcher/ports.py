"""The seams of the engine: what it holds, never what fills it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matcher.candidates import Hits, Query
    from matcher.frame import PairFrame
    from matcher.jobs.frame import JobsFrame

Column = NDArray[np.float32]
Matrix = NDArray[np.float32]
Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
Instants = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Encoder(Protocol):
    """Turns texts into vectors whose inner product says how alike they are."""

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def digest(self) -> str:
        """Changes whenever a vector may come out differently."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """[n, dim] float32, unit length; all zeros for a text without words."""
        ...


class CandidateSource(Protocol):
    """Finds freelancers for a query, as of its instant."""

    @property
    def name(self) -> str:
        """What `components` calls it."""
        ...

    def search(self, query: Query, *, pool: int) -> Hits:
        """At most `pool` eligible freelancers, best first; ties by id."""
        ...


class Wording(Protocol):
    """Says in words what columns hold."""

    @property
    def names(self) -> tuple[str, ...]:
        """Column names, in matrix order."""
        ...

    def family(self, name: str) -> str:
        """The family of a column: reasons are grouped by it."""
        ...

    def plain(self, name: str) -> str:
        """The feature that a column compares with its list, or the column itself."""
        ...

    def phrase(self, name: str, value: float) -> str:
        """What a person reads of a column's value, also where it is 0 or NaN."""
        ...


class JobsFeatureSet(Wording, Protocol):
    """Turns pairs into numbers in the other direction: one freelancer, many jobs."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever any column may come out differently."""
        ...

    def monotone(self) -> tuple[int, ...]:
        """+1, -1 or 0 a column: the direction in which a value may move a score."""
        ...

    def transform(self, frame: JobsFrame) -> Matrix:
        """[n, d] float32; row i is pair i of the frame."""
        ...


class FeatureSet(Wording, Protocol):
    """Turns pairs into numbers, the same way offline and online."""

    @property
    def fingerprint(self) -> str:
        """Changes whenever any column may come out differently."""
        ...

    @property
    def jobs(self) -> JobsFeatureSet:
        """The features of the other direction."""
        ...

    def monotone(self) -> tuple[int, ...]:
        """+1, -1 or 0 a column: the direction in which a value may move a score."""
        ...

    def transform(self, frame: PairFrame) -> Matrix:
        """[n, d] float32; row i is pair i of the frame."""
        ...


class Ranker(Protocol):
    """Orders pairs; scores are comparable only within one query."""

    def score(self, matrix: Matrix) -> Column:
        """[n], higher is better; raw, unbounded, not a probability."""
        ...

    def contributions(self, matrix: Matrix) -> Matrix:
        """[n, d]: what each column added to each score."""
        ...


class Calibrator(Protocol):
    """Turns the scores of one list into probabilities."""

    def probabilities(self, scores: Column, *, pace: float) -> Column:
        """[n] in 0..1, non-decreasing in the score; NaN where untrained.

        Args:
            pace: Hires a job on this market of late, above 0.
        """
        ...

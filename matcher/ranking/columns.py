"""The columns of a feature matrix that one model reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ports import FeatureSet, Matrix, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Some columns of a matrix, in its order.

    Attributes:
        names: [c] of those read; `monotone` their directions.
        places: [c] where they stand in the matrix.
        width: Columns of the whole matrix.
    """

    names: tuple[str, ...]
    monotone: tuple[int, ...]
    places: Rows
    width: int

    @classmethod
    def of(cls, features: FeatureSet, *, leave_out: Collection[str] = ()) -> Columns:
        """All columns but those of some families.

        Raises:
            ValueError: A family is unknown, or nothing is left.
        """
        families = [features.family(name) for name in features.names]
        unknown = sorted(set(leave_out) - set(families))
        if unknown:
            known = ", ".join(sorted(set(families)))
            raise ValueError(f"no family of features is called {unknown[0]!r}; known are {known}")
        places = [place for place, family in enumerate(families) if family not in leave_out]
        if not places:
            raise ValueError("every family of features is left out; leave one in")
        monotone = features.monotone()
        return cls(
            names=tuple(features.names[place] for place in places),
            monotone=tuple(monotone[place] for place in places),
            places=np.array(places, np.int64),
            width=len(families),
        )

    def take(self, matrix: Matrix) -> Matrix:
        """[n, c] of [n, width]; the matrix itself where all of it is read."""
        return matrix if len(self.names) == self.width else matrix[:, self.places]

    def spread(self, values: Matrix) -> Matrix:
        """[n, width] of [n, c]: 0 where nothing is read."""
        whole = np.zeros((len(values), self.width), np.float32)
        whole[:, self.places] = values
        return whole

    def share(self, of_columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """[width] of [c]: 0 where nothing is read."""
        whole = np.zeros(self.width)
        whole[self.places] = of_columns
        return whole

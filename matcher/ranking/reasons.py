"""Why a match is where it is: the ranker's own arithmetic, in words.

Columns of one family say one thing many ways, so their contributions are added
up; the family speaks through its strongest column.
"""

from __future__ import annotations

from itertools import islice

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import Reason
from matcher.ports import Column, Mask, Rows, Wording

STRENGTHS = 3
DOUBTS = 2


class Explainer:
    """Tells the strongest families for and against one match."""

    def __init__(self, features: Wording) -> None:
        self._features = features
        place = {name: column for column, name in enumerate(features.names)}
        self._plain: Rows = np.array([place[features.plain(name)] for name in features.names])
        families = [features.family(name) for name in features.names]
        self._families, codes = np.unique(families, return_inverse=True)
        self._codes: Rows = codes.astype(np.int64)
        self._columns = [np.flatnonzero(codes == one) for one in range(len(self._families))]

    def reasons(
        self,
        values: Column,
        contributions: Column,
        *,
        strengths: int = STRENGTHS,
        doubts: int = DOUBTS,
    ) -> tuple[Reason, ...]:
        """Some strengths, strongest first, and then some doubts, gravest first.

        Args:
            values: [d] one feature row.
            contributions: [d] what each column added to the score.
            strengths: How many at most; doubts likewise.
        """
        total = np.bincount(self._codes, contributions, minlength=len(self._families))
        order = np.argsort(-total, kind="stable")
        plain = values[self._plain]
        present = np.isfinite(plain) & (plain != 0)
        for_it = order[total[order] > 0].tolist()
        against_it = order[::-1][total[order[::-1]] < 0][:doubts].tolist()
        # What somebody lacks may count in favour of a score; as praise it only puzzles.
        praise = (self._reason(one, total, values, contributions, present) for one in for_it)
        blame = (self._reason(one, total, values, contributions, None) for one in against_it)
        told = islice((one for one in praise if one is not None), strengths)
        return (*told, *(one for one in blame if one is not None))

    def families(self, values: Column, contributions: Column) -> dict[str, Reason]:
        """What every family added and says, by its name: the loudest first, in either direction.

        Args:
            values: [d] one feature row.
            contributions: [d] what each column added to the score.
        """
        total = np.bincount(self._codes, contributions, minlength=len(self._families))
        order = np.argsort(-np.abs(total), kind="stable").tolist()
        told = {one: self._reason(one, total, values, contributions, None) for one in order}
        return {str(self._families[one]): why for one, why in told.items() if why is not None}

    def _reason(
        self,
        family: int,
        total: Rows | NDArray[np.float64],
        values: Column,
        contributions: Column,
        allowed: Mask | None,
    ) -> Reason | None:
        columns = self._columns[family]
        if allowed is not None:
            columns = columns[allowed[columns]]
        if len(columns) == 0:
            return None
        added = float(total[family])
        loudest = columns[np.argmax(contributions[columns] * np.sign(added))]
        name = self._features.plain(self._features.names[loudest])
        value = float(values[self._plain[loudest]])
        return Reason(
            feature=name,
            value=value if np.isfinite(value) else None,
            contribution=added,
            text=self._features.phrase(name, value),
        )

"""Why a match is where it is: the ranker's own arithmetic, in words.

Columns of one family say one thing many ways, so their contributions are added
up; the family speaks through its strongest column.
"""

from __future__ import annotations

import numpy as np

from matcher.candidates import Reason
from matcher.ports import Column, FeatureSet, Rows

STRENGTHS = 3
DOUBTS = 2


class Explainer:
    """Tells the strongest families for and against one match."""

    def __init__(self, features: FeatureSet) -> None:
        self._features = features
        self._column = {name: place for place, name in enumerate(features.names)}
        families = [features.family(name) for name in features.names]
        self._families, codes = np.unique(families, return_inverse=True)
        self._codes: Rows = codes.astype(np.int64)

    def reasons(self, values: Column, contributions: Column) -> tuple[Reason, ...]:
        """At most three strengths, strongest first, then at most two doubts, gravest first.

        Args:
            values: [d] one feature row.
            contributions: [d] what each column added to the score.
        """
        total = np.bincount(self._codes, contributions, minlength=len(self._families))
        order = np.argsort(-total, kind="stable")
        strengths = [family for family in order[:STRENGTHS] if total[family] > 0]
        doubts = [family for family in order[::-1][:DOUBTS] if total[family] < 0]
        return tuple(
            self._reason(int(family), float(total[family]), values, contributions)
            for family in (*strengths, *doubts)
        )

    def _reason(self, family: int, added: float, values: Column, contributions: Column) -> Reason:
        columns = np.flatnonzero(self._codes == family)
        loudest = columns[np.argmax(contributions[columns] * np.sign(added))]
        plain = self._features.plain(self._features.names[loudest])
        value = float(values[self._column[plain]])
        return Reason(
            feature=plain,
            value=value if np.isfinite(value) else None,
            contribution=added,
            text=self._features.phrase(plain, value),
        )

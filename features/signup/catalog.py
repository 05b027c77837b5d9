"""Every feature of a person who just signed up, in matrix order."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from features.feature import Described
from features.signup.demand import DEMAND_FEATURES
from features.signup.frame import SignupFrame
from features.signup.outlook import Outlook
from features.signup.postings import Postings
from features.signup.profile import PROFILE_FEATURES
from matcher.ports import Instants, Matrix, Rows
from matcher.snapshot import Snapshot


@dataclass(frozen=True)
class SignupCatalog:
    """Named features of people; each speaks for itself, none against a list.

    Attributes:
        features: In matrix order.
    """

    features: tuple[Described[SignupFrame], ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """[d] column names, in matrix order."""
        return tuple(one.name for one in self.features)

    def transform(self, snapshot: Snapshot, *, rows: Rows, as_of: Instants) -> Matrix:
        """[n, d] float32: what was known of each person strictly before their own instant."""
        postings = Postings.of(snapshot)
        out = np.empty((len(rows), len(self.features)), np.float32)
        for instant in np.unique(as_of):
            places = np.flatnonzero(as_of == instant)
            outlook = Outlook(snapshot=snapshot, postings=postings, as_of=int(instant))
            frame = SignupFrame(outlook=outlook, rows=rows[places])
            for column, one in enumerate(self.features):
                out[places, column] = one(frame)
        return out

    def monotone(self) -> tuple[int, ...]:
        """[d] +1, -1 or 0."""
        return tuple(one.monotone for one in self.features)

    def family(self, name: str) -> str:
        """The family of a column."""
        return self._by_name[name].family

    def plain(self, name: str) -> str:
        """The column itself."""
        return name

    def phrase(self, name: str, value: float) -> str:
        """What an operator reads of a column's value, also where it is 0 or NaN."""
        return self._by_name[name].say(value)

    @cached_property
    def _by_name(self) -> dict[str, Described[SignupFrame]]:
        return {one.name: one for one in self.features}


SIGNUP_FEATURES = SignupCatalog((*PROFILE_FEATURES, *DEMAND_FEATURES))

"""The list that somebody would make who knew everything: the bound on what lists can do."""

from __future__ import annotations

import numpy as np

from training.simulate.policies import Ask, Slate, certain
from training.simulate.sides import Sides


class Oracle:
    """Those whom the client would like best among the ones who would accept, by the truth.

    Greedy: it orders by attraction times the chance of accepting, seat by seat, and leaves out of
    account that two on one list compete with each other.
    """

    name = "oracle"

    def __init__(self, sides: Sides) -> None:
        self._sides = sides

    def slate(self, ask: Ask) -> Slate:
        """The best of the pool."""
        pairs = self._sides.pairs(ask.post, ask.state, np.arange(ask.pool))
        liking = self._sides.liking(ask.post, ask.state, pairs)
        worth = liking + np.log(self._sides.acceptance(pairs))
        return certain(np.argsort(-worth, kind="stable")[: ask.seats].astype(np.int64))

"""Who works under the roof of an agency, and with whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from training.simulate.draws import Ints
from training.simulate.niches import category_of_niche
from training.simulate.people import People

_AFFILIATED = 0.36  # share of freelancers who work for an agency
_MEAN_SIZE = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agencies:
    """Agencies of people of one trade, who joined around the same time.

    Attributes:
        of: [people] row of each one's agency, or -1.
        ids: Agency ids.
        members: Row of an agency -> rows of its people.
    """

    of: Ints
    ids: tuple[str, ...]
    members: Mapping[int, Ints] = field(default_factory=dict)

    def id_of(self, row: int) -> str | None:
        """The agency of somebody, or None."""
        return None if self.of[row] < 0 else self.ids[self.of[row]]


def draw_agencies(people: People, rng: np.random.Generator) -> Agencies:
    """Split those who are affiliated into agencies of two to a few dozen."""
    of = np.full(len(people), -1, np.int64)
    trades = category_of_niche()[people.niche]
    count = 0
    for trade in np.unique(trades):
        rows = np.flatnonzero((trades == trade) & (rng.random(len(people)) < _AFFILIATED))
        first = 0
        while first < len(rows) - 1:
            size = 1 + int(rng.geometric(1 / (_MEAN_SIZE - 1)))
            if len(rows) - first - size == 1:
                size += 1  # nobody is an agency alone
            of[rows[first : first + size]] = count
            first += size
            count += 1
    width = max(3, len(str(count)))
    members: defaultdict[int, list[int]] = defaultdict(list)
    for row in np.flatnonzero(of >= 0):
        members[int(of[row])].append(int(row))
    return Agencies(
        of=of,
        ids=tuple(f"a{number + 1:0{width}d}" for number in range(count)),
        members={agency: np.array(rows, np.int64) for agency, rows in members.items()},
    )

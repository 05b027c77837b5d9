"""Events grouped by an integer key, in time order, and the decayed totals along each group.

A total depends on the events of its own key before it and on nothing else. Within a block of
`BLOCK` events it is taken by doubling, from block to block it is carried: so what comes later
leaves whole blocks as they are, and a key that grows need not be summed anew.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain import DAY_US
from matcher.ports import Instants, Rows
from matcher.ragged import spans

Floats = NDArray[np.float64]
BLOCK = 1024
LATEST = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Keyed:
    """m events under u keys.

    Attributes:
        keys: [u] int64, sorted and unique.
        ends: [u + 1] int64; the events of `keys[i]` are `ends[i]:ends[i + 1]`.
        at: [m] int64 instants, rising within a key.
        values: [m] float64, rising within an instant of a key.
    """

    keys: Rows
    ends: Rows
    at: Instants
    values: Floats
    _instants: Instants
    _composite: Rows

    @classmethod
    def of(cls, keys: Rows, at: Instants, values: Floats) -> Keyed:
        """From [m] keys, instants and values in any order."""
        order = np.lexsort((values, at, keys))
        keys, at, values = keys[order], at[order], values[order]
        unique, starts = np.unique(keys, return_index=True)
        ends = np.append(starts, len(keys)).astype(np.int64)
        instants = np.unique(at)
        group = np.repeat(np.arange(len(unique)), np.diff(ends))
        composite = group * (len(instants) + 1) + np.searchsorted(instants, at)
        return cls(unique, ends, at, values, instants, composite)

    def __len__(self) -> int:
        return len(self.at)

    def groups(self, keys: Rows) -> Rows:
        """[n] places in `keys`; -1 for a key that is not there."""
        if len(self.keys) == 0:
            return np.full(len(keys), -1)
        group = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[group] == keys, group, -1)

    def range(self, first: int, last: int) -> Rows:
        """Places in `keys` of those from `first` up to, without, `last`."""
        start, stop = np.searchsorted(self.keys, [first, last])
        return np.arange(start, stop)

    def before(self, groups: Rows, as_of: Instants) -> tuple[Rows, Rows]:
        """[n] start and stop of the events of each group strictly before [n] instants.

        Nothing, at 0, for a group of -1.
        """
        if len(self.keys) == 0:
            return np.zeros(len(groups), np.int64), np.zeros(len(groups), np.int64)
        known = np.maximum(groups, 0)
        if as_of.min(initial=LATEST) > self._instants[-1]:  # as mostly, of those who ask of now
            stop = self.ends[known + 1]
        else:
            rank = np.searchsorted(self._instants, as_of)
            stop = np.searchsorted(self._composite, known * (len(self._instants) + 1) + rank)
        start = np.where(groups >= 0, self.ends[known], 0)
        return start, np.where(groups >= 0, stop, 0)


@dataclass(frozen=True, slots=True)
class Carried:
    """What a total stood at before the events that are held, group by group.

    Attributes:
        total: [u] the total right after the last event before; 0 without one.
        at: [u] instants of that event; of no meaning without one.
    """

    total: Floats
    at: Instants


def totals(events: Keyed, half_life_days: float, *, carried: Carried | None = None) -> Floats:
    """[m] decayed total of a key right after each of its events.

    Args:
        carried: Where each group starts, at a whole number of blocks; from nothing by default.

    Source: Hillis & Steele, Communications of the ACM 1986, doi:10.1145/7902.7903 (the doubling)
    """
    total, sizes = events.values.copy(), np.diff(events.ends)
    place = np.arange(len(total)) - np.repeat(events.ends[:-1], sizes)
    within, longest = place % BLOCK, int(sizes.max(initial=0))
    step = 1
    while step < min(longest, BLOCK):
        later = np.flatnonzero(within >= step)
        gap_days = (events.at[later] - events.at[later - step]) / DAY_US
        total[later] += total[later - step] * np.exp2(-gap_days / half_life_days)
        step *= 2
    for block in range(-(-longest // BLOCK)):
        group = np.flatnonzero(sizes > block * BLOCK)
        start = events.ends[group] + block * BLOCK
        rows, owner = spans(start, np.minimum(start + BLOCK, events.ends[group + 1]))
        if block:
            before, at = total[start - 1], events.at[start - 1]
        elif carried is not None:
            before, at = carried.total[group], carried.at[group]
        else:
            continue
        gap_days = (events.at[rows] - at[owner]) / DAY_US
        total[rows] += before[owner] * np.exp2(-gap_days / half_life_days)
    return total

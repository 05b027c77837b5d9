"""Counts, sums and decayed sums of events, as of any instant.

Events lie sorted by (key, time). A question about many keys at many instants
costs one binary search a row; sums and decayed sums are read from a running
total kept beside each event. A running total depends on the events of its own
key before it and on nothing else, so no later event and no other freelancer
can change a bit of any answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.domain import DAY_US
from matcher.ports import Column, Instants, Rows

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class View:
    """The events of n keys as of n instants; made by `Tally.view`."""

    tally: Tally
    start: Rows
    stop: Rows
    as_of: Instants

    def count(self) -> Column:
        """[n] events; 0 for a key never seen."""
        return (self.stop - self.start).astype(np.float32)

    def sum(self) -> Column:
        """[n] sum of the events' values; 0 where there is none."""
        return self._read(self.tally.running(np.inf), np.inf)

    def mean(self, *, prior: float, strength: float) -> Column:
        """[n] mean value, shrunk: as if `strength` events of value `prior` came first."""
        total = self.sum().astype(np.float64) + prior * strength
        return (total / (self.stop - self.start + strength)).astype(np.float32)

    def decayed(self, half_life_days: float) -> Column:
        """[n] sum in which an event weighs half after `half_life_days`."""
        return self._read(self.tally.running(half_life_days), half_life_days)

    def days_since_last(self) -> Column:
        """[n] days since the latest event; NaN where there is none."""
        seen = self.stop > self.start
        out = np.full(len(self.stop), np.nan)
        latest = self.tally.at[self.stop[seen] - 1]
        out[seen] = (self.as_of[seen] - latest) / DAY_US
        return out.astype(np.float32)

    def _read(self, running: Floats, half_life_days: float) -> Column:
        seen = self.stop > self.start
        last = self.stop[seen] - 1
        age_days = (self.as_of[seen] - self.tally.at[last]) / DAY_US
        out = np.zeros(len(self.stop))
        out[seen] = running[last] * np.exp2(-age_days / half_life_days)
        return out.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Tally:
    """Events grouped by an integer key, in time order.

    Attributes:
        keys: [u] int64, sorted and unique.
        ends: [u + 1] int64; the events of `keys[i]` are `ends[i]:ends[i + 1]`.
        at: [m] int64 instants, rising within a key.
        values: [m] float64, one where the kind carries none.
    """

    keys: Rows
    ends: Rows
    at: Instants
    values: Floats
    _instants: Instants
    _composite: Rows
    _running: dict[float, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, keys: Rows, at: Instants, values: Floats | None = None) -> Tally:
        """Build from [m] keys (negative ones are dropped), instants and values in any order."""
        weights = np.ones(len(keys)) if values is None else np.asarray(values, np.float64)
        known = (keys >= 0) & np.isfinite(weights)
        keys, at, weights = keys[known], at[known], weights[known]
        order = np.lexsort((weights, at, keys))
        keys, at, weights = keys[order], at[order], weights[order]
        unique, starts = np.unique(keys, return_index=True)
        ends = np.append(starts, len(keys)).astype(np.int64)
        instants = np.unique(at)
        group = np.repeat(np.arange(len(unique)), np.diff(ends))
        composite = group * (len(instants) + 1) + np.searchsorted(instants, at)
        return cls(unique, ends, at, weights, instants, composite)

    def view(self, keys: Rows, as_of: Instants) -> View:
        """What [n] keys had seen strictly before [n] instants."""
        if len(self.keys) == 0:
            nothing = np.zeros(len(keys), np.int64)
            return View(self, nothing, nothing, as_of)
        group = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        known = self.keys[group] == keys
        rank = np.searchsorted(self._instants, as_of)
        stop = np.searchsorted(self._composite, group * (len(self._instants) + 1) + rank)
        start = self.ends[group]
        return View(self, start, np.where(known, stop, start), as_of)

    def running(self, half_life_days: float) -> Floats:
        """[m] decayed total of a key right after each of its events."""
        if half_life_days not in self._running:
            self._running[half_life_days] = self._scan(half_life_days)
        return self._running[half_life_days]

    def _scan(self, half_life_days: float) -> Floats:
        """Segmented doubling scan: log2(longest run) passes, no loop over events.

        Source: Hillis & Steele, Communications of the ACM 1986, doi:10.1145/7902.7903
        """
        total = self.values.copy()
        sizes = np.diff(self.ends)
        place = np.arange(len(total)) - np.repeat(self.ends[:-1], sizes)
        step = 1
        while step <= (sizes.max() - 1 if len(sizes) else 0):
            later = np.flatnonzero(place >= step)
            gap_days = (self.at[later] - self.at[later - step]) / DAY_US
            total[later] += total[later - step] * np.exp2(-gap_days / half_life_days)
            step *= 2
        return total

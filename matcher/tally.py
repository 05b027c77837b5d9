"""Counts, sums and decayed sums of events, as of any instant.

Events lie sorted by (key, time). A question about many keys at many instants
costs one binary search a row; sums and decayed sums are read from a running
total kept beside each event. A running total depends on the events of its own
key before it and on nothing else, so no later event and no other freelancer
can change a bit of any answer.

A tally never changes. One that is `grown` shares what it holds with the tally before, and
keeps beside it the tails of those keys of which anything is new: it answers as one made anew
would, to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from matcher.domain import DAY_US
from matcher.keyed import BLOCK, Carried, Floats, Keyed, totals
from matcher.ports import Column, Instants, Rows
from matcher.ragged import spans

PEOPLE = 1 << 31  # more than there are: the key of a pair does not depend on how many


@dataclass(frozen=True, slots=True)
class View:
    """The events of n keys as of n instants; made by `Tally.view`.

    Attributes:
        events: [n] how many.
        last: [n] position of the latest, -1 without one.
    """

    tally: Tally
    events: Rows
    last: Rows
    as_of: Instants

    def count(self) -> Column:
        """[n] events; 0 for a key never seen."""
        return self.events.astype(np.float32)

    def sum(self) -> Column:
        """[n] sum of the events' values; 0 where there is none."""
        return self._read(np.inf)

    def mean(self, *, prior: float, strength: float) -> Column:
        """[n] mean value, shrunk: as if `strength` events of value `prior` came first."""
        total = self.sum().astype(np.float64) + prior * strength
        return (total / (self.events + strength)).astype(np.float32)

    def decayed(self, half_life_days: float) -> Column:
        """[n] sum in which an event weighs half after `half_life_days`."""
        return self._read(half_life_days)

    def days_since_last(self) -> Column:
        """[n] days since the latest event; NaN where there is none."""
        seen = self.last >= 0
        out = np.full(len(self.last), np.nan)
        out[seen] = (self.as_of[seen] - self.tally.instants(self.last[seen])) / DAY_US
        return out.astype(np.float32)

    def _read(self, half_life_days: float) -> Column:
        seen = self.last >= 0
        last = self.last[seen]
        age_days = (self.as_of[seen] - self.tally.instants(last)) / DAY_US
        out = np.zeros(len(self.last))
        out[seen] = self.tally.totals(last, half_life_days) * np.exp2(-age_days / half_life_days)
        return out.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Tail:
    """The latest events of some keys, from a whole block on; what came before lies elsewhere.

    Attributes:
        skipped: [u] how many events of each key came before, a multiple of `BLOCK`.
        previous: [u] position of the last of those; -1 without one.
    """

    events: Keyed
    skipped: Rows
    previous: Rows


@dataclass(frozen=True, slots=True)
class Tally:
    """Events grouped by an integer key, in time order.

    Attributes:
        whole: Every event, up to some time.
        tail: Of the keys that have grown since; a position beyond `whole` is one of the tail.
    """

    whole: Keyed
    tail: Tail | None = None
    _totals: dict[float, Floats] = field(default_factory=dict)
    _tail_totals: dict[float, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, keys: Rows, at: Instants, values: Floats | None = None) -> Tally:
        """Build from [m] keys (negative ones are dropped), instants and values in any order."""
        return cls(Keyed.of(*_known(keys, at, values)))

    def __len__(self) -> int:
        """How many events there are."""
        if self.tail is None:
            return len(self.whole)
        group = self.whole.groups(self.tail.events.keys)
        sizes = np.where(group >= 0, np.diff(self.whole.ends, append=0)[group], 0)
        replaced = int((sizes - self.tail.skipped).sum())
        return len(self.whole) - replaced + len(self.tail.events)

    def view(self, keys: Rows, as_of: Instants) -> View:
        """What [n] keys had seen strictly before [n] instants."""
        held = None if self.tail is None else self.tail.events.groups(keys)
        return self._viewed(self.whole.groups(keys), held, as_of)

    def between(self, first: int, last: int, *, as_of: int) -> tuple[Rows, View]:
        """The keys of which anything is on record from `first` up to, without, `last`, rising.

        Returns:
            [n] keys, and what they had seen strictly before an instant.
        """
        groups = self.whole.range(first, last)
        keys, held = self.whole.keys[groups], None
        if self.tail is not None:
            tails = self.tail.events.range(first, last)
            late = self.tail.events.keys[tails]
            new = late[self.whole.groups(late) < 0]
            place = np.searchsorted(keys, new)
            keys, groups = np.insert(keys, place, new), np.insert(groups, place, -1)
            held = np.full(len(keys), -1)
            held[np.searchsorted(keys, late)] = tails
        return keys, self._viewed(groups, held, np.full(len(keys), as_of))

    def _viewed(self, groups: Rows, held: Rows | None, as_of: Instants) -> View:
        """What [n] groups had seen; `held` are their groups in the tail."""
        start, stop = self.whole.before(groups, as_of)
        events, last = stop - start, np.where(stop > start, stop - 1, -1)
        if self.tail is not None and held is not None:
            start, stop = self.tail.events.before(held, as_of)
            later = stop > start
            events = np.where(later, self.tail.skipped[held] + stop - start, events)
            last = np.where(later, len(self.whole) + stop - 1, last)
        return View(self, events, last, as_of)

    def instants(self, positions: Rows) -> Instants:
        """[n] when the events at some positions happened."""
        if self.tail is None:
            return self.whole.at[positions]
        return _either(positions, self.whole.at, self.tail.events.at)

    def totals(self, positions: Rows, half_life_days: float) -> Floats:
        """[n] decayed total of a key right after each of the events at some positions."""
        if half_life_days not in self._totals:
            self._totals[half_life_days] = totals(self.whole, half_life_days)
        whole = self._totals[half_life_days]
        if self.tail is None:
            return whole[positions]
        if half_life_days not in self._tail_totals:
            self._tail_totals[half_life_days] = self._of_tail(self.tail, whole, half_life_days)
        return _either(positions, whole, self._tail_totals[half_life_days])

    def grown(self, keys: Rows, at: Instants, values: Floats | None = None) -> Tally:
        """The same with more events, given as to `of`, early or late."""
        keys, at, values = _known(keys, at, values)
        if len(keys) == 0:
            return self
        touched, inverse = np.unique(keys, return_inverse=True)
        earliest = np.full(len(touched), np.iinfo(np.int64).max)
        np.minimum.at(earliest, inverse, at)
        skipped = self._kept_whole(touched, earliest)
        tail = self._tail_from(touched, skipped, keys, at, values)
        return Tally(self.whole, tail, self._totals)

    def _kept_whole(self, touched: Rows, earliest: Instants) -> Rows:
        """[u] how many first events of each key stay where they are, whole blocks of them."""
        start, stop = self.whole.before(self.whole.groups(touched), earliest)
        kept = (stop - start) // BLOCK * BLOCK
        if self.tail is not None:
            group = self.tail.events.groups(touched)
            kept = np.where(group >= 0, np.minimum(kept, self.tail.skipped[group]), kept)
        return kept

    def _tail_from(
        self, touched: Rows, skipped: Rows, keys: Rows, at: Instants, values: Floats
    ) -> Tail:
        """The tail of some keys, after some of their first events, and of those of before."""
        if self.tail is not None:
            before = self.tail.events
            others = ~np.isin(before.keys, touched)
            touched = np.append(touched, before.keys[others])
            skipped = np.append(skipped, self.tail.skipped[others])
            owner = np.repeat(before.keys, np.diff(before.ends))
            keys, at = np.append(keys, owner), np.append(at, before.at)
            values = np.append(values, before.values)
        order = np.argsort(touched)
        touched, skipped = touched[order], skipped[order]
        group = self.whole.groups(touched)
        start = np.where(group >= 0, self.whole.ends[group], 0)
        stop = start + self._taken(touched, group)
        rows, owner = spans(np.minimum(start + skipped, stop), stop)
        events = Keyed.of(
            np.append(keys, touched[owner]),
            np.append(at, self.whole.at[rows]),
            np.append(values, self.whole.values[rows]),
        )
        return Tail(events, skipped, np.where(skipped > 0, start + skipped - 1, -1))

    def _taken(self, touched: Rows, group: Rows) -> Rows:
        """[u] how many first events of each key no tail holds yet."""
        sizes = np.where(group >= 0, np.diff(self.whole.ends, append=0)[group], 0)
        if self.tail is None:
            return sizes
        held = self.tail.events.groups(touched)
        return np.where(held >= 0, self.tail.skipped[held], sizes)

    def _of_tail(self, tail: Tail, whole: Floats, half_life_days: float) -> Floats:
        known = tail.previous >= 0
        total, at = np.zeros(len(known)), np.zeros(len(known), np.int64)
        total[known] = whole[tail.previous[known]]
        at[known] = self.whole.at[tail.previous[known]]
        at[~known] = tail.events.at[tail.events.ends[:-1][~known]]
        return totals(tail.events, half_life_days, carried=Carried(total, at))


def pair_key(key: Rows, freelancer: Rows) -> Rows:
    """The key of (client, category, skill or freelancer) and freelancer; -1 where unknown."""
    return np.where((key < 0) | (freelancer < 0), -1, key * PEOPLE + freelancer)


def _known(keys: Rows, at: Instants, values: Floats | None) -> tuple[Rows, Instants, Floats]:
    weights = np.ones(len(keys)) if values is None else np.asarray(values, np.float64)
    known = (keys >= 0) & np.isfinite(weights)
    return keys[known], at[known], weights[known]


def _either(positions: Rows, whole: np.ndarray, tail: np.ndarray) -> np.ndarray:
    """What lies at some positions of two arrays, end to end."""
    late = positions >= len(whole)
    if not late.any():
        return whole[positions]
    out = np.empty(len(positions), whole.dtype)
    out[~late] = whole[positions[~late]]
    out[late] = tail[positions[late] - len(whole)]
    return out

"""People whose own words, in the profile in force, resemble the job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from matcher.candidates import Hits, Query
from matcher.ports import Column, Mask, Rows
from matcher.snapshot import Snapshot

Finder = Callable[[Query, int, Mask, Rows | None], tuple[Rows, Column]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSource:
    """A `CandidateSource` over what freelancers say of themselves.

    Attributes:
        find: Gives at most k versions that a mask allows, with similarities; ties by their
            places, if there are any.
    """

    name: str
    snapshot: Snapshot
    find: Finder

    def search(self, query: Query, *, pool: int) -> Hits:
        """At most `pool` eligible freelancers by similarity, best first; ties by id."""
        freelancers = self.snapshot.freelancers
        rows = np.flatnonzero(query.eligible & (query.versions >= 0))
        versions = query.versions[rows]
        allowed = np.zeros(len(freelancers.valid_from), np.bool_)
        allowed[versions] = True
        allowed &= self.snapshot.has_words
        owner = np.zeros(len(allowed), np.int64)
        owner[versions] = rows
        places = None if query.place is None else query.place[owner]
        found, near = self.find(query, pool, allowed, places)
        return Hits(rows=owner[found], scores=near.astype(np.float32))

"""Who is active in this neighbourhood of work, whatever the job says.

Hires decayed by age: lately, over a season, in this category, with this
client; each a share of the list's best. Some seats are kept for newcomers, who
have no hires to be found by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.candidates import Hits, Query
from matcher.domain import DAY_US, Kind
from matcher.ports import Column, Rows
from matcher.snapshot import Snapshot
from matcher.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorSource:
    """A `CandidateSource` that reads no text.

    Attributes:
        newcomer_share: Share of the seats for people without a hire who joined lately.
        newcomer_days: How long after joining one is a newcomer.
    """

    snapshot: Snapshot
    name: str = "prior"
    newcomer_share: float = 0.1
    newcomer_days: float = 60.0

    def search(self, query: Query, *, pool: int) -> Hits:
        """At most `pool` eligible freelancers; ties by id, newcomers by latest sign-up."""
        known = Hits.best(
            self._standing(query), eligible=query.eligible, pool=pool, place=query.place
        )
        seats = int(pool * self.newcomer_share)
        newcomers = self._newcomers(query)[: max(seats, pool - len(known))]
        kept = min(len(known), pool - min(seats, len(newcomers)))
        rows = np.concatenate([known.rows[:kept], newcomers[: pool - kept]])
        scores = np.concatenate([known.scores[:kept], np.zeros(len(rows) - kept, np.float32)])
        return Hits(rows=rows, scores=scores)

    def _standing(self, query: Query) -> Column:
        history = self.snapshot.history
        parts = self._decayed(history.by_kind[Kind.HIRED], 0, query, half_lives=(90.0, 7.0))
        category = self.snapshot.jobs.categories.code(query.job.category)
        client = self.snapshot.jobs.clients.code(query.job.client_id)
        for tally, code in ((history.in_category, category), (history.with_client, client)):
            if code >= 0:
                first = int(history.pair(code, 0))
                parts += self._decayed(tally, first, query, half_lives=(365.0,))
        shares = [_share_of_best(part, query) for part in parts]
        return np.asarray(np.sum(shares, axis=0), np.float32)

    def _decayed(
        self, tally: Tally, first: int, query: Query, *, half_lives: tuple[float, ...]
    ) -> list[Column]:
        """Per half-life, [F] decayed events of everybody, whose keys begin at `first`."""
        people = len(self.snapshot.freelancers)
        keys, view = tally.between(first, first + people, as_of=query.as_of)
        out = []
        for half_life in half_lives:
            column = np.zeros(people, np.float32)
            column[keys - first] = view.decayed(half_life)
            out.append(column)
        return out

    def _newcomers(self, query: Query) -> Rows:
        freelancers = self.snapshot.freelancers
        since = query.as_of - int(self.newcomer_days * DAY_US)
        fresh = np.flatnonzero(query.eligible & (freelancers.joined_at >= since))
        hired = self.snapshot.history.by_kind[Kind.HIRED]
        never = hired.view(fresh, np.full(len(fresh), query.as_of)).count() == 0
        fresh = freelancers.in_order(fresh[never])
        latest_first = np.argsort(-freelancers.joined_at[fresh], kind="stable")
        return np.asarray(fresh[latest_first], np.int64)


def _share_of_best(part: Column, query: Query) -> Column:
    best = part[query.eligible].max(initial=0)
    return np.asarray(np.sqrt(part / best) if best > 0 else np.zeros_like(part), np.float32)

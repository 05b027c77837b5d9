"""How contracts went, for the heads; and when it is too early to say what became of a job.

An outcome that has not had time to happen is censored, not negative. How much time that takes is
read from the data: the 95th percentile of the delays from the posting to a first sign of interest
and to a hire, and from the hire to the last word on the contract. A job or a contract younger than
that at the end of the data is left out whole, whatever has happened of it already: keeping only
what was quick would favour the quick.

Source: Chapelle, KDD 2014, doi:10.1145/2623330.2623634 (delayed feedback)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain import DAY_US
from matcher.heads import ACCEPT, HIRE, QUALITY
from matcher.ports import Instants, Mask
from matcher.quality import QualityScale
from matcher.reputation import SIGNALS, Reputation
from matcher.snapshot import Snapshot

Floats = NDArray[np.float64]
MATURE_SHARE = 0.95
RIDGE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Maturity:
    """How long outcomes take, in µs, and up to when they are recorded.

    Attributes:
        until: The end of the data: what happened at or after it is unknown.
        waits: Per head, how old a job (for quality: a contract) must be to count.
    """

    until: int
    waits: Mapping[str, int]

    @classmethod
    def of(cls, snapshot: Snapshot, *, until: int) -> Maturity:
        """From the delays that a snapshot records; 0 where nothing took any time, or happened."""
        history, posted = snapshot.history, snapshot.jobs.posted_at
        wants, hires = history.interests, history.engagements
        owner = np.repeat(np.arange(len(posted)), np.diff(wants.ends))
        of_hire = np.repeat(np.arange(len(posted)), np.diff(hires.ends))
        ends = [_delay_to_last(snapshot, signal) for signal in SIGNALS]
        return cls(
            until=until,
            waits={
                ACCEPT: _wait(wants.at - posted[owner]),
                HIRE: _wait(hires.at - posted[of_hire]),
                QUALITY: _wait(np.concatenate(ends)),
            },
        )

    def days(self) -> dict[str, float]:
        """The waits in days."""
        return {name: wait / DAY_US for name, wait in self.waits.items()}

    def is_mature(self, head: str, since: Instants) -> Mask:
        """[n] whether what began at these instants had time to end before `until`."""
        return np.asarray(since + self.waits[head] < self.until, np.bool_)


@dataclass(frozen=True, slots=True)
class Contracts:
    """How engagements went, as a share of the anchor's scale.

    Attributes:
        quality: Pair of job and freelancer rows -> 0..1, the rater's severity and the platform's
            drift taken off; only those of which anything is on record.
        begun_at: Pair -> instant of the hire.
    """

    quality: Mapping[tuple[int, int], float]
    begun_at: Mapping[tuple[int, int], int]

    @classmethod
    def of(cls, snapshot: Snapshot, scale: QualityScale) -> Contracts:
        """From every piece of evidence, each put on the anchor's scale by regression.

        Where the anchor itself is on record it speaks alone; otherwise the others predict it, and
        so does being hired again by the same client.
        """
        hires = snapshot.history.engagements
        pairs = list(zip(hires.job.tolist(), hires.freelancer.tolist(), strict=True))
        begun = dict(zip(pairs, hires.at.tolist(), strict=True))
        if not scale.anchor or not pairs:
            return cls({}, begun)
        evidence = _evidence(snapshot.history.reputation, pairs)
        anchor = evidence.pop(scale.anchor)
        told = np.isfinite(np.stack([anchor, *evidence.values()])).any(axis=0)
        predicted = _predicted(anchor, [*evidence.values(), _rehired(snapshot)])
        value = np.clip(scale.usual + np.where(np.isfinite(anchor), anchor, predicted), 0.0, 1.0)
        rated = np.flatnonzero(told).tolist()
        return cls({pairs[row]: float(value[row]) for row in rated}, begun)


def _delay_to_last(snapshot: Snapshot, signal: str) -> Instants:
    """[m] µs from the hire to each piece of evidence of a signal."""
    hires, pieces = snapshot.history.engagements, snapshot.history.reputation.pieces[signal]
    width = len(snapshot.freelancers) + 1
    keys, asked = hires.job * width + hires.freelancer, pieces.job * width + pieces.freelancer
    order = np.argsort(keys, kind="stable")
    if not len(keys):
        return np.zeros(0, np.int64)
    place = order[np.minimum(np.searchsorted(keys, asked, sorter=order), len(keys) - 1)]
    known = keys[place] == asked
    return np.asarray((pieces.at - hires.at[place])[known], np.int64)


def _wait(delays: Instants) -> int:
    return int(np.quantile(np.maximum(delays, 0), MATURE_SHARE)) if len(delays) else 0


def _evidence(reputation: Reputation, pairs: list[tuple[int, int]]) -> dict[str, Floats]:
    """Per recorded signal, [m] its deviation for each engagement; NaN where it is silent."""
    place = {pair: row for row, pair in enumerate(pairs)}
    found = {}
    for signal in SIGNALS:
        pieces = reputation.pieces[signal]
        column = np.full(len(pairs), np.nan)
        of_pair = zip(pieces.job.tolist(), pieces.freelancer.tolist(), strict=True)
        rows = np.array([place.get(pair, -1) for pair in of_pair], np.int64)
        column[rows[rows >= 0]] = pieces.deviation[rows >= 0]
        found[signal] = column
    return found


def _rehired(snapshot: Snapshot) -> Floats:
    """[m] whether the same client hired the same person for another job later on."""
    hires, client = snapshot.history.engagements, snapshot.jobs.client
    key = client[hires.job] * (len(snapshot.freelancers) + 1) + hires.freelancer
    order = np.lexsort((hires.at, key))
    again = np.zeros(len(key))
    again[order[:-1]] = (key[order][1:] == key[order][:-1]) & (client[hires.job][order][:-1] >= 0)
    return again


def _predicted(anchor: Floats, others: list[Floats]) -> Floats:
    """[m] the anchor by ridge regression on the others; a silent one counts as usual."""
    columns = [np.nan_to_num(one) for one in others] + [np.isfinite(one) * 1.0 for one in others]
    design = np.stack([np.ones(len(anchor)), *columns], axis=1)
    known = np.isfinite(anchor)
    gram = design[known].T @ design[known] + RIDGE * np.eye(design.shape[1])
    weights = np.linalg.solve(gram, design[known].T @ anchor[known])
    return np.asarray(design @ weights, np.float64)

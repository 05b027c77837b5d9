"""How somebody's work went so far, and how sure that is: 3 jobs are not 300.

The rating to expect is shrunk to the market's mean as the feature `stars` does it. Its interval is
that of a Beta distribution over the share of the scale, which starts from that mean with the weight
of `STRENGTH` ratings and takes every rating for as uncertain as a yes or no: rather too wide.

Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, section 2.4 (the beta-binomial model)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from matcher.domain import Kind, moment_of
from matcher.learned import Learned
from matcher.ports import Rows
from matcher.reputation import STARS
from matcher.snapshot import Snapshot
from matcher.tally import View

STRENGTH = 5.0
LOW, HIGH = 0.05, 0.95
LEAST_SHARE = 0.001  # of the scale: a market where all are perfect leaves room for doubt
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """What happened to somebody strictly before an instant.

    Attributes:
        rating_mean: Of the stars, 1..5; None without any.
        rating_expected: The same shrunk to the market's mean, and `rating_low` to `rating_high`:
            where it lies with 90%; None where nobody of the market was rated.
        hires_by_client: None where no client, or none that is known, is asked about.
    """

    hires: int
    completed: int
    cancelled: int
    ratings: int
    rating_mean: float | None
    rating_expected: float | None
    rating_low: float | None
    rating_high: float | None
    hires_by_client: int | None
    last_hired_at: datetime | None


def track_records(
    snapshot: Snapshot, learned: Learned, *, rows: Rows, as_of: int, client_id: str | None = None
) -> list[TrackRecord]:
    """The records of [n] freelancer rows, as of an instant."""
    history = snapshot.history
    instants = np.full(len(rows), as_of)

    def seen(name: str, keys: Rows) -> View:
        return history.tally(name).view(keys, instants)

    hired = seen(f"kind:{Kind.HIRED}", rows)
    stars = seen(f"value:{Kind.RATED_FREELANCER}", rows)
    counts = np.stack(
        [
            hired.events,
            seen(f"kind:{Kind.COMPLETED}", rows).events,
            seen(f"kind:{Kind.CANCELLED}", rows).events,
            stars.events,
        ],
        axis=1,
    ).tolist()
    expected = _expected(snapshot, learned, stars, as_of=as_of)
    by_client: list[int | None] = [None] * len(rows)
    if client_id is not None:
        code = snapshot.jobs.clients.code(client_id)
        by_client = seen("with_client", history.pair(code, rows)).events.tolist()
    return [
        TrackRecord(
            hires=hires,
            completed=completed,
            cancelled=cancelled,
            ratings=ratings,
            rating_mean=round(mean, 3) if ratings else None,
            rating_expected=told[0],
            rating_low=told[1],
            rating_high=told[2],
            hires_by_client=mine,
            last_hired_at=last,
        )
        for (hires, completed, cancelled, ratings), mean, told, mine, last in zip(
            counts, _means(stars).tolist(), expected, by_client, _latest(hired), strict=True
        )
    ]


def _means(stars: View) -> Floats:
    """[n] plain means; 0 without a rating."""
    total = stars.sum().astype(np.float64)
    return np.divide(total, stars.events, out=np.zeros(len(total)), where=stars.events > 0)


def _expected(
    snapshot: Snapshot, learned: Learned, stars: View, *, as_of: int
) -> list[tuple[float | None, float | None, float | None]]:
    """[n] the stars to expect, the low end and the high end."""
    everybody = snapshot.history.reputation.usual[STARS].count
    if not everybody.view(np.zeros(1, np.int64), np.array([as_of])).events[0]:
        return [(None, None, None)] * len(stars.events)
    usual = np.clip((learned.constants["mean_stars"] - 1) / 4, LEAST_SHARE, 1 - LEAST_SHARE)
    count = stars.events.astype(np.float64)
    share = (stars.sum().astype(np.float64) - count) / 4
    good = usual * STRENGTH + share
    bad = (1 - usual) * STRENGTH + count - share
    expected = good / (good + bad)
    low = np.minimum(betaincinv(good, bad, LOW), expected)  # a mean may lie beyond a quantile
    high = np.maximum(betaincinv(good, bad, HIGH), expected)
    told = np.round(1 + 4 * np.stack([expected, low, high], axis=1), 3)
    return [(one[0], one[1], one[2]) for one in told.tolist()]


def _latest(hired: View) -> list[datetime | None]:
    """[n] when each was hired last."""
    known = hired.last >= 0
    out: list[datetime | None] = [None] * len(known)
    at = hired.tally.instants(hired.last[known]).tolist()
    for place, instant in zip(np.flatnonzero(known).tolist(), at, strict=True):
        out[place] = moment_of(instant)
    return out

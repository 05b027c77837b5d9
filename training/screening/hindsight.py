"""How good a screen would have been: the last joiners whose outcome is known, foretold.

The screen learns what was known when the first of them was screened; then everyone is foretold
as of their own day, and compared with what became of them.

Source: Hanley & McNeil, Radiology 1982, doi:10.1148/radiology.143.1.7063747 (area under the
curve); Murphy, Journal of Applied Meteorology 1973 (skill of a Brier score over the base rate).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.signup.catalog import SIGNUP_FEATURES
from matcher.domain import DAY_US, instant_of, moment_of
from matcher.marketplace import Marketplace
from matcher.ports import Encoder, Mask
from matcher.snapshot import Snapshot
from training.metrics import RESAMPLES, calibration_error
from training.screening import rule
from training.screening.fit import Screen, area, fit
from training.screening.joiners import Joiners, askable, horizon_days
from training.screening.record import read, unread
from training.screening.screen import features_of

BINS = 10

Floats = NDArray[np.float64]
Figure = Callable[[Floats, Mask], float]


def judge(
    marketplace: Marketplace,
    *,
    as_of: datetime | None,
    encoder: Encoder,
    test_share: float = 0.1,
    within_days: int | None = None,
    seed: int = 7,
) -> dict[str, Any]:
    """Figures of a screen on the last joiners of whom it is known.

    Args:
        marketplace: Cut here at `as_of`.
        as_of: By default the instant after the last job was posted: whoever joined later met
            no demand.
        encoder: Makes profiles and jobs comparable.
        test_share: The last share of the joiners to foretell.
        within_days: How soon a first job is in time; measured by default.
        seed: Fixes the trees.

    Returns:
        `figures` is None, and `why_not` says why, where nothing can be told.
    """
    until = as_of or _after_the_last_job(marketplace)
    end = instant_of(until)
    snapshot = unread(marketplace.before(until))
    everybody = Joiners.of(snapshot, as_of=end)
    asked = askable(snapshot, everybody)
    days = within_days or horizon_days(snapshot, asked, as_of=end)
    known = asked.only(asked.seen_for(days, as_of=end))
    test = known.only(np.arange(len(known)) >= len(known) - ceil(test_share * len(known)))
    told: dict[str, Any] = {"joiners": len(test), "hired": int(test.hired_within(days).sum())}
    about = {
        "as_of": moment_of(end).isoformat(),
        "within_days": days,
        "joined": len(everybody),
        "joined_with_job": int(everybody.has_job.sum()),
        "outcome_known": len(known),
        "test": told,
    }
    if why := _untellable(everybody, test, days=days):
        return {**about, "figures": None, "why_not": why}
    snapshot = read(snapshot, encoder=encoder)
    first = int(test.at[0])
    earlier = known.only(known.at + days * DAY_US <= first)
    learned = fit(features_of(snapshot, earlier), earlier.hired_within(days), seed=seed)
    told["from"] = moment_of(first).isoformat()
    about |= {"learned_from": learned.known, "learned_hired": learned.hired}
    return {**about, **_compared(learned, snapshot, test, days=days)}


def _after_the_last_job(marketplace: Marketplace) -> datetime:
    posted = marketplace.jobs["posted_at"]
    last = 0 if posted.empty else instant_of(posted.max().to_pydatetime())
    return moment_of(last + 1)


def _untellable(everybody: Joiners, test: Joiners, *, days: int) -> str | None:
    with_job = int(everybody.has_job.sum())
    if len(everybody) and with_job == len(everybody):
        return (
            f"cannot be told: all {len(everybody):,} people joined with a job in hand, so nobody "
            "is recorded who signed up and waited for one; record people when they sign up"
        )
    hired = int(test.hired_within(days).sum())
    if 0 < hired < len(test):
        return None
    return (
        f"cannot be told: of the last {len(test):,} joiners who were seen for {days} days without "
        f"a job at first, {hired:,} got one, and telling takes some who did and some who did not"
    )


def _compared(learned: Screen, snapshot: Snapshot, test: Joiners, *, days: int) -> dict[str, Any]:
    matrix, happened = features_of(snapshot, test), test.hired_within(days)
    by_rule = rule.scores(matrix, SIGNUP_FEATURES.names).astype(np.float64)
    figures: dict[str, Any] = {"auc_rule": bounded(area, by_rule, happened)}
    if learned.trees is None or learned.base_rate is None:
        return {"figures": figures, "why_not": f"no chance was told: {learned.why_not}"}
    scores = learned.scores(matrix).astype(np.float64)
    chances = learned.probabilities(matrix).astype(np.float64)
    base = learned.base_rate

    def skill(told: Floats, came: Mask) -> float:
        """One less the squared error over that of telling everybody the base rate."""
        plain = float(((base - came) ** 2).mean())
        return 1 - float(((told - came) ** 2).mean()) / plain if plain else float("nan")

    figures |= {
        "auc": bounded(area, scores, happened),
        "ece": bounded(_calibration_error, chances, happened),
        "brier_skill": bounded(skill, chances, happened),
        "mean_chance": float(chances.mean()),
        "share_hired": float(happened.mean()),
        "base_rate": base,
        "is_calibrated": learned.level is not None,
    }
    return {"figures": figures, "why_not": None}


def _calibration_error(chances: Floats, came: Mask) -> float:
    return calibration_error(chances, came.astype(np.float64), bins=BINS)


def bounded(figure: Figure, told: Floats, happened: Mask) -> dict[str, Any]:
    """A figure and its 95% percentile bootstrap interval over people, 1,000 resamples, seed 0."""
    rng = np.random.default_rng(0)
    draws = [rng.integers(0, len(told), len(told)) for _ in range(RESAMPLES)]
    values = np.array([figure(told[one], happened[one]) for one in draws])
    known = values[np.isfinite(values)]
    bounds = [float(edge) for edge in np.percentile(known, [2.5, 97.5])] if len(known) else None
    return {"value": figure(told, happened), "ci": bounds}

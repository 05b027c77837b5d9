"""What a candidate asks and has been paid, against what the job offers."""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.domain import Kind
from matcher.frame import PairFrame
from matcher.ports import Column


@feature(family="money", unit="USD an hour", phrase="asks {value:.0f} USD an hour")
def hourly_rate(frame: PairFrame) -> Column:
    """The rate asked; NaN unknown."""
    return frame.profile("rate")


@feature(
    family="money",
    unit="ratio",
    monotone=-1,
    phrase="asks {value:.0%} of the hourly budget",
)
def rate_to_budget(frame: PairFrame) -> Column:
    """Rate over the hourly budget; NaN where either is unknown or the job pays a fixed sum."""
    job = frame.query.job
    budget = job.budget_usd_max if job.budget_usd_max is not None else job.budget_usd_min
    if job.payment != "hourly" or not budget:
        return frame.unknown()
    return frame.profile("rate") / np.float32(budget)


@feature(
    family="money",
    unit="ratio",
    phrase="asks {value:.1f} times the usual rate",
)
def rate_to_market(frame: PairFrame) -> Column:
    """Rate over the market's median rate; NaN unknown."""
    return frame.profile("rate") / np.float32(frame.constants["median_rate"])


@feature(
    family="money",
    unit="ratio",
    phrase="is used to {value:.1f} times this job's budget",
)
def past_price_to_budget(frame: PairFrame) -> Column:
    """Mean agreed price over the job's budget; NaN without past prices or budget.

    Hourly rates and fixed sums mix in past prices; the ratio is a hint, not a price.
    """
    job = frame.query.job
    budget = job.budget_usd_max if job.budget_usd_max is not None else job.budget_usd_min
    view = frame.values(Kind.HIRED)
    count = view.count()
    if not budget:
        return frame.unknown()
    mean = np.divide(view.sum(), count, out=frame.unknown(), where=count > 0)
    return np.asarray(mean / np.float32(budget), np.float32)


@feature(
    family="money",
    unit="USD, logarithm",
    phrase="earned 10^{value:.1f} USD here",
    absent="nothing earned here yet",
)
def earnings(frame: PairFrame) -> Column:
    """Base-10 logarithm of one plus the USD paid so far; 0 for a newcomer."""
    return np.asarray(np.log10(1 + np.maximum(frame.values(Kind.PAID).sum(), 0)), np.float32)


MONEY_FEATURES: tuple[Feature, ...] = (
    hourly_rate,
    rate_to_budget,
    rate_to_market,
    past_price_to_budget,
    earnings,
)

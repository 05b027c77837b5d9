"""How active a candidate is: lately, and in this category."""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.domain import DAY_US, Kind
from matcher.frame import PairFrame
from matcher.ports import Column


def recent_hires(half_life: float) -> Feature:
    """Hires, each halved with every half-life of age."""

    def compute(frame: PairFrame) -> Column:
        return frame.events(Kind.HIRED).decayed(half_life)

    return Feature(
        name=f"recent_hires_{half_life:g}d",
        family="activity",
        compute=compute,
        unit="hires",
        low=0,
        high=np.inf,
        monotone=0,
        phrase=f"recent hires, halved every {half_life:g} days: {{value:.1f}}",
        absent="not hired lately",
        doc=f"Hires with a half-life of {half_life:g} days; 0 for a newcomer.",
        against=("share", "place") if half_life in {30, 90} else ("share",),
    )


def category_hires(half_life: float) -> Feature:
    """Hires in this job's category, each halved with every half-life of age."""

    def compute(frame: PairFrame) -> Column:
        view = frame.hires_in_category()
        return frame.unknown() if view is None else view.decayed(half_life)

    span = f"{half_life:g}d" if np.isfinite(half_life) else "ever"
    return Feature(
        name=f"category_hires_{span}",
        family="category",
        compute=compute,
        unit="hires",
        low=0,
        high=np.inf,
        monotone=0,
        phrase="hired in this category ({value:.1f} jobs)",
        absent="not hired in this category yet",
        doc=f"Hires in the category, half-life {span}; NaN for a job without one.",
        against=("share",),
    )


@feature(
    family="activity",
    unit="days",
    phrase="last hired {value:.0f} days ago",
    absent="never hired yet",
)
def days_since_hire(frame: PairFrame) -> Column:
    """Days since the last hire; NaN for a newcomer."""
    return frame.events(Kind.HIRED).days_since_last()


@feature(
    family="activity",
    unit="days",
    phrase="{value:.0f} days longer idle than the busiest",
    absent="as recently hired as anybody on the list",
)
def days_since_hire_behind(frame: PairFrame) -> Column:
    """Days since the last hire beyond the least on the list; NaN for a newcomer."""
    days = frame.events(Kind.HIRED).days_since_last()
    return np.asarray(days - np.fmin.reduce(days, initial=np.inf), np.float32)


@feature(family="activity", unit="days", phrase="joined {value:.0f} days ago")
def days_since_joined(frame: PairFrame) -> Column:
    """Days since sign-up, above 0."""
    joined = frame.snapshot.freelancers.joined_at[frame.rows]
    return ((frame.query.as_of - joined) / DAY_US).astype(np.float32)


@feature(
    family="activity",
    unit="hires",
    phrase="{value:.0f} past hires",
    absent="no hire yet",
    against=("share",),
)
def hires(frame: PairFrame) -> Column:
    """Hires ever; 0 for a newcomer."""
    return frame.events(Kind.HIRED).count()


@feature(
    family="activity",
    unit="ratio",
    phrase="recent pace is {value:.1f} times the usual",
    absent="no hire lately",
)
def momentum(frame: PairFrame) -> Column:
    """Hires of late over hires in the long run, 1 when steady; NaN for a newcomer."""
    view = frame.events(Kind.HIRED)
    late, long = view.decayed(30.0) / 30, view.decayed(365.0) / 365
    out = np.full(len(frame), np.nan, np.float32)
    return np.divide(late, long, out=out, where=long > 0)


@feature(
    family="activity",
    unit="applications",
    phrase="applied {value:.1f} times lately",
    absent="no application lately",
)
def recent_applications(frame: PairFrame) -> Column:
    """Applications with a half-life of 30 days."""
    return frame.events(Kind.APPLIED).decayed(30.0)


ACTIVITY_FEATURES: tuple[Feature, ...] = (
    *(recent_hires(half_life) for half_life in (0.1, 0.5, 2, 7, 30, 90, 365)),
    *(category_hires(half_life) for half_life in (60, 365, np.inf)),
    hires,
    days_since_hire,
    days_since_hire_behind,
    days_since_joined,
    momentum,
    recent_applications,
)

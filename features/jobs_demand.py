"""How sought after an open job is, how fresh, and whether others are nearer to it."""

from __future__ import annotations

from features.feature import JobsFeature, feature
from matcher.jobs.frame import JobsFrame
from matcher.ports import Column


@feature(
    family="demand",
    unit="share",
    high=1,
    phrase="its category makes {value:.0%} of the hires of late",
    absent="its category has hired nobody of late",
    against=("share",),
)
def category_momentum(frame: JobsFrame) -> Column:
    """Hires in the category over all hires, half-life 90d; NaN for a job without one."""
    return frame.momentum


def field_share(half_life: float) -> JobsFeature:
    """The freelancer's part of the hires for the market's latest jobs like this one."""

    def compute(frame: JobsFrame) -> Column:
        return frame.field.own_share(half_life)

    return JobsFeature(
        name=f"field_share_{half_life:g}d",
        family="field",
        compute=compute,
        unit="share",
        low=0,
        high=1,
        monotone=0,
        phrase="you got {value:.0%} of the hires for the latest jobs like it",
        absent="others got the latest jobs like it",
        doc=f"Share of the votes of the nearest precedents, half-life {half_life:g}d; NaN without.",
        against=("share", "place"),
    )


@feature(
    family="demand",
    unit="votes",
    phrase="hires of late for jobs like it: {value:.1f}",
    absent="nothing like it was hired for lately",
    against=("share",),
)
def field_votes(frame: JobsFrame) -> Column:
    """Votes of everybody's hires for the nearest precedents, half-life 60d."""
    return frame.field.votes(60.0)


@feature(
    family="demand",
    unit="hires",
    phrase="jobs like it hired {value:.1f} people each",
    absent="no job like it hired anybody",
    against=("share",),
)
def field_team(frame: JobsFrame) -> Column:
    """Hires for each of the nearest precedents; NaN without any."""
    return frame.field.team()


@feature(
    family="freshness",
    unit="days",
    phrase="was posted {value:.1f} days ago",
    absent="was posted just now",
)
def days_since_posted(frame: JobsFrame) -> Column:
    """Days since the posting; NaN where it is posted later, as in an offline replay."""
    return frame.age_days()


@feature(
    family="demand",
    unit="applicants",
    phrase="others who went for it: {value:.0f}",
    absent="nobody went for it yet",
    against=("place",),
)
def applicants(frame: JobsFrame) -> Column:
    """How many had applied or accepted an invitation."""
    return frame.so_far(frame.snapshot.history.interests)


DEMAND_FEATURES: tuple[JobsFeature, ...] = (
    category_momentum,
    *(field_share(half_life) for half_life in (30.0, 180.0)),
    field_votes,
    field_team,
    days_since_posted,
    applicants,
)

"""Who has worked with whom: this client, and the people a candidate delivers with."""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.frame import PairFrame
from matcher.ports import Column

LEADERS = 5


def client_hires(half_life: float) -> Feature:
    """Hires by this very client, each halved with every half-life of age."""

    def compute(frame: PairFrame) -> Column:
        view = frame.hires_by_client()
        return frame.unknown() if view is None else view.decayed(half_life)

    span = f"{half_life:g}d" if np.isfinite(half_life) else "ever"
    return Feature(
        name=f"client_hires_{span}",
        family="relationship",
        compute=compute,
        unit="hires",
        low=0,
        high=np.inf,
        monotone=0,
        phrase="this client hired them before ({value:.1f})",
        absent="not hired by this client before",
        doc=f"Hires by this client, half-life {span}; NaN for an unknown client.",
        against=("share",),
    )


@feature(
    family="relationship",
    unit="days",
    phrase="last hired by this client {value:.0f} days ago",
    absent="not hired by this client before",
)
def days_since_client_hire(frame: PairFrame) -> Column:
    """Days since this client last hired the candidate; NaN where never."""
    view = frame.hires_by_client()
    return frame.unknown() if view is None else view.days_since_last()


@feature(
    family="relationship",
    unit="hires",
    phrase="hired this client's person before ({value:.1f})",
    absent="never hired this client's person",
    against=("share",),
)
def hires_returned(frame: PairFrame) -> Column:
    """Hires of the client by the candidate, half-life a year; NaN where the client only hires."""
    view = frame.hires_of_client_by_candidate()
    return frame.unknown() if view is None else view.decayed(365.0)


@feature(
    family="relationship",
    unit="jobs",
    phrase="worked beside the client ({value:.1f} jobs)",
    absent="has not worked beside the client",
    against=("share",),
)
def jobs_beside_client(frame: PairFrame) -> Column:
    """Jobs delivered beside the client, half-life a year; NaN where the client only hires."""
    view = frame.jobs_beside_client()
    return frame.unknown() if view is None else view.decayed(365.0)


@feature(
    family="relationship",
    unit="yes or no",
    high=1,
    phrase="is the client",
    absent="is not the client",
)
def is_client(frame: PairFrame) -> Column:
    """One where candidate and client are one person, else 0; NaN for an unknown client."""
    if frame.query.job.client_id is None:
        return frame.unknown()
    return np.asarray(frame.rows == frame.client_row, np.float32)


@feature(
    family="relationship",
    unit="jobs",
    phrase="works with the likeliest candidates ({value:.1f} jobs)",
    absent="has not worked with the likeliest candidates",
    against=("share",),
)
def jobs_beside_leaders(frame: PairFrame) -> Column:
    """Jobs delivered with the list's five best by fused score, ties by id; half-life a year."""
    standing = np.where(np.isfinite(frame.fused), frame.fused, -np.inf)
    leaders = np.lexsort((frame.places, -standing))[:LEADERS]
    return frame.jobs_beside_any(frame.rows[leaders], 365.0)


def went(signal: str, *, phrase: str, absent: str, doc: str) -> Feature:
    """How it went between this very client and a candidate, by one signal."""

    def compute(frame: PairFrame) -> Column:
        view = frame.rated_by_client(signal)
        if view is None:
            return frame.unknown()
        count = view.count()
        return np.divide(view.sum(), count, out=frame.unknown(), where=count > 0)

    return Feature(
        name=f"client_{signal}",
        family="relationship",
        compute=compute,
        unit="share of the scale",
        low=0,
        high=1,
        monotone=+1,
        phrase=phrase,
        absent=absent,
        doc=doc,
    )


RELATIONSHIP_FEATURES: tuple[Feature, ...] = (
    *(client_hires(half_life) for half_life in (60, 365, np.inf)),
    days_since_client_hire,
    hires_returned,
    jobs_beside_client,
    is_client,
    jobs_beside_leaders,
    went(
        "ending",
        phrase="completed {value:.0%} of this client's contracts",
        absent="completed none of this client's contracts",
        doc="Completed over ended contracts with this client; NaN where none has ended.",
    ),
    went(
        "private",
        phrase="this client would hire again ({value:.0%} in private)",
        absent="this client has not answered in private",
        doc="Mean private answer of this client over ten; NaN without one.",
    ),
    went(
        "stars",
        phrase="this client's stars average {value:.0%} of the scale",
        absent="no stars of this client above the lowest",
        doc="Mean of this client's public stars, 1 to 5 as 0 to 1; NaN without any.",
    ),
)

"""What a freelancer's past says of an open job: delivered and wanted jobs that resemble it."""

from __future__ import annotations

import numpy as np

from features.feature import JobsFeature, feature
from matcher.jobs.frame import JobsFrame
from matcher.ports import Column

ALIKE = {
    "memory": "jobs you delivered",
    "lexical": "the words of jobs you delivered",
    "interest": "jobs you went for",
}
EXPONENT = {"memory": 6.0, "lexical": 2.0, "interest": 6.0}
SIZES = (3, 20)
ALL = 200
HALF_LIVES = (30.0, 365.0, np.inf)


def votes(source: str, *, size: int, half_life: float) -> JobsFeature:
    """The votes of the `size` past jobs of the freelancer that are nearest to a job."""

    def compute(frame: JobsFrame) -> Column:
        return frame.evidence[source].votes(
            size=size, exponent=EXPONENT[source], half_life_days=half_life
        )

    span = f"{half_life:g}d" if np.isfinite(half_life) else "ever"
    return JobsFeature(
        name=f"{source}_votes_{size}_{span}",
        family=source,
        compute=compute,
        unit="votes",
        low=0,
        high=np.inf,
        monotone=0,
        phrase=f"is like {ALIKE[source]} (vote {{value:.2f}})",
        absent=f"is unlike {ALIKE[source]}",
        doc=f"Votes of the {size} nearest of their past jobs, half-life {span}; 0 without any.",
        against=("share", "place") if size == 20 else ("share",),
    )


def whole(source: str, *, half_life: float) -> JobsFeature:
    """The whole past as one: plain similarities added up, not the nearest few."""

    def compute(frame: JobsFrame) -> Column:
        return frame.evidence[source].votes(size=ALL, exponent=1.0, half_life_days=half_life)

    span = f"{half_life:g}d" if np.isfinite(half_life) else "ever"
    return JobsFeature(
        name=f"{source}_whole_{span}",
        family=source,
        compute=compute,
        unit="similarity",
        low=0,
        high=np.inf,
        monotone=0,
        phrase=f"is like {ALIKE[source]} as a whole ({{value:.1f}})",
        absent=f"is unlike {ALIKE[source]}",
        doc=f"Similarity to every of their past jobs added up, half-life {span}; 0 without any.",
        against=("share", "place"),
    )


def best(source: str) -> JobsFeature:
    """The most similar job of the freelancer's past."""

    def compute(frame: JobsFrame) -> Column:
        return frame.evidence[source].best(half_life_days=np.inf)

    return JobsFeature(
        name=f"{source}_best",
        family=source,
        compute=compute,
        unit="similarity",
        low=0,
        high=1,
        monotone=0,
        phrase=f"is like {ALIKE[source]} (similarity {{value:.2f}})",
        absent=f"is unlike {ALIKE[source]}",
        doc="Similarity of the nearest of their past jobs; NaN without any.",
        against=("share", "place"),
    )


def mean_of_top(source: str, *, top: int = 3) -> JobsFeature:
    """The nearest few jobs of the freelancer's past."""

    def compute(frame: JobsFrame) -> Column:
        return frame.evidence[source].mean_of_top(top)

    return JobsFeature(
        name=f"{source}_mean_of_top_{top}",
        family=source,
        compute=compute,
        unit="similarity",
        low=0,
        high=1,
        monotone=0,
        phrase=f"is like {ALIKE[source]} (similarity {{value:.2f}})",
        absent=f"is unlike {ALIKE[source]}",
        doc=f"Mean similarity of the {top} nearest of their past jobs; NaN without any.",
        against=("share",),
    )


def category_jobs(half_life: float) -> JobsFeature:
    """Jobs delivered in this job's category, each halved with every half-life of age."""

    def compute(frame: JobsFrame) -> Column:
        return frame.in_category(frame.query.delivered, half_life)

    span = f"{half_life:g}d" if np.isfinite(half_life) else "ever"
    return JobsFeature(
        name=f"category_jobs_{span}",
        family="category",
        compute=compute,
        unit="jobs",
        low=0,
        high=np.inf,
        monotone=0,
        phrase="you delivered in this category ({value:.1f} jobs)",
        absent="you delivered nothing in this category yet",
        doc=f"Jobs delivered in the category, half-life {span}; NaN for a job without one.",
        against=("share", "place") if half_life == 365 else ("share",),
    )


@feature(
    family="category",
    unit="jobs",
    phrase="you went for jobs of this category ({value:.1f})",
    absent="you went for nothing in this category yet",
    against=("share",),
)
def category_wanted(frame: JobsFrame) -> Column:
    """Jobs wanted in the category, half-life 90d; NaN for a job without one."""
    return frame.in_category(frame.query.wanted, 90.0)


@feature(
    family="category",
    unit="share",
    high=1,
    phrase="{value:.0%} of your jobs were of this category",
    absent="you delivered nothing in this category yet",
)
def category_share(frame: JobsFrame) -> Column:
    """Share of the delivered jobs that are of the category; NaN without a category or a job."""
    ever = frame.in_category(frame.query.delivered, np.inf)
    total = np.float32(frame.query.delivered.weight.sum())
    return np.minimum(ever / total, 1) if total > 0 else frame.unknown()


def client_jobs(half_life: float) -> JobsFeature:
    """Jobs delivered for this very client, each halved with every half-life of age."""

    def compute(frame: JobsFrame) -> Column:
        return frame.for_client(frame.query.delivered, half_life)

    span = f"{half_life:g}d" if np.isfinite(half_life) else "ever"
    return JobsFeature(
        name=f"client_jobs_{span}",
        family="relationship",
        compute=compute,
        unit="jobs",
        low=0,
        high=np.inf,
        monotone=0,
        phrase="this client hired you before ({value:.1f})",
        absent="this client has not hired you before",
        doc=f"Jobs delivered for this client, half-life {span}; NaN for an unknown client.",
        against=("share",),
    )


@feature(
    family="relationship",
    unit="jobs",
    phrase="you went for jobs of this client before ({value:.1f})",
    absent="you have not gone for jobs of this client",
)
def client_wanted(frame: JobsFrame) -> Column:
    """Jobs of this client that were wanted, half-life a year; NaN for an unknown client."""
    return frame.for_client(frame.query.wanted, 365.0)


@feature(
    family="relationship",
    unit="yes or no",
    high=1,
    phrase="you posted it yourself",
    absent="somebody else posted it",
)
def is_client(frame: JobsFrame) -> Column:
    """One where freelancer and client are one person, else 0; NaN for an unknown client."""
    return frame.is_mine()


@feature(
    family="relationship",
    unit="yes or no",
    high=1,
    phrase="the client invited you",
    absent="the client has not invited you",
)
def invited(frame: JobsFrame) -> Column:
    """One where the client had invited the freelancer, else 0."""
    return frame.of_mine(frame.snapshot.history.invites)


PAST_FEATURES: tuple[JobsFeature, ...] = (
    *(
        votes(source, size=size, half_life=half_life)
        for source in ALIKE
        for size in SIZES
        for half_life in HALF_LIVES
    ),
    *(whole(source, half_life=each) for source in ALIKE for each in (90.0, np.inf)),
    *(best(source) for source in ALIKE),
    *(mean_of_top(source) for source in ALIKE),
    *(category_jobs(half_life) for half_life in (60.0, 365.0, np.inf)),
    category_wanted,
    category_share,
    *(client_jobs(half_life) for half_life in (365.0, np.inf)),
    client_wanted,
    is_client,
    invited,
)

"""How alike the job and a candidate's own words are, and what each source found."""

from __future__ import annotations

import numpy as np

from features.feature import Feature, feature
from matcher.frame import PairFrame
from matcher.ports import Column


@feature(
    family="profile",
    unit="cosine",
    low=-1,
    high=1,
    phrase="profile reads like the job (similarity {value:.2f})",
    absent="profile says nothing comparable",
    against=("share", "place"),
)
def profile_similarity(frame: PairFrame) -> Column:
    """Cosine of job and profile vectors; NaN where either has no words."""
    return frame.similarity


@feature(
    family="profile",
    unit="share",
    high=1,
    phrase="profile uses the job's words ({value:.0%})",
    absent="profile uses none of the job's words",
    against=("share",),
)
def profile_words(frame: PairFrame) -> Column:
    """BM25 of the job's words in the profile over the highest there can be; NaN without words."""
    return frame.overlap


@feature(
    family="fusion",
    unit="sum of standard scores",
    low=-np.inf,
    phrase="stands out from the field ({value:.0f}, where the field is at 0)",
    absent="does not stand out in any source",
    against=("place",),
)
def fused_score(frame: PairFrame) -> Column:
    """The fused score of all sources; NaN where the pool came from one alone."""
    return frame.fused


@feature(
    family="fusion",
    unit="sum of standard scores",
    low=-np.inf,
    high=0,
    phrase="{value:.1f} behind the best candidate over all sources",
    absent="best over all sources",
)
def fused_score_behind(frame: PairFrame) -> Column:
    """The fused score less the best of the list, at most 0."""
    return np.asarray(frame.fused - np.fmax.reduce(frame.fused, initial=-np.inf), np.float32)


@feature(
    family="fusion",
    unit="share",
    high=1,
    phrase="active in this neighbourhood of work ({value:.0%} of the best)",
    absent="not active in this neighbourhood of work",
)
def prior_share(frame: PairFrame) -> Column:
    """Score of the prior source over the list's best; NaN where it did not find the pair."""
    prior = frame.parts["prior"]
    found = prior[np.isfinite(prior)]
    best = found.max() if len(found) else 0.0
    return np.asarray(prior / best, np.float32) if best > 0 else frame.unknown()


TEXT_FEATURES: tuple[Feature, ...] = (
    profile_similarity,
    profile_words,
    fused_score,
    fused_score_behind,
    prior_share,
)

"""What was learned of a market before an instant, and frozen.

Retrieval and features read it; nothing here changes after `fit`. It travels in
the bundle as JSON.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.domain import DAY_US, Kind
from matcher.quality import QualityScale
from matcher.reputation import ENDING, PRIVATE, STARS
from matcher.retrieval.lexical import TermStatistics
from matcher.snapshot import Snapshot

USUAL_RATE = 28.0
USUAL_STARS = 4.5
USUAL_PRIVATE = 7.5
USUAL_COMPLETION = 0.9
USUAL_ACCEPTANCE = 0.5
USUAL_SUCCESS = 0.1
USUAL_OPEN_DAYS = 30.0
STRENGTH = 20.0
FEWEST_WAITS = 100
CONSTANTS = (
    "median_rate",
    "mean_stars",
    "mean_private",
    "completion_rate",
    "acceptance_rate",
    "application_success",
    "records_endings",
    "hires_at_posting",
    "open_days",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """The constants of a market.

    Attributes:
        job_terms: How rare words are in jobs; `profile_terms` in profiles.
        skill_rarity: Worth of every skill that anybody listed, above 0; any other is worth
            `rarest`. Only these are looked for in free text.
        constants: Means and shares that track records are smoothed towards.
        quality: How much ratings and endings tell of quality.
    """

    job_terms: TermStatistics
    profile_terms: TermStatistics
    skill_rarity: Mapping[str, float]
    rarest: float
    constants: Mapping[str, float]
    quality: QualityScale = field(default_factory=QualityScale)

    @classmethod
    def fit(cls, snapshot: Snapshot) -> Learned:
        """From a snapshot that holds nothing at or after `until`.

        A mean is shrunk towards what large markets report, as if twenty observations of
        that had come first, so that a new market starts with sensible values.
        """
        freelancers = snapshot.freelancers
        listed = Counter(freelancers.skills.codes.tolist())
        size = len(freelancers.valid_from)
        rarity = {
            name: math.log1p(size / (1 + listed[code]))
            for code, name in enumerate(freelancers.skill_names.names)
        }
        rarest = math.log1p(max(size, 1))
        for name in snapshot.jobs.skill_names.names:
            rarity.setdefault(name, rarest)
        constants = _constants(snapshot)
        return cls(
            job_terms=TermStatistics.of(snapshot.jobs.texts),
            profile_terms=TermStatistics.of(freelancers.texts),
            skill_rarity=rarity,
            rarest=rarest,
            constants=constants,
            quality=QualityScale.fit(
                snapshot.history.reputation,
                usual={
                    PRIVATE: constants["mean_private"] / 10.0,
                    STARS: (constants["mean_stars"] - 1.0) / 4.0,
                    ENDING: constants["completion_rate"],
                },
                brought=freelancers.brought(),
            ),
        )

    def rarity(self, skill: str) -> float:
        """Worth of a normalised skill name, above 0."""
        return self.skill_rarity.get(skill, self.rarest)


def _constants(snapshot: Snapshot) -> dict[str, float]:
    history = snapshot.history

    def count(kind: Kind) -> float:
        return float(len(history.by_kind[kind]))

    def mean(kind: Kind, usual: float) -> float:
        values = history.valued[kind].whole.values
        return float((values.sum() + usual * STRENGTH) / (len(values) + STRENGTH))

    def share(part: float, whole: float, usual: float) -> float:
        return (part + usual * STRENGTH) / (whole + STRENGTH)

    completed, cancelled = count(Kind.COMPLETED), count(Kind.CANCELLED)
    accepted, declined = count(Kind.INVITE_ACCEPTED), count(Kind.INVITE_DECLINED)
    rates = snapshot.freelancers.rate[np.isfinite(snapshot.freelancers.rate)]
    return {
        "median_rate": float(np.median(rates)) if len(rates) and np.median(rates) else USUAL_RATE,
        "mean_stars": mean(Kind.RATED_FREELANCER, USUAL_STARS),
        "mean_private": mean(Kind.RATED_PRIVATE, USUAL_PRIVATE),
        "completion_rate": share(completed, completed + cancelled, USUAL_COMPLETION),
        "acceptance_rate": share(accepted, accepted + declined, USUAL_ACCEPTANCE),
        "application_success": share(count(Kind.HIRED), count(Kind.APPLIED), USUAL_SUCCESS),
        "records_endings": float(completed + cancelled > 0),
        **_waits(snapshot),
    }


def _waits(snapshot: Snapshot) -> dict[str, float]:
    """How long jobs wait for those hired.

    Returns:
        hires_at_posting: Share of the hires that came with the posting itself.
        open_days: Age by which 99% of the other hires had come, at least a day: a job that
            is older is hardly filled any more. The usual one where few waited.
    """
    hires = snapshot.history.engagements
    waited = (hires.at - snapshot.jobs.posted_at[hires.job]) / DAY_US
    later = waited[waited > 0]
    known = len(later) >= FEWEST_WAITS
    return {
        "hires_at_posting": float(np.mean(waited <= 0)) if len(waited) else 0.0,
        "open_days": max(float(np.quantile(later, 0.99)), 1.0) if known else USUAL_OPEN_DAYS,
    }

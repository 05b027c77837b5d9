"""How good somebody is, from few ratings: people pooled towards all, skills towards the person.

Three good ratings are not three hundred. A person's quality is the posterior mean of a normal
model whose variances were learned: ratings vary around a person's own quality, people around
the usual, and a person's work in one skill around that person's quality. A signal that tells
little (stars, where nearly all are five) counts little.

Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, section 5.4 (the hierarchical normal
model); Kokkodis & Ipeirotis, Management Science 2016, doi:10.1287/mnsc.2015.2217
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.elsewhere import Elsewhere
from matcher.ports import Column, Rows
from matcher.reputation import SIGNALS, USUAL, Floats, Pieces, Reputation
from matcher.tally import View

LEAST_PIECES = 50
LEAST_VARIANCE = 1e-4
WITHIN_CONTRACT = 0.5  # signals of one contract share its luck: each counts half


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityScale:
    """How much each signal tells of quality; learned before an instant, and frozen.

    Attributes:
        anchor: The signal on whose scale (0..1) quality is told; "" where too little is recorded.
        usual: What is usual on that scale.
        slopes: Per signal, by how much it rises with one unit of quality.
        noises: Per signal, the variance of a piece of evidence around that.
        person_variance: Of quality, from person to person.
        skill_variance: Of one person's quality, from skill to skill.
        elsewhere: What ratings brought from other platforms tell.
    """

    anchor: str = ""
    usual: float = 0.0
    slopes: Mapping[str, float] = field(default_factory=dict)
    noises: Mapping[str, float] = field(default_factory=dict)
    person_variance: float = LEAST_VARIANCE
    skill_variance: float = 0.0
    elsewhere: Elsewhere = field(default_factory=Elsewhere)

    @classmethod
    def fit(
        cls,
        reputation: Reputation,
        *,
        usual: Mapping[str, float],
        brought: tuple[Column, Column] | None = None,
    ) -> QualityScale:
        """By the method of moments: what two pieces about one person share is that person's.

        Args:
            usual: Per signal, the mean share of its scale.
            brought: [F] mean stars of every person on other platforms, NaN without, and how many.
        """
        found = {s: one for s, one in reputation.pieces.items() if len(one.at) >= LEAST_PIECES}
        anchor = next((signal for signal in SIGNALS if signal in found), "")
        if not anchor:
            return cls()
        base = found[anchor]
        person = max(_shared(base, base), LEAST_VARIANCE)
        slopes = {s: max(_shared(one, base) / person, 0.0) for s, one in found.items()}
        slopes[anchor] = 1.0
        noises = {
            s: max(float(np.var(one.deviation)) - slopes[s] ** 2 * person, LEAST_VARIANCE)
            for s, one in found.items()
        }
        return cls(
            anchor=anchor,
            usual=usual.get(anchor, USUAL[anchor]),
            slopes=slopes,
            noises=noises,
            person_variance=person,
            skill_variance=max(_shared_tally(reputation, anchor) - person, 0.0),
            elsewhere=Elsewhere()
            if brought is None
            else Elsewhere.fit(*brought, base, variance=person),
        )

    def person(
        self, views: Mapping[str, View], brought: tuple[Column, Column] | None = None
    ) -> tuple[Column, Column]:
        """[n] posterior mean deviation of each person from the usual, and its variance.

        Args:
            brought: [n] mean stars on other platforms, NaN without, and how many.
        """
        weight, total = self._evidence(views)
        if brought is not None:
            more, said = self.elsewhere.evidence(*brought)
            weight, total = weight + more, total + said
        precision = weight + 1.0 / self.person_variance
        return (total / precision).astype(np.float32), (1.0 / precision).astype(np.float32)

    def in_skill(self, person: Column, views: Mapping[str, View]) -> Column:
        """[n] the same in one skill, pooled towards the person's own."""
        weight, total = self._evidence(views)
        if self.skill_variance <= 0:
            return person
        pulled = person.astype(np.float64) / self.skill_variance
        return ((total + pulled) / (weight + 1.0 / self.skill_variance)).astype(np.float32)

    def _evidence(self, views: Mapping[str, View]) -> tuple[Floats, Floats]:
        """[n] precision that the evidence adds, and the deviations weighed by it."""
        weight = total = np.zeros(1)
        for signal, view in views.items():
            slope, noise = self.slopes.get(signal, 0.0), self.noises.get(signal, 1.0)
            share = 1.0 if len(self.slopes) == 1 else WITHIN_CONTRACT
            weight = weight + share * view.count().astype(np.float64) * slope**2 / noise
            total = total + share * view.sum().astype(np.float64) * slope / noise
        return weight, total


def _shared(one: Pieces, other: Pieces) -> float:
    """Covariance of two pieces about one person from different jobs."""
    width = int(max(one.job.max(initial=0), other.job.max(initial=0))) + 1
    size = int(max(one.freelancer.max(initial=0), other.freelancer.max(initial=0))) + 1
    left, right = one.deviation - one.deviation.mean(), other.deviation - other.deviation.mean()

    def of_person(rows: Rows, values: Floats | None = None) -> Floats:
        return np.bincount(rows, values, minlength=size).astype(np.float64)

    products = of_person(one.freelancer, left) @ of_person(other.freelancer, right)
    pairs = of_person(one.freelancer) @ of_person(other.freelancer)
    keys = np.unique(
        np.concatenate([one.freelancer * width + one.job, other.freelancer * width + other.job]),
        return_inverse=True,
    )[1]
    mine, theirs = keys[: len(left)], keys[len(left) :]
    count = int(keys.max(initial=-1)) + 1

    def of_contract(rows: Rows, values: Floats | None = None) -> Floats:
        return np.bincount(rows, values, minlength=count).astype(np.float64)

    products -= of_contract(mine, left) @ of_contract(theirs, right)
    pairs -= of_contract(mine) @ of_contract(theirs)
    return float(products / pairs) if pairs >= LEAST_PIECES else 0.0


def _shared_tally(reputation: Reputation, signal: str) -> float:
    """Covariance of two pieces of one signal about one person in one skill."""
    tally = reputation.by_skill[signal]
    if len(tally) < LEAST_PIECES:
        return 0.0
    of_key = tally.whole
    group = np.repeat(np.arange(len(of_key.keys)), np.diff(of_key.ends))
    values = of_key.values - of_key.values.mean()
    size = np.bincount(group).astype(np.float64)
    sums, squares = np.bincount(group, values), np.bincount(group, values**2)
    pairs = float((size * (size - 1)).sum())
    return float((sums**2 - squares).sum() / pairs) if pairs >= LEAST_PIECES else 0.0

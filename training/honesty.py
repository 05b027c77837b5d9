"""How honest the heads are on jobs they have not seen: calibration, skill, and quality told apart.

A pair counts once its outcome has had time to happen before the data end, whether its job hired
anybody or not. Skill is the Brier score's gain over always saying the base rate of these very
pairs; intervals resample whole jobs. Beside a calibration error stands what chance alone would make
it: bins are finite, and rare outcomes fill them unevenly.

Source: Brier, Monthly Weather Review 1950; Murphy, Journal of Applied Meteorology 1973 (skill);
Naeini, Cooper & Hauskrecht, AAAI 2015, doi:10.1609/aaai.v29i1.9602 (calibration error)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from matcher.candidates import Matches
from matcher.domain import Kind
from matcher.engine import Engine
from matcher.heads import ACCEPT, FACTORS, HIRE, QUALITY
from matcher.ports import Column, Mask, Rows
from training.mature import hired_of, wanted_of
from training.metrics import RESAMPLES, Floats, calibration_error, reliability
from training.outcomes import Contracts, Maturity

BINS = 15
DRAWS = 50
Truth = Mapping[tuple[int, int], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one head said of n pairs, and what became of them.

    Attributes:
        job: [n] job rows, rising in time.
        predicted: [n] in 0..1.
        happened: [n] in 0..1.
    """

    job: Rows
    predicted: Floats
    happened: Floats


@dataclass(slots=True)
class Witness:
    """Collects what the heads say, job by job."""

    engine: Engine
    contracts: Contracts
    maturity: Maturity
    told: dict[str, list[Told]] = field(default_factory=lambda: {name: [] for name in FACTORS})
    pairs: list[tuple[int, int]] = field(default_factory=list)
    stars: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, engine: Engine) -> Witness:
        """For every job of a snapshot that reaches beyond what the engine learned from."""
        snapshot = engine.snapshot
        return cls(
            engine=engine,
            contracts=Contracts.of(snapshot, engine.learned.quality),
            maturity=Maturity.of(snapshot, until=snapshot.history.last_at + 1),
        )

    def had_time(self, job: int, head: str = HIRE) -> bool:
        """Whether what a head speaks of has had time to become of a job before the data end."""
        return bool(self.maturity.is_mature(head, self.engine.snapshot.jobs.posted_at[[job]])[0])

    def hear(self, job: int, matches: Matches) -> None:
        """Note one list, and what became of each pair on it."""
        wanted = wanted_of(self.engine, job, matches.rows)
        hired = hired_of(self.engine, job, matches.rows)
        if ACCEPT in matches.factors and self.had_time(job, ACCEPT):
            self._note(ACCEPT, job, matches.factors[ACCEPT], wanted)
        if HIRE in matches.factors and self.had_time(job, HIRE):
            among = wanted if ACCEPT in matches.factors else np.ones_like(wanted)
            self._note(HIRE, job, matches.factors[HIRE][among], hired[among])
        if QUALITY in matches.factors:
            self._quality(job, matches, np.flatnonzero(hired))

    def _quality(self, job: int, matches: Matches, places: Rows) -> None:
        pairs = [(job, int(matches.rows[place])) for place in places]
        kept = [
            (place, pair)
            for place, pair in zip(places, pairs, strict=True)
            if pair in self.contracts.quality and self._has_ended(pair)
        ]
        if not kept:
            return
        rows = np.array([pair[1] for _, pair in kept], np.int64)
        rated = self.engine.snapshot.history.tally(f"value:{Kind.RATED_FREELANCER}")
        view = rated.view(rows, np.full(len(rows), matches.query.as_of))
        count = view.count()
        stars = np.divide(view.sum(), count, out=np.full(len(rows), np.nan), where=count > 0)
        self.pairs.extend(pair for _, pair in kept)
        self.stars.extend(stars.tolist())
        predicted = matches.factors[QUALITY][[place for place, _ in kept]]
        happened = np.array([self.contracts.quality[pair] for _, pair in kept])
        self._note(QUALITY, job, predicted, happened)

    def _has_ended(self, pair: tuple[int, int]) -> bool:
        begun = np.array([self.contracts.begun_at[pair]])
        return bool(self.maturity.is_mature(QUALITY, begun)[0])

    def _note(self, name: str, job: int, predicted: Column, happened: Mask | Floats) -> None:
        self.told[name].append(
            Told(
                job=np.full(len(predicted), job),
                predicted=predicted.astype(np.float64),
                happened=happened.astype(np.float64),
            )
        )

    def report(self, truth: Truth | None = None) -> dict[str, Any]:
        """Per trained head its figures, as plain JSON values; nothing for one that said nothing.

        Args:
            truth: The simulator's quality of pairs, where it is at hand.
        """
        found = {name: _judged(_joined(parts)) for name, parts in self.told.items() if parts}
        if truth is not None and QUALITY in found:
            found[QUALITY] |= self._told_apart(truth)
        return found

    def _told_apart(self, truth: Truth) -> dict[str, Any]:
        """Rank correlation with true quality, the head's and the mean of public stars."""
        predicted = _joined(self.told[QUALITY]).predicted
        true = np.array([truth.get(pair, np.nan) for pair in self.pairs])
        stars = np.array(self.stars)
        both = np.isfinite(true) & np.isfinite(stars)
        if both.sum() < 3 or np.ptp(stars[both]) == 0:
            return {}
        return {
            "spearman_pairs": int(both.sum()),
            "spearman": _rank_correlation(predicted[both], true[both]),
            "spearman_of_stars": _rank_correlation(stars[both], true[both]),
        }


def _rank_correlation(one: Floats, other: Floats) -> float:
    """Spearman's: Pearson's of the ranks, ties sharing their mean."""
    ranks = pd.DataFrame({"one": one, "other": other}).rank()
    return float(np.corrcoef(ranks["one"], ranks["other"])[0, 1])


def _joined(parts: list[Told]) -> Told:
    return Told(
        job=np.concatenate([one.job for one in parts]),
        predicted=np.concatenate([one.predicted for one in parts]),
        happened=np.concatenate([one.happened for one in parts]),
    )


def _judged(told: Told) -> dict[str, Any]:
    base = float(told.happened.mean()) if len(told.happened) else 0.0
    error = calibration_error(told.predicted, told.happened, bins=BINS)
    chance = _by_chance(told)
    return {
        "pairs": len(told.predicted),
        "jobs": len(np.unique(told.job)),
        "base_rate": base,
        "ece": error,
        "ece_over_base_rate": error / base if base > 0 else None,
        "chance_over_base_rate": chance / base if base > 0 and chance is not None else None,
        "brier_skill": _skill(told, np.ones((1, len(np.unique(told.job)))))[0],
        "brier_skill_ci": _interval(told),
        "reliability": reliability(told.predicted, told.happened, bins=BINS),
    }


def _by_chance(told: Told) -> float | None:
    """The calibration error that bins of this size show of probabilities without any.

    Outcomes are drawn from what was predicted, each by itself; None where they are not yes or no.
    """
    if not np.isin(told.happened, (0.0, 1.0)).all():
        return None
    rng = np.random.default_rng(0)
    drawn = (
        (rng.random(len(told.predicted)) < told.predicted).astype(np.float64) for _ in range(DRAWS)
    )
    errors = [calibration_error(told.predicted, one, bins=BINS) for one in drawn]
    return float(np.mean(errors))


def _interval(told: Told) -> list[float] | None:
    jobs = len(np.unique(told.job))
    rng = np.random.default_rng(0)
    weights = np.stack(
        [np.bincount(rng.integers(jobs, size=jobs), minlength=jobs) for _ in range(RESAMPLES)]
    ).astype(np.float64)
    skills = [one for one in _skill(told, weights) if one is not None]
    return [float(edge) for edge in np.percentile(skills, [2.5, 97.5])] if skills else None


def _skill(told: Told, weights: Floats) -> list[float | None]:
    """Per row of [r, jobs] weights: 1 less the squared error over that of the base rate."""
    job = np.unique(told.job, return_inverse=True)[1]
    sums = [
        np.bincount(job, values)
        for values in (
            np.ones(len(job)),
            told.happened,
            told.happened**2,
            (told.predicted - told.happened) ** 2,
        )
    ]
    count, total, square, error = (weights @ one for one in sums)
    spread = square - total**2 / count
    return [
        float(1 - wrong / usual) if usual > 1e-12 else None
        for wrong, usual in zip(error, spread, strict=True)
    ]

"""A replay as figures: the ladder, what the ranker adds, slices, calibration."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from matcher.domain import moment_of
from matcher.roster import Jobs
from training.evaluate import Replay, Span
from training.honesty import Truth
from training.metrics import (
    Floats,
    calibration_error,
    interval,
    mean,
    per_job,
    reliability,
)

EXPERIENCE = ((0, 0), (1, 4), (5, 19), (20, 99), (100, None))
LARGEST_CATEGORIES = 10
FEWEST_JOBS = 20


def report(
    replay: Replay,
    *,
    span: Span,
    jobs: Jobs,
    about: Mapping[str, Any],
    true_quality: Truth | None = None,
) -> dict[str, Any]:
    """Everything that is printed, written and plotted, as plain JSON values.

    Args:
        about: What else the reader should know: seed, run, warnings.
        true_quality: The simulator's, where it is at hand.
    """
    figures = {name: per_job(lists, replay.relevant) for name, lists in replay.lists.items()}
    ranker = figures["ranker"]
    return {
        **about,
        "test": {
            "from": moment_of(span.test_from).isoformat(),
            "to": moment_of(int(jobs.posted_at[span.jobs[-1]])).isoformat(),
            "jobs": len(span.jobs),
            "left_out": replay.left_out,
        },
        "systems": {name: _system(one) for name, one in figures.items()},
        "ranker_minus": {
            name: _difference(ranker, one) for name, one in figures.items() if name != "ranker"
        },
        "steps": _steps({name: one["ndcg@10"] for name, one in figures.items()}),
        "pool_recall": replay.pool_recall,
        "slices": _slices(replay, jobs, ranker),
        "recall_curve": _recall_curves(replay),
        "calibration": _calibration(replay),
        "heads": replay.witness.report(true_quality),
        "importance": dict(sorted(replay.importance.items(), key=lambda item: (-item[1], item[0]))),
        "variants": {},
    }


def _system(figures: Mapping[str, Floats]) -> dict[str, Any]:
    return {
        **{name: mean(values) for name, values in figures.items()},
        "n_jobs": len(figures["ndcg@10"]),
        "ndcg@10_ci": _bounds(figures["ndcg@10"]),
    }


def _difference(ranker: Mapping[str, Floats], other: Mapping[str, Floats]) -> dict[str, Any]:
    apart = ranker["ndcg@10"] - other["ndcg@10"]
    return {"ndcg@10": mean(apart), "ci": _bounds(apart)}


def _steps(figures: Mapping[str, Floats]) -> list[dict[str, Any]]:
    """From the lowest NDCG@10 up, what each system adds to the next below; ties as they stand."""
    rising = sorted(figures, key=lambda name: mean(figures[name]))
    steps = []
    for lower, upper in pairwise(rising):
        apart = figures[upper] - figures[lower]
        steps.append({"upper": upper, "lower": lower, "ndcg@10": mean(apart), "ci": _bounds(apart)})
    return steps


def _bounds(values: Floats) -> list[float] | None:
    return interval(values) if len(values) else None


def _slices(replay: Replay, jobs: Jobs, ranker: Mapping[str, Floats]) -> dict[str, Any]:
    records = [jobs.records[row] for row in replay.rows]
    years = [str(moment_of(int(jobs.posted_at[row])).year) for row in replay.rows]
    named = [record.category or "(none)" for record in records]
    names, counts = np.unique(named, return_counts=True)
    largest = names[np.argsort(-counts, kind="stable")][:LARGEST_CATEGORIES]
    return {
        "experience": _by_experience(replay),
        "year": _groups(years, sorted(set(years)), ranker),
        "category": _groups(named, [str(name) for name in largest], ranker),
    }


def _groups(
    labels: list[str], chosen: list[str], ranker: Mapping[str, Floats]
) -> dict[str, dict[str, float]]:
    of_label = np.array(labels)
    return {
        name: {
            "n_jobs": int((of_label == name).sum()),
            **{measure: mean(values[of_label == name]) for measure, values in ranker.items()},
        }
        for name in chosen
        if (of_label == name).sum() >= FEWEST_JOBS
    }


def _by_experience(replay: Replay) -> dict[str, dict[str, float]]:
    """How often a hired person with so many hires before is among the first 10 and 100."""
    places: list[float] = []
    past: list[int] = []
    for job, hired in replay.relevant.items():
        order = {one: rank for rank, one in enumerate(replay.lists["ranker"][job], start=1)}
        places.extend(order.get(one, np.inf) for one in hired)
        past.extend(replay.experience[job])
    place, before = np.array(places), np.array(past)
    out = {}
    for low, high in EXPERIENCE:
        chosen = (before >= low) & (before <= (np.inf if high is None else high))
        if chosen.any():
            name = f"{low}+" if high is None else f"{low}-{high}" if high != low else str(low)
            out[f"{name} hires before"] = {
                "hires": int(chosen.sum()),
                "recall@10": float((place[chosen] <= 10).mean()),
                "recall@100": float((place[chosen] <= 100).mean()),
            }
    return out


def _recall_curves(replay: Replay) -> dict[str, dict[str, float]]:
    depths = (1, 2, 5, 10, 20, 50, 100)
    out: dict[str, dict[str, float]] = {}
    for name, lists in replay.lists.items():
        shares = [
            [len(wanted.intersection(lists[job][:depth])) / len(wanted) for depth in depths]
            for job, wanted in ((job, set(hired)) for job, hired in replay.relevant.items())
        ]
        averages = np.mean(shares, axis=0) if shares else np.zeros(len(depths))
        out[name] = {
            str(depth): float(value) for depth, value in zip(depths, averages, strict=True)
        }
    return out


def _calibration(replay: Replay) -> dict[str, Any] | None:
    """Of the retrieved pairs of all jobs that had time to hire; None where p_hire is untrained."""
    known = np.isfinite(replay.predicted)
    if not known.any():
        return None
    predicted = replay.predicted[known].astype(np.float64)
    happened = replay.happened[known].astype(np.float64)
    return {
        "pairs": int(known.sum()),
        "base_rate": float(happened.mean()),
        "ece": calibration_error(predicted, happened),
        "brier": float(np.mean((predicted - happened) ** 2)),
        "reliability": reliability(predicted, happened, bins=20),
    }

"""A report such as `training.report` makes, with figures that are plausible."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

DEPTHS = (1, 2, 5, 10, 20, 50, 100)
NDCG = {
    "random": 0.003,
    "popularity": 0.021,
    "recent_popularity": 0.034,
    "bm25": 0.118,
    "dense": 0.127,
    "bm25_memory": 0.151,
    "dense_memory": 0.176,
    "hybrid": 0.183,
    "ranker": 0.262,
    "oracle": 0.401,
}


def a_report(*, jobs: int = 1_204, oracle: bool = True, **changed: Any) -> dict[str, Any]:
    """The figures of a replay; `changed` replaces whole keys."""
    ndcg = {name: one for name, one in NDCG.items() if oracle or name != "oracle"}
    return {
        "seed": 7,
        "run": {"name": "matcher"},
        "features": 48,
        "warnings": [],
        "test": {
            "from": "2025-03-01T09:12:00+00:00",
            "to": "2025-05-30T17:45:12+00:00",
            "jobs": jobs + 132,
            "left_out": 132,
        },
        "systems": {name: _system(one, jobs) for name, one in ndcg.items()},
        "ranker_minus": {
            name: {"ndcg@10": ndcg["ranker"] - one, "ci": _bounds(ndcg["ranker"] - one)}
            for name, one in ndcg.items()
            if name != "ranker"
        },
        "steps": [
            {
                "upper": upper,
                "lower": lower,
                "ndcg@10": ndcg[upper] - ndcg[lower],
                "ci": _bounds(ndcg[upper] - ndcg[lower]),
            }
            for lower, upper in pairwise(sorted(ndcg, key=ndcg.__getitem__))
        ],
        "pool_recall": 0.874,
        "slices": {"experience": _experience(), "year": {}, "category": {}},
        "recall_curve": {name: _curve(one) for name, one in ndcg.items()},
        "calibration": _calibration(),
        "heads": {
            "p_accept": {
                "pairs": 45_000,
                "jobs": 150,
                "base_rate": 0.0367,
                "ece": 0.00157,
                "ece_over_base_rate": 0.0428,
                "chance_over_base_rate": 0.0211,
                "brier_skill": 0.344,
                "brier_skill_ci": [0.315, 0.373],
                "reliability": [],
            }
        },
        "importance": {f"a_column_named_{place}": 0.9 * 0.86**place for place in range(48)},
        "variants": {},
    } | changed


def _system(ndcg: float, jobs: int) -> dict[str, Any]:
    return {
        "recall@100": _curve(ndcg)["100"],
        "ndcg@10": ndcg,
        "mrr": 0.9 * ndcg,
        "n_jobs": jobs,
        "ndcg@10_ci": _bounds(ndcg),
    }


def _bounds(value: float) -> list[float]:
    return [value - 0.011 - 0.02 * abs(value), value + 0.012 + 0.02 * abs(value)]


def _curve(ndcg: float) -> dict[str, float]:
    return {str(depth): 1 - (1 - ndcg / 2) ** (depth**0.62) for depth in DEPTHS}


def _experience() -> dict[str, dict[str, float]]:
    names = ("0", "1-4", "5-19", "20-99", "100+")
    return {
        f"{name} hires before": {
            "hires": 150 * (place + 1),
            "recall@10": 0.11 + 0.06 * place,
            "recall@100": 0.42 + 0.1 * place,
        }
        for place, name in enumerate(names)
    }


def _calibration() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    predicted = 0.00002 * 1.45 ** np.arange(20, dtype=np.float64)
    observed = rng.binomial(18_000, predicted) / 18_000
    return {
        "pairs": 20 * 18_000,
        "base_rate": float(observed.mean()),
        "ece": float(np.abs(predicted - observed).mean()),
        "brier": 0.00338,
        "reliability": [
            {"n": 18_000, "predicted": float(p), "observed": float(o)}
            for p, o in zip(predicted, observed, strict=True)
        ],
    }

"""A replay of the other direction as figures: systems, what the ranker adds, experience."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from matcher.domain import moment_of
from training.evaluate import Span
from training.jobs_evaluate import JobsReplay
from training.metrics import JOBS_MEASURES, Floats, interval, mean, per_job
from training.report import EXPERIENCE

BOUNDED = ("ndcg@10", "recall@20")


def jobs_report(replay: JobsReplay, *, span: Span, about: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that is printed and written, as plain JSON values.

    Args:
        about: What else the reader should know: seed, run, warnings.
    """
    figures = {
        name: per_job(lists, replay.relevant, measures=JOBS_MEASURES)
        for name, lists in replay.lists.items()
    }
    ranker = figures["ranker"]
    return {
        **about,
        "direction": "jobs",
        "test": {
            "from": moment_of(span.test_from).isoformat(),
            "windows": replay.windows,
            "lists": len(replay.relevant),
            "left_out": replay.left_out,
            "jobs_a_pool": replay.pool,
        },
        "systems": {name: _system(one) for name, one in figures.items()},
        "ranker_minus": {
            name: _difference(ranker, one) for name, one in figures.items() if name != "ranker"
        },
        "slices": {"experience": _by_experience(replay, ranker)},
        "variants": {},
    }


def _system(figures: Mapping[str, Floats]) -> dict[str, Any]:
    return {
        **{name: mean(values) for name, values in figures.items()},
        "n_lists": len(figures["ndcg@10"]),
        **{f"{name}_ci": _bounds(figures[name]) for name in BOUNDED},
    }


def _difference(ranker: Mapping[str, Floats], other: Mapping[str, Floats]) -> dict[str, Any]:
    apart = {name: ranker[name] - other[name] for name in BOUNDED}
    return {
        **{name: mean(values) for name, values in apart.items()},
        "ci": _bounds(apart["ndcg@10"]),
        "recall@20_ci": _bounds(apart["recall@20"]),
    }


def _bounds(values: Floats) -> list[float] | None:
    return interval(values) if len(values) else None


def _by_experience(replay: JobsReplay, ranker: Mapping[str, Floats]) -> dict[str, Any]:
    """The ranker's figures by how many hires a freelancer had before the list."""
    before = np.array(replay.experience)
    out = {}
    for low, high in EXPERIENCE:
        chosen = (before >= low) & (before <= (np.inf if high is None else high))
        if chosen.any():
            name = f"{low}+" if high is None else f"{low}-{high}" if high != low else str(low)
            out[f"{name} hires before"] = {
                "n_lists": int(chosen.sum()),
                **{measure: mean(values[chosen]) for measure, values in ranker.items()},
            }
    return out

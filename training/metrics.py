"""Ranking metrics, per job, from ir-measures; intervals by bootstrap over jobs.

Source: Sakai, SIGIR 2006, doi:10.1145/1148170.1148261 (bootstrap for IR);
the measures are trec_eval's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import ir_measures
import numpy as np
from ir_measures.measures import Measure
from numpy.typing import NDArray

DEPTH = 100
RESAMPLES = 1_000
MEASURES = {
    "recall@100": ir_measures.R @ DEPTH,
    "ndcg@10": ir_measures.nDCG @ 10,
    "mrr": ir_measures.RR,
}
JOBS_MEASURES = {
    "recall@20": ir_measures.R @ 20,
    "ndcg@10": ir_measures.nDCG @ 10,
    "mrr": ir_measures.RR,
}

Floats = NDArray[np.float64]
Lists = Mapping[str, Sequence[str]]


def per_job(
    lists: Lists,
    relevant: Mapping[str, Sequence[str]],
    *,
    measures: Mapping[str, Measure] = MEASURES,
) -> dict[str, Floats]:
    """Each measure for each job of `relevant`, in its order; a job without a list scores 0.

    In the other direction, for each freelancer at an instant, of jobs.

    Args:
        lists: Freelancer ids by job id, best first; read to depth 100.
        relevant: Ids of those hired, by job id; none may be empty.
    """
    judged = {job: dict.fromkeys(hired, 1) for job, hired in relevant.items()}
    run = {
        job: {one: float(DEPTH - rank) for rank, one in enumerate(lists.get(job, ())[:DEPTH])}
        for job in relevant
    }
    place = {job: row for row, job in enumerate(relevant)}
    names = {measure: name for name, measure in measures.items()}
    out = {name: np.zeros(len(place)) for name in measures}
    for figure in ir_measures.iter_calc(list(names), judged, run):
        out[names[figure.measure]][place[figure.query_id]] = figure.value
    return out


def interval(values: Floats, *, seed: int = 0) -> list[float]:
    """The 95% percentile bootstrap interval of a mean over jobs.

    >>> interval(np.ones(5))
    [1.0, 1.0]
    """
    if len(values) == 0:
        return [float("nan"), float("nan")]
    rng = np.random.default_rng(seed)
    means = [values[rng.integers(0, len(values), len(values))].mean() for _ in range(RESAMPLES)]
    return [float(edge) for edge in np.percentile(means, [2.5, 97.5])]


def resamples(jobs: int) -> Iterator[Floats]:
    """[jobs] how often each is drawn, resample by resample; the draws are those of `interval`."""
    rng = np.random.default_rng(0)
    for _ in range(RESAMPLES):
        yield np.bincount(rng.integers(0, jobs, jobs), minlength=jobs).astype(np.float64)


def edges(values: Sequence[float]) -> tuple[float, float]:
    """The 95% percentile interval of what resamples came to."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def mean(values: Floats) -> float:
    """The mean; 0 of nothing."""
    return float(values.mean()) if len(values) else 0.0


def reliability(predicted: Floats, happened: Floats, *, bins: int = 10) -> list[dict[str, float]]:
    """Predicted against observed frequency in bins of equal count, lowest first."""
    order = np.argsort(predicted, kind="stable")
    return [
        {
            "n": len(part),
            "predicted": float(predicted[part].mean()),
            "observed": float(happened[part].mean()),
        }
        for part in np.array_split(order, bins)
        if len(part)
    ]


def calibration_error(predicted: Floats, happened: Floats, *, bins: int = 20) -> float:
    """Expected calibration error over bins of equal count, in 0..1.

    Source: Naeini, Cooper & Hauskrecht, AAAI 2015, doi:10.1609/aaai.v29i1.9602
    """
    table = reliability(predicted, happened, bins=bins)
    apart = sum(one["n"] * abs(one["predicted"] - one["observed"]) for one in table)
    return apart / max(len(predicted), 1)

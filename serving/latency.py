"""How long answers took, told from the histograms that Prometheus reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isfinite

from serving.report_schemas import BucketRecord, LatencyRecord

LISTS = ("/v1/matches", "/v1/freelancers/{freelancer_id}/jobs")
SHARES = (0.5, 0.9, 0.99)
Bucket = tuple[float, int]


def latency_of(buckets: Sequence[Bucket]) -> LatencyRecord:
    """The distribution that a histogram knows.

    Args:
        buckets: Upper bound in seconds, rising to infinity, and how many took as long at most.
    """
    p50, p90, p99 = (_ms(quantile(buckets, share)) for share in SHARES)
    return LatencyRecord(
        count=buckets[-1][1] if buckets else 0,
        p50_ms=p50,
        p90_ms=p90,
        p99_ms=p99,
        buckets=tuple(
            BucketRecord(le_ms=_ms(bound if isfinite(bound) else None), count=count)
            for bound, count in buckets
        ),
    )


def quantile(buckets: Sequence[Bucket], share: float) -> float | None:
    """What so large a share took at most, in seconds; None of nothing, and beyond all bounds.

    Within a bucket times are taken to be spread evenly, as Prometheus' `histogram_quantile` does.

    >>> quantile([(0.25, 1), (0.5, 3), (float("inf"), 4)], 0.5)
    0.375
    """
    wanted = share * buckets[-1][1] if buckets else 0.0
    if wanted == 0:
        return None
    for (low, below), (high, count) in pairwise([(0.0, 0), *buckets]):
        if count >= wanted:
            part = (wanted - below) / (count - below)
            return low + part * (high - low) if isfinite(high) else None
    return None


def latencies(
    routes: Mapping[str, Sequence[Bucket]], stages: Mapping[str, Sequence[Bucket]]
) -> dict[str, LatencyRecord]:
    """Of the routes that give lists, by method and path, and of the stages of a list, by name."""
    named = {path.replace(":path}", "}"): buckets for path, buckets in routes.items()}
    lists = {f"POST {path}": named[path] for path in LISTS if path in named}
    return {name: latency_of(buckets) for name, buckets in {**lists, **stages}.items()}


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 3)

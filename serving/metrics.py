"""What Prometheus may ask: how many requests, how long each stage took, which model.

With several worker processes every one of them writes to files in one directory, and
whichever is asked adds them up.
"""

from __future__ import annotations

from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from serving.schemas import MatchAnswer

CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The service's own numbers, in a registry of their own.

    Args:
        shared: The directory of `PROMETHEUS_MULTIPROC_DIR`, where several workers serve.
    """

    def __init__(self, *, shared: Path | None = None) -> None:
        self._registry, self._shared = CollectorRegistry(), shared
        self._requests = Counter(
            "matcher_requests",
            "Requests answered.",
            ("route", "status"),
            registry=self._registry,
        )
        self._request_seconds = Histogram(
            "matcher_request_seconds",
            "Time from the first byte of a request to the last of its answer.",
            ("route",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._stages = Histogram(
            "matcher_stage_seconds",
            "Time of a stage of a match.",
            ("stage",),
            buckets=SECONDS,
            registry=self._registry,
        )
        self._pool = Gauge(
            "matcher_pool_size",
            "Freelancers in the pool of the latest match, before filters.",
            registry=self._registry,
            multiprocess_mode="mostrecent",
        )
        self._model = Gauge(
            "matcher_model_info",
            "1 for the model served.",
            ("name", "version", "digest"),
            registry=self._registry,
            multiprocess_mode="max",
        )
        self._ready = Gauge(
            "matcher_ready",
            "1 once the service is warm.",
            registry=self._registry,
            multiprocess_mode="livemin",
        )

    def describe(self, *, name: str, version: str, digest: str) -> None:
        """Name the model served."""
        self._model.labels(name, version, digest).set(1)

    def count_request(self, *, route: str, status: int, seconds: float) -> None:
        """Note a request that was answered."""
        self._requests.labels(route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def count_match(self, answer: MatchAnswer) -> None:
        """Note the stages of a match."""
        for stage, took_ms in answer.took_ms:
            self._stages.labels(stage).observe(took_ms / 1000)
        self._pool.set(answer.index.size)

    def set_ready(self) -> None:
        """Note that the service is warm."""
        self._ready.set(1)

    def exposition(self) -> bytes:
        """All numbers, in the text format of Prometheus."""
        if self._shared is None:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(self._shared))  # type: ignore[no-untyped-call]  # untyped there
        return generate_latest(together)

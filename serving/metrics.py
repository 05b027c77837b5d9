"""What Prometheus may ask: how many requests, how long each stage took, which model.

With several worker processes every one of them writes to files in one directory, and
whichever is asked adds them up.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Literal

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

Times = Literal["request", "stage"]

CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
REBUILD_SECONDS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


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

        self._described: tuple[str, str, str] | None = None
        self._writes = Counter(
            "matcher_writes",
            "What writes came to; of events, what each came to as well.",
            ("route", "outcome"),
            registry=self._registry,
        )
        self._snapshot = Gauge(
            "matcher_snapshot_seq",
            "Number of the change that the answers follow.",
            registry=self._registry,
            multiprocess_mode="livemin",
        )
        self._behind = Gauge(
            "matcher_snapshot_behind",
            "Changes on record that the answers do not hold yet.",
            registry=self._registry,
            multiprocess_mode="livemax",
        )
        self._rebuild = Histogram(
            "matcher_rebuild_seconds",
            "Time to make anew what answers.",
            buckets=REBUILD_SECONDS,
            registry=self._registry,
        )
        self._growth = Histogram(
            "matcher_growth_seconds",
            "Time in which what answers grew by what came.",
            buckets=REBUILD_SECONDS,
            registry=self._registry,
        )
        self._swaps = Counter(
            "matcher_bundle_swaps",
            "Other bundles that were found, by whether they answer now or were refused.",
            ("outcome",),
            registry=self._registry,
        )
        self._failed_rebuilds = Counter(
            "matcher_failed_rebuilds",
            "Rebuilds that failed; what was there before went on.",
            registry=self._registry,
        )
        self._decisions = Counter(
            "matcher_decisions",
            "Decisions by what became of them: recorded, or dropped.",
            ("outcome",),
            registry=self._registry,
        )
        self._erasures = Counter(
            "matcher_erasures",
            "Erasures by the state that they came to: pending, removed, done.",
            ("state",),
            registry=self._registry,
        )
        self._queued = Gauge(
            "matcher_decisions_queued",
            "Decisions that wait to be recorded.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )

    def describe(self, *, name: str, version: str, digest: str) -> None:
        """Name the model served, and no longer the one before."""
        if self._described is not None:
            self._model.labels(*self._described).set(0)
        self._described = (name, version, digest)
        self._model.labels(*self._described).set(1)

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

    def count_write(self, *, route: str, outcome: str, times: int = 1) -> None:
        """Note what a write came to: an outcome, or the code of an error."""
        self._writes.labels(route, outcome).inc(times)

    def set_snapshot(self, *, seq: int, behind: int) -> None:
        """Note which change the answers follow, and how many more there are."""
        self._snapshot.set(seq)
        self._behind.set(behind)

    def count_rebuild(self, seconds: float) -> None:
        """Note a rebuild that was swapped in."""
        self._rebuild.observe(seconds)

    def count_growth(self, seconds: float) -> None:
        """Note a growth that was swapped in."""
        self._growth.observe(seconds)

    def count_swap(self, outcome: str) -> None:
        """Note another bundle, `swapped` or `refused`."""
        self._swaps.labels(outcome).inc()

    def count_failed_rebuild(self) -> None:
        """Note a rebuild that failed."""
        self._failed_rebuilds.inc()

    def count_decisions(self, outcome: str, *, times: int) -> None:
        """Note what became of decisions: `recorded`, or `dropped`."""
        self._decisions.labels(outcome).inc(times)

    def count_erasures(self, state: str, *, times: int = 1) -> None:
        """Note erasures that came to a state: `pending`, `removed` or `done`."""
        self._erasures.labels(state).inc(times)

    def set_queued(self, decisions: int) -> None:
        """Note how many decisions wait to be recorded."""
        self._queued.set(decisions)

    def exposition(self) -> bytes:
        """All numbers, in the text format of Prometheus."""
        return generate_latest(self._together())

    def times(self, histogram: Times) -> dict[str, list[tuple[float, int]]]:
        """A histogram by its label: upper bounds in seconds, rising, and how many took as long.

        The last bound is infinity, and each count holds those before it.
        """
        name = f"matcher_{histogram}_seconds"
        label = "route" if histogram == "request" else "stage"
        found: defaultdict[str, list[tuple[float, int]]] = defaultdict(list)
        for family in self._together().collect():
            for sample in family.samples if family.name == name else ():
                if sample.name == f"{name}_bucket":
                    bound = float(sample.labels["le"])
                    found[sample.labels[label]].append((bound, int(sample.value)))
        return {one: sorted(buckets) for one, buckets in found.items()}

    def _together(self) -> CollectorRegistry:
        """The numbers of all workers, or this process's own where it is alone."""
        if self._shared is None:
            return self._registry
        together = CollectorRegistry()
        MultiProcessCollector(together, path=str(self._shared))  # type: ignore[no-untyped-call]  # untyped there
        return together

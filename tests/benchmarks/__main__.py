"""Speed side by side, on demand: `make bench`, or with a bundle of one's own.

    python -m tests.benchmarks --bundle BUNDLE --requests 500

Nothing is asserted: machines are noisy. Figures that belong together come from
one run, as medians over many repetitions.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

from features import FEATURES
from matcher.bundle import Bundle
from matcher.engine import Engine
from matcher.marketplace import from_frames
from matcher.retrieval.default import default_encoder
from matcher.run import Run
from matcher.tally import Tally
from training.build import train
from training.simulate.parameters import Parameters
from training.simulate.recording import simulate


def main() -> None:
    """Run every benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bundle", type=Path, default=None)
    options.add_argument("--requests", type=int, default=300)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = chosen.bundle or _small_bundle(Path(folder))
        bundle = Bundle.open(path, features=FEATURES)
        engine = bundle.engine(encoder=default_encoder())
        _inside(engine, chosen.requests)
        _history()
        _over_http(path, engine, chosen.requests)


def _small_bundle(folder: Path) -> Path:
    market = simulate(Parameters(freelancers=800, jobs=2_000), seed=7)
    tables = from_frames(freelancers=market.freelancers, jobs=market.jobs, events=market.events)
    encoder = default_encoder()
    train(tables, run=Run(), encoder=encoder).write(folder / "bundle", encoder=encoder)
    return folder / "bundle"


def _inside(engine: Engine, requests: int) -> None:
    """Stages of a request in this process, over jobs that the snapshot holds."""
    jobs = engine.snapshot.jobs
    chosen = range(max(len(jobs) - requests, 0), len(jobs))
    took: dict[str, list[float]] = {name: [] for name in ("retrieve", "features", "rank", "rerank")}
    transform: list[float] = []
    for row in chosen:
        query = engine.ask(jobs.records[row], as_of=int(jobs.posted_at[row]), k=10)
        for name, value in engine.match(query).took_ms.items():
            took[name].append(value)
        frame = engine.pairs(query, engine.retrieve(query))
        transform.append(_timed(lambda frame=frame: engine.features.transform(frame)))
    for name, values in (*took.items(), ("features alone", transform)):
        _say(name, values)


def _history() -> None:
    """A million events into one tally, and questions to it."""
    rng = np.random.default_rng(0)
    keys = rng.integers(0, 100_000, 1_000_000)
    at = np.sort(rng.integers(0, 10**15, 1_000_000))
    started = time.perf_counter()
    tally = Tally.of(keys, at)
    built = time.perf_counter()
    tally.totals(keys[:1], 90.0)
    print(f"history: a million events built in {built - started:.2f} s, ", end="")
    print(f"one running total in {time.perf_counter() - built:.2f} s")
    rows = rng.integers(0, 100_000, 300)
    ask = [_timed(lambda: tally.view(rows, np.full(300, 10**15)).decayed(90.0)) for _ in range(200)]
    _say("300 decayed sums", ask)


def _over_http(bundle: Path, engine: Engine, requests: int) -> None:
    """One client, one request after another, against `matcher serve`."""
    jobs = engine.snapshot.jobs
    last = jobs.records[-1].posted_at
    with subprocess.Popen(
        [sys.executable, "-m", "matcher.cli", "serve", "--bundle", str(bundle), "--port", "18080"],
        stderr=subprocess.DEVNULL,
        env=os.environ,
    ) as server:
        try:
            _await("http://127.0.0.1:18080/readyz")
            took = []
            client = HTTPConnection("127.0.0.1", 18080)  # kept alive, as a backend keeps it
            for row in np.linspace(0, len(jobs) - 1, requests).astype(
                int
            ):  # of every age and length
                record = jobs.records[row]
                body = {
                    "job": {"title": f"{record.title} {row}", "description": record.description},
                    "as_of": last.isoformat() if last else None,
                }
                took.append(_timed(lambda body=body: _post(client, body)))
            _say("POST /v1/matches", took)
        finally:
            server.terminate()


def _await(url: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=1).read()  # noqa: S310  (loopback)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the service did not become ready within a minute")


def _post(client: HTTPConnection, body: object) -> bytes:
    text = json.dumps(body)
    client.request("POST", "/v1/matches", text, {"content-type": "application/json"})
    return client.getresponse().read()


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _say(name: str, values: list[float]) -> None:
    p50, p99 = np.percentile(values, [50, 99])
    print(f"{name:18} p50 {p50:7.2f} ms   p99 {p99:7.2f} ms   n {len(values)}")


if __name__ == "__main__":
    main()

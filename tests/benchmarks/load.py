"""The service under load, on demand: how many lists a second, how long each, with writes beside.

    python -m tests.benchmarks.load --bundle BUNDLE --freelancers 100000 --jobs 200000

The model and the encoder are a bundle's own; the market is drawn as by `tests.benchmarks.growth`,
with vectors at random, since encoding it would take an hour and change no time. The service runs
in a process of its own over SQLite, with decisions recorded; the clients run in this one, and
take their share of the machine. Every brief is new to the service. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

import numpy as np

from tests.benchmarks.growth import Random, a_market

HEADERS = {"Content-Type": "application/json"}
WORDS = [f"w{n}" for n in range(8_000)]


@dataclass
class Told:
    """What clients saw.

    Attributes:
        took_ms: Of each list that was answered.
        statuses: How many answers of each status.
        stale: Warnings that lists were behind what is on record.
    """

    took_ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    stale: int = 0

    def said(self, seconds: float) -> str:
        """In a line."""
        p50, p99 = np.percentile(self.took_ms or [0], [50, 99])
        rate = len(self.took_ms) / seconds
        return (
            f"{rate:.1f} a second, p50 {p50:.0f} ms, p99 {p99:.0f} ms, "
            f"statuses {dict(self.statuses)}, behind {self.stale}"
        )


def main() -> None:
    """Serve in a child, ask from here."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bundle", type=Path, required=True)
    options.add_argument("--freelancers", type=int, default=10_000)
    options.add_argument("--jobs", type=int, default=20_000)
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--index", default="flat", choices=["flat", "fp16"])
    options.add_argument("--wait", type=float, default=2.0, help="seconds a list waits for writes")
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.serve:
        _serve(chosen)
        return
    with tempfile.TemporaryDirectory() as folder, _service(chosen, Path(folder)) as port:
        _measured("warming up", port, clients=2, seconds=5)
        _measured("2 clients", port, clients=2, seconds=chosen.seconds)
        _measured("8 clients", port, clients=8, seconds=chosen.seconds)
        for clients in (2, 8):
            with _writing(port, chosen, rate=50) as written:
                what = f"{clients} clients, 50 writes a second beside"
                _measured(what, port, clients=clients, seconds=chosen.seconds)
            print(f"   writes: {dict(written)}")
        print(_numbers(port))


def _measured(what: str, port: int, *, clients: int, seconds: float) -> None:
    told, lock = Told(), threading.Lock()
    ends = time.monotonic() + seconds

    def asking(number: int) -> None:
        draw = np.random.default_rng([number, time.monotonic_ns()])
        client = HTTPConnection("127.0.0.1", port, timeout=60)
        while time.monotonic() < ends:
            words = " ".join(WORDS[n] for n in np.minimum(draw.zipf(1.2, 30) - 1, 7_999))
            body = {"job": {"title": words, "category": "k3", "skills": ["s7", "s9"]}, "k": 20}
            started = time.perf_counter()
            client.request("POST", "/v1/matches", json.dumps(body), HEADERS)
            answer = client.getresponse()
            content = answer.read()
            took = (time.perf_counter() - started) * 1000
            with lock:
                told.statuses[answer.status] += 1
                told.stale += b"behind what is on record" in content
                if answer.status == 200:
                    told.took_ms.append(took)

    threads = [threading.Thread(target=asking, args=(n,)) for n in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    print(f"{what}: {told.said(seconds)}", flush=True)


@contextmanager
def _writing(port: int, chosen: argparse.Namespace, *, rate: int) -> Iterator[Counter[int]]:
    """Events, profiles and jobs, some of each, at a steady rate."""
    written: Counter[int] = Counter()
    ended = threading.Event()

    def writes() -> None:
        draw = np.random.default_rng(time.monotonic_ns())
        client = HTTPConnection("127.0.0.1", port, timeout=60)
        number, due = 0, time.monotonic()
        while not ended.is_set():
            number, due = number + 1, due + 1 / rate
            method, path, body = _write(draw, number, chosen)
            client.request(method, path, json.dumps(body), HEADERS)
            answer = client.getresponse()
            answer.read()
            written[answer.status] += 1
            time.sleep(max(due - time.monotonic(), 0))

    thread = threading.Thread(target=writes)
    thread.start()
    try:
        yield written
    finally:
        ended.set()
        thread.join()


def _write(
    draw: np.random.Generator, number: int, chosen: argparse.Namespace
) -> tuple[str, str, object]:
    stamp = time.monotonic_ns()
    words = " ".join(WORDS[n] for n in np.minimum(draw.zipf(1.2, 20) - 1, 7_999))
    if number % 10 == 0:
        return "PUT", f"/v1/freelancers/n{stamp}", {"title": words, "skills": ["s1", "s2"]}
    if number % 10 == 5:
        return "PUT", f"/v1/jobs/n{stamp}", {"title": words, "category": "k3", "skills": ["s7"]}
    kind = "hired" if number % 10 == 1 else "applied"
    return (
        "POST",
        "/v1/events",
        {
            "event_id": f"n{stamp}",
            "at": datetime.now(UTC).isoformat(),
            "kind": kind,
            "job_id": f"j{draw.integers(chosen.jobs):07}",
            "freelancer_id": f"f{draw.integers(chosen.freelancers):07}",
        },
    )


@contextmanager
def _service(chosen: argparse.Namespace, folder: Path) -> Iterator[int]:
    port = _free_port()
    command = [sys.executable, "-m", "tests.benchmarks.load", "--bundle", str(chosen.bundle)]
    command += ["--freelancers", str(chosen.freelancers), "--jobs", str(chosen.jobs)]
    command += [
        "--index",
        chosen.index,
        "--wait",
        str(chosen.wait),
        "--workers",
        str(chosen.workers),
        "--serve",
        str(port),
        "--folder",
        str(folder),
    ]
    with subprocess.Popen(command) as process:
        try:
            _until(lambda: process.poll() is not None or _is_ready(port))
            yield port
        finally:
            process.terminate()


def _serve(chosen: argparse.Namespace) -> None:
    import os

    os.environ["OMP_NUM_THREADS"] = "1"
    import uvicorn

    from features import FEATURES
    from matcher.bundle import Bundle
    from matcher.log import configure
    from matcher.settings import Settings
    from matcher.snapshot import Snapshot
    from matcher.store.store import Store
    from serving.app import create_app
    from serving.building import Builder
    from serving.encoder import serving_encoder
    from serving.following import Follower
    from serving.opening import follower_of
    from serving.prefork import Workers, listening
    from serving.recall import Recall
    from serving.service import Served

    configure()
    bundle = Bundle.open(chosen.bundle, features=FEATURES)
    encoder = serving_encoder(bundle, Settings())
    market = a_market(chosen.freelancers, chosen.jobs)
    run = bundle.model.run
    retrieval = run.retrieval.model_copy(update={"index": chosen.index})
    model = replace(bundle.model, run=run.model_copy(update={"retrieval": retrieval}))
    snapshot = Snapshot.of(market, encoder=Random())
    served = replace(
        Served.of(bundle, encoder=encoder),
        engine=model.engine(snapshot, encoder=encoder),
        jobs_engine=model.jobs_engine(snapshot),
        until=None,
    )
    url = f"sqlite:///{chosen.folder}/m.db"
    with Store.open(url) as store:
        held = follower_of(
            served, store=store, model=model, marketplace=market, wait_s=chosen.wait
        ).held

    def work() -> int:
        recall = Recall(store=Store.open(url), encoder=encoder)
        builder = Builder(store=recall.store, model=model, recall=recall)
        app = create_app(Follower(builder, held, wait_s=chosen.wait))
        config = uvicorn.Config(app, log_config=None, access_log=False)
        uvicorn.Server(config).run(sockets=[sock])
        return 0

    with listening("127.0.0.1", chosen.serve) as sock:
        Workers(work, count=chosen.workers).run()


def _is_ready(port: int) -> bool:
    client = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", "/readyz")
        return client.getresponse().status == 200
    except OSError:
        return False
    finally:
        client.close()


def _numbers(port: int) -> str:
    client = HTTPConnection("127.0.0.1", port, timeout=60)
    client.request("GET", "/metrics")
    text = client.getresponse().read().decode()
    wanted = ("growth_seconds_count", "growth_seconds_sum", "rebuild_seconds_count", "decisions")
    return "\n".join(
        line for line in text.splitlines() if line[0] != "#" and any(one in line for one in wanted)
    )


def _until(holds: Callable[[], object]) -> None:
    while not holds():
        time.sleep(0.2)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()

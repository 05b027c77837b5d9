"""How fast a marketplace goes into the store, on demand.

    python -m tests.benchmarks.ingest --events 200000 [--database URL]

Nothing is asserted: machines are noisy. Reading and validating the directory is timed apart.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd

from matcher.marketplace import Marketplace, from_frames, read_marketplace, write_marketplace
from matcher.store.store import Store

PEOPLE, JOBS = 2_000, 4_000
FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def main() -> None:
    """Ingest twice: everything is new, then nothing is."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=200_000)
    options.add_argument("--database", default=None)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        market = Path(folder) / "market"
        write_marketplace(_market(chosen.events), market)
        started = time.perf_counter()
        marketplace = read_marketplace(market)
        print(f"read and validated in {time.perf_counter() - started:.2f} s")
        url = chosen.database or f"sqlite:///{folder}/matcher.db"
        with Store.open(url) as store:
            for word in ("new", "known"):
                rows = PEOPLE + JOBS + chosen.events
                started, worked = time.perf_counter(), time.process_time()
                store.ingest(marketplace)
                took = time.perf_counter() - started
                print(f"{rows:,} {word} rows in {took:.2f} s, {rows / took:,.0f} a second", end="")
                print(f" ({rows / (time.process_time() - worked):,.0f} a second of processor time)")
            _batches(store)


def _batches(store: Store) -> None:
    """As an API takes them in: objects, a thousand at a time, each judged."""
    events = [_event(f"b{n}", n) for n in range(20_000)]
    started = time.perf_counter()
    for at in range(0, len(events), 1_000):
        store.add_events(events[at : at + 1_000])
    took = time.perf_counter() - started
    rate = len(events) / took
    print(f"{len(events):,} events by the thousand in {took:.2f} s, {rate:,.0f} a second")


def _market(events: int) -> Marketplace:
    return from_frames(
        freelancers=pd.DataFrame({"freelancer_id": [f"f{n}" for n in range(PEOPLE)]}).assign(
            joined_at=pd.Timestamp(FIRST), title="Go and SQL", overview="Reports, made fast. " * 20
        ),
        jobs=pd.DataFrame({"job_id": [f"j{n}" for n in range(JOBS)]}).assign(
            posted_at=pd.Timestamp(FIRST), title="A report", description="It is slow. " * 40
        ),
        events=pd.DataFrame([_event(f"e{n}", n) for n in range(events)]),
    )


def _event(event_id: str, n: int) -> dict[str, object]:
    return {
        "event_id": event_id,
        "at": FIRST + timedelta(seconds=n),
        "kind": "applied",
        "job_id": f"j{n % JOBS}",
        "freelancer_id": f"f{n % PEOPLE}",
        "decision_id": f"d{n // 20}",
        "position": float(n % 20 + 1),
        "propensity": 0.5,
        "value": 30.25,
    }


if __name__ == "__main__":
    main()

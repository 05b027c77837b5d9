"""How long an erasure takes, and what it costs to take in a directory afterwards.

python -m tests.benchmarks.erase --freelancers 100000 --decisions 2000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from matcher.marketplace import Marketplace, from_frames
from matcher.store import decisions, erasing
from matcher.store.decision import Decision
from matcher.store.decisions import Prepared
from matcher.store.store import Store
from tests.contracts.store_decisions_contract import a_decision

FEATURES, DIM, SHOWN, POOL = 243, 384, 10, 300


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--freelancers", type=int, default=100_000)
    asked.add_argument("--decisions", type=int, default=2_000)
    options = asked.parse_args()
    market = a_market(options.freelancers)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "m.db"
        with Store.open(f"sqlite:///{file}") as store:
            with timed(f"{options.freelancers:,} profiles and as many events taken in"):
                store.ingest(market)
            with timed("taken in again"):
                store.ingest(market)
            with store.database.writing() as connection:
                decisions.keep(connection, Prepared.of(made(options)))
            store.erasures.ask("f000007")
            with timed(f"{options.decisions:,} decisions gone through"):
                while erasing.redact_some(store.database, 1):
                    pass
            with timed(f"the rest, with a file of {file.stat().st_size >> 20} MiB"):
                store.erasures.finish()
            with timed("taken in again, after an erasure"):
                store.ingest(market)


def a_market(people: int) -> Marketplace:
    """People with an event each."""
    ids = [f"f{at:06d}" for at in range(people)]
    freelancers = pd.DataFrame(
        {
            "freelancer_id": ids,
            "joined_at": ["2024-01-01T00:00:00Z"] * people,
            "title": ["Ink"] * people,
            "overview": [f"word {at} " * 40 for at in range(people)],
        }
    )
    jobs = pd.DataFrame(
        {"job_id": ["j1"], "posted_at": ["2024-01-02T00:00:00Z"], "title": ["A poster"]}
    )
    events = pd.DataFrame(
        {
            "event_id": [f"e{at}" for at in range(people)],
            "at": ["2024-02-01T00:00:00Z"] * people,
            "kind": ["viewed"] * people,
            "job_id": ["j1"] * people,
            "freelancer_id": ids,
        }
    )
    return from_frames(freelancers=freelancers, jobs=jobs, events=events)


def made(options: argparse.Namespace) -> list[Decision]:
    """Decisions of the usual size over anybody."""
    rng = np.random.default_rng(1)
    base = a_decision(k=SHOWN, rest=POOL - SHOWN)
    columns = tuple(f"feature_{at}" for at in range(FEATURES))
    found = []
    for at in range(options.decisions):
        rows = rng.choice(options.freelancers, POOL, replace=False)
        ids = tuple(f"f{row:06d}" for row in rows)
        found.append(
            replace(
                base,
                summary=replace(base.summary, decision_id=f"d{at:07d}"),
                shown=ids[:SHOWN],
                rest=ids[SHOWN:],
                columns=columns,
                features=rng.normal(size=(SHOWN, FEATURES)).astype(np.float32),
                vector=rng.normal(size=DIM).astype(np.float32),
                rest_scores=rng.normal(size=POOL - SHOWN).astype(np.float32),
            )
        )
    return found


@contextmanager
def timed(what: str) -> Iterator[None]:
    started = time.process_time()
    yield
    sys.stdout.write(f"{what}: {time.process_time() - started:.2f} s\n")


if __name__ == "__main__":
    main()

"""How long it takes until lists hold a write, on demand.

    python -m tests.benchmarks.rebuild --jobs 2000 --freelancers 800

Nothing is asserted: machines are noisy. Vectors are hashed words, so no encoder is timed; a
rebuild encodes only what was written, in any case.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from statistics import median

from features import FEATURES
from matcher.learned import Learned
from matcher.marketplace import from_frames
from matcher.model import Model
from matcher.ranking.baseline import WeightedSum
from matcher.ranking.calibration import Untrained
from matcher.run import Run
from matcher.snapshot import Snapshot
from matcher.store.store import Store
from serving.opening import follower_of
from serving.service import Served
from tests.fakes import FakeEncoder
from training.simulate.parameters import Parameters
from training.simulate.recording import simulate


def main() -> None:
    """Seed a store from a simulated market, then write and rebuild some times."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--jobs", type=int, default=2_000)
    options.add_argument("--freelancers", type=int, default=800)
    options.add_argument("--times", type=int, default=7)
    chosen = options.parse_args()
    told = simulate(Parameters(freelancers=chosen.freelancers, jobs=chosen.jobs), seed=7)
    market = from_frames(freelancers=told.freelancers, jobs=told.jobs, events=told.events)
    encoder = FakeEncoder(dim=384)
    snapshot = Snapshot.of(market, encoder=encoder)
    model = Model(
        run=Run(),
        learned=Learned.fit(snapshot),
        ranker=WeightedSum.of(FEATURES.names),
        calibrator=Untrained(),
        features=FEATURES,
    )
    served = Served(
        engine=model.engine(snapshot, encoder=encoder),
        jobs_engine=model.jobs_engine(snapshot),
        name="benchmark",
        version="1",
        digest="d" * 64,
        encoder=encoder.digest,
        until=None,
        metrics={},
    )
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(f"sqlite:///{folder}/m.db")
        started = time.perf_counter()
        follower = follower_of(served, store=store, model=model, marketplace=market, wait_s=0)
        print(f"seeded and built in {time.perf_counter() - started:.2f} s, ", end="")
        print(f"{len(market.events):,} events")
        took, read = [], []
        builder = follower._builder
        for n in range(chosen.times):
            store.put_job({"job_id": f"new{n}", "title": f"A poster {n}"})
            started = time.perf_counter()
            store.view()
            read.append(time.perf_counter() - started)
            started = time.perf_counter()
            builder.build(follower.served)
            took.append(time.perf_counter() - started)
        print(f"rebuilt in {median(took):.2f} s (median of {len(took)}, longest {max(took):.2f}), ")
        print(f"of which {median(read):.2f} s to read the store")
        store.close()


if __name__ == "__main__":
    main()

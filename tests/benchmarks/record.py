"""What a decision weighs, and what it takes to make, pack and keep one, on demand.

    python -m tests.benchmarks.record --jobs 2000 --freelancers 800

Nothing is asserted: machines are noisy. Vectors are hashed words, as long as the default
encoder's, with a share of noise: they compress as real ones do, which is not at all.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from statistics import median

import numpy as np

from features import FEATURES
from matcher.learned import Learned
from matcher.marketplace import from_frames
from matcher.model import Model
from matcher.ranking.baseline import WeightedSum
from matcher.ranking.calibration import Untrained
from matcher.run import Run
from matcher.snapshot import Snapshot
from matcher.store.decisions import Prepared, keep
from matcher.store.store import Store
from serving.decisions import Origin, of_matches
from serving.schemas import MatchRequest
from serving.service import MatchService, Served
from tests.fakes import FakeEncoder
from training.simulate.parameters import Parameters
from training.simulate.recording import simulate


class Noisy(FakeEncoder):
    """Hashed words, and noise."""

    def encode(self, texts):
        """[n, dim] float32, unit length."""
        plain = super().encode(texts)
        noisy = plain + np.random.default_rng(7).normal(0, 0.03, plain.shape).astype(np.float32)
        return noisy / np.linalg.norm(noisy, axis=1, keepdims=True)


def main() -> None:
    """Ask about the latest jobs of a simulated market, and keep the decisions."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--jobs", type=int, default=2_000)
    options.add_argument("--freelancers", type=int, default=800)
    options.add_argument("--times", type=int, default=200)
    options.add_argument("--k", type=int, default=10)
    chosen = options.parse_args()
    told = simulate(Parameters(freelancers=chosen.freelancers, jobs=chosen.jobs), seed=7)
    market = from_frames(freelancers=told.freelancers, jobs=told.jobs, events=told.events)
    encoder = Noisy(dim=384)
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
    service, origin = MatchService(served=served), Origin(served=served, store="0" * 32, seq=1)
    made, matched, packed, bodies, decisions = [], [], [], [], []
    for job in snapshot.jobs.records[-chosen.times :]:
        request = MatchRequest.model_validate(
            {
                "job": {"title": job.title, "description": job.description, "skills": job.skills},
                "k": chosen.k,
            }
        )
        started = time.perf_counter()
        found = service.matched(request)
        matched.append(time.perf_counter() - started)
        started = time.perf_counter()
        decisions.append(of_matches(found, origin))
        made.append(time.perf_counter() - started)
        started = time.perf_counter()
        prepared = Prepared.of(decisions[-1:])
        packed.append(time.perf_counter() - started)
        bodies.append(len(prepared.rows[0]["body"]))
    names = f"{len(decisions)} lists of {chosen.k} out of {len(found.matches.rows)}"
    print(f"{names}, {len(FEATURES.names)} features; medians:")
    print(f"a body has {median(bodies):,.0f} bytes; a match takes {1e6 * median(matched):,.0f} us,")
    print(f"its decision {1e6 * median(made):,.0f} us before the answer leaves, ", end="")
    print(f"{1e6 * median(packed):,.0f} us behind it to pack")
    with tempfile.TemporaryDirectory() as folder, Store.open(f"sqlite:///{folder}/m.db") as store:
        started = time.perf_counter()
        for at in range(0, len(decisions), 50):
            prepared = Prepared.of(decisions[at : at + 50])
            with store.database.writing() as connection:
                keep(connection, prepared)
        took = (time.perf_counter() - started) / len(decisions)
        print(f"packed and kept in SQLite by 50: {1e6 * took:,.0f} us each")


if __name__ == "__main__":
    main()

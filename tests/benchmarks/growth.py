"""How long a snapshot takes to grow by what came, beside being made anew, on demand.

    python -m tests.benchmarks.growth --freelancers 100000 --jobs 200000

Nothing is asserted: machines are noisy. The market is drawn from thin air (a hire a job, six
applications, a rating) and vectors are at random, for neither changes the time.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

import numpy as np
import pandas as pd

from features import FEATURES
from matcher.engine import Engine
from matcher.growth import News, grow
from matcher.jobs.engine import JobsEngine
from matcher.learned import Learned
from matcher.marketplace import Marketplace, from_frames
from matcher.model import Model
from matcher.ranking.baseline import WeightedSum
from matcher.ranking.calibration import Untrained
from matcher.run import Run
from matcher.snapshot import Snapshot

START_US, DAY_US = int(datetime(2022, 1, 1, tzinfo=UTC).timestamp()) * 10**6, 86_400 * 10**6
SPAN_DAYS = 1_000


class Random:
    """An `Encoder` of any text by unit vectors drawn at random."""

    dim, digest = 384, "random"

    def __init__(self) -> None:
        self._draw = np.random.default_rng(0)

    def encode(self, texts: list[str]) -> np.ndarray:
        """[n, dim] float32."""
        vectors = self._draw.standard_normal((len(texts), self.dim), np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def main() -> None:
    """Make a market, then let it grow in batches of several kinds."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--freelancers", type=int, default=10_000)
    options.add_argument("--jobs", type=int, default=20_000)
    options.add_argument("--times", type=int, default=5)
    chosen = options.parse_args()
    market = a_market(chosen.freelancers, chosen.jobs)
    encoder = Random()
    started = time.perf_counter()
    snapshot = Snapshot.of(market, encoder=encoder)
    learned = Learned.fit(snapshot)
    fitted = time.perf_counter()
    model = Model(
        run=Run(),
        learned=learned,
        ranker=WeightedSum.of(FEATURES.names),
        calibrator=Untrained(),
        features=FEATURES,
    )
    engine, jobs_engine = model.engine(snapshot, encoder=encoder), model.jobs_engine(snapshot)
    print(f"{len(market.events):,} events; snapshot {fitted - started:.1f} s, ", end="")
    print(f"engines {time.perf_counter() - fitted:.1f} s, anew")
    _say("one request before", [_ask(engine, n) for n in range(20)])
    for what, batches in news(market, times=chosen.times).items():
        took = []
        for batch in batches:
            seconds, engine, jobs_engine = _grown(model, engine, jobs_engine, batch)
            took.append(seconds)
        _say(f"grown by {what}", took)
    _say("one request after", [_ask(engine, n) for n in range(20)])


def a_market(people: int, jobs: int) -> Marketplace:
    """People and jobs of words at random; who applies and is hired, too."""
    draw = np.random.default_rng(1)
    posted = np.sort(draw.integers(0, SPAN_DAYS * DAY_US, jobs)) + START_US
    names = np.array([f"f{n:07}" for n in range(people)])
    posts = pd.DataFrame(
        {
            "job_id": [f"j{n:07}" for n in range(jobs)],
            "posted_at": _moments(posted),
            "title": _texts(draw, jobs, 6),
            "description": _texts(draw, jobs, 25),
            "client_id": [f"c{n}" for n in draw.integers(0, jobs // 5, jobs)],
            "category": [f"k{n}" for n in draw.integers(0, 12, jobs)],
            "skills": [[f"s{one}" for one in some] for some in draw.integers(0, 400, (jobs, 4))],
        }
    )
    profiles = pd.DataFrame(
        {
            "freelancer_id": names,
            "joined_at": _moments(np.full(people, START_US - DAY_US)),
            "title": _texts(draw, people, 5),
            "overview": _texts(draw, people, 20),
            "skills": [[f"s{one}" for one in some] for some in draw.integers(0, 400, (people, 5))],
        }
    )
    return from_frames(freelancers=profiles, jobs=posts, events=_events(draw, posts, posted, names))


def news(market: Marketplace, *, times: int) -> dict[str, list[News]]:
    """Batches of several kinds, each of what came after the one before."""
    end = int(market.events["at"].max().value // 1000) + DAY_US
    found: dict[str, list[News]] = {}
    number = 0
    for what, counts in (
        ("a hire", (0, 0, 1)),
        ("a sign-up", (1, 0, 0)),
        ("a job", (0, 1, 0)),
        ("50 changes of all kinds", (5, 5, 40)),
    ):
        found[what] = []
        for _ in range(times):
            number, end = number + 1, end + DAY_US
            found[what].append(_batch(market, number, end, counts))
    return found


def _batch(market: Marketplace, number: int, end: int, counts: tuple[int, int, int]) -> News:
    draw, (people, jobs, hires) = np.random.default_rng(number), counts
    some = draw.integers(0, len(market.jobs), hires)
    hired = market.events.iloc[:hires].assign(
        event_id=[f"n{number}-{n}" for n in range(hires)],
        at=_moments(np.full(hires, end)),
        kind="hired",
        job_id=market.jobs["job_id"].to_numpy()[some],
        freelancer_id=market.freelancers["freelancer_id"].to_numpy()[
            draw.integers(0, len(market.freelancers), hires)
        ],
        value=np.nan,
    )
    return News(
        freelancers=market.freelancers.iloc[:people].assign(
            freelancer_id=[f"n{number}-{n}" for n in range(people)],
            joined_at=_moments(np.full(people, end)),
            valid_from=_moments(np.full(people, end)),
        ),
        jobs=market.jobs.iloc[:jobs].assign(
            job_id=[f"n{number}-{n}" for n in range(jobs)],
            posted_at=_moments(np.full(jobs, end)),
        ),
        events=hired,
    )


def _events(
    draw: np.random.Generator, posts: pd.DataFrame, posted: np.ndarray, names: np.ndarray
) -> pd.DataFrame:
    jobs = len(posts)
    rows = np.concatenate([np.repeat(np.arange(jobs), 6), np.arange(jobs), np.arange(jobs)])
    kinds = np.repeat(["applied", "hired", "rated_freelancer"], [6 * jobs, jobs, jobs])
    who = draw.integers(0, len(names), len(rows))
    who[7 * jobs :] = who[6 * jobs : 7 * jobs]
    delays = np.repeat([DAY_US // 10, DAY_US, 30 * DAY_US], [6 * jobs, jobs, jobs])
    return pd.DataFrame(
        {
            "event_id": [f"e{n}" for n in range(len(rows))],
            "at": _moments(posted[rows] + delays),
            "kind": kinds,
            "job_id": posts["job_id"].to_numpy()[rows],
            "freelancer_id": names[who],
            "value": np.where(kinds == "rated_freelancer", 4.0, np.nan),
        }
    )


def _texts(draw: np.random.Generator, count: int, length: int) -> list[str]:
    words = np.array([f"w{n}" for n in range(8_000)])
    ranks = np.minimum(draw.zipf(1.2, (count, length)) - 1, len(words) - 1)
    return [" ".join(one) for one in words[ranks]]


def _moments(instants: np.ndarray) -> pd.Series:
    return pd.Series(pd.to_datetime(instants, unit="us", utc=True))


def _grown(
    model: Model, engine: Engine, jobs_engine: JobsEngine, batch: News
) -> tuple[float, Engine, JobsEngine]:
    started = time.perf_counter()
    growth = grow(engine.snapshot, batch, vectors_of=engine.encoder.encode)
    grown, its = model.grown(engine, growth), jobs_engine.grown(growth)
    return time.perf_counter() - started, grown, its


def _ask(engine: Engine, number: int) -> float:
    record = engine.snapshot.jobs.records[-1 - number * 7]
    started = time.perf_counter()
    engine.match(engine.ask(record, as_of=engine.snapshot.history.last_at + 1, k=20))
    return time.perf_counter() - started


def _say(what: str, took: list[float]) -> None:
    some: Iterator[float] = (one * 1000 for one in sorted(took))
    low, *_, high = some
    print(f"{what}: {median(took) * 1000:.1f} ms (of {len(took)}: {low:.1f} to {high:.1f})")


if __name__ == "__main__":
    main()

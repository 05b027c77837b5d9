"""A small simulated market, quick choices of training, and comparisons bit for bit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.testing import assert_array_equal

from matcher.candidates import Matches
from matcher.domain import Job, instant_of
from matcher.engine import Engine
from matcher.marketplace import Marketplace, from_frames
from matcher.run import Run
from matcher.snapshot import Snapshot
from tests.fakes import FakeEncoder
from training.build import Trained, train

SETTINGS: dict[str, dict[str, object]] = {
    "retrieval": {"pool": 30},
    "ranker": {"rounds": 12, "patience": 6, "min_data_in_leaf": 10, "num_leaves": 7},
    "training": {"jobs": 120, "least_jobs": 20},
    "heads": {"jobs": 200, "rounds": 10},
}


def a_run(**sections: Mapping[str, object]) -> Run:
    """A run that trains in half a second; its pool is small, so that retrieval misses some."""
    names = {*SETTINGS, *sections}
    return Run.model_validate(
        {name: {**SETTINGS.get(name, {}), **sections.get(name, {})} for name in names}
    )


def a_training(market: Marketplace, *, run: Run | None = None, **options: object) -> Trained:
    return train(market, run=run or a_run(), encoder=FakeEncoder(), **options)


def with_frames(market: Marketplace, **frames: pd.DataFrame) -> Marketplace:
    """The same market with other tables."""
    tables = {name: getattr(market, name) for name in ("freelancers", "jobs", "events")}
    return from_frames(**{**tables, **frames})


def an_empty_market() -> Marketplace:
    return from_frames(
        freelancers=pd.DataFrame({"freelancer_id": [], "joined_at": []}),
        jobs=pd.DataFrame({"job_id": [], "posted_at": [], "title": []}),
        events=pd.DataFrame(
            {name: [] for name in ("event_id", "at", "kind", "job_id", "freelancer_id")}
        ),
    )


def an_engine(trained: Trained, market: Marketplace) -> Engine:
    """The trained model over a market, which may differ from the one it was trained on."""
    encoder = FakeEncoder()
    return trained.model.engine(Snapshot.of(market, encoder=encoder), encoder=encoder)


def answer(engine: Engine, job: Job, *, k: int = 25) -> Matches:
    """The list for a job as of its posting."""
    assert job.posted_at is not None
    return engine.match(engine.ask(job, as_of=instant_of(job.posted_at), k=k))


def assert_same_answer(one: Matches, other: Matches, engines: tuple[Engine, Engine]) -> None:
    """Same candidates, scores, probabilities, features, evidence and reasons, bit for bit."""
    ids = [
        [engine.snapshot.freelancers.ids[row] for row in matches.rows]
        for engine, matches in zip(engines, (one, other), strict=True)
    ]
    assert ids[0] == ids[1]
    assert_same_bits(one.scores, other.scores)
    assert_same_bits(one.p_hire, other.p_hire)
    assert one.factors.keys() == other.factors.keys()
    for name, column in one.factors.items():
        assert_same_bits(column, other.factors[name], name)
    for column, name in enumerate(engines[0].features.names):
        assert_same_bits(one.matrix[:, column], other.matrix[:, column], name)
    assert repr(one.top) == repr(other.top)


def assert_same_bits(one: np.ndarray, other: np.ndarray, what: str = "") -> None:
    assert one.dtype == other.dtype
    assert_array_equal(
        np.ascontiguousarray(one).view(np.uint8), np.ascontiguousarray(other).view(np.uint8), what
    )


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by relative path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differing(one: Path, other: Path) -> Iterable[str]:
    """Names of the files that are not the same bytes in both folders."""
    left, right = contents(one), contents(other)
    return [name for name in sorted({*left, *right}) if left.get(name) != right.get(name)]

"""Fixtures shared by every package's tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads starve a busy machine

from matcher.marketplace import Marketplace, from_frames
from matcher.retrieval.encoders import SentenceTransformerEncoder
from tests.fakes import FakeEncoder
from tests.small_market import a_training
from training.build import Trained
from training.simulate.market import SimulatedMarket, simulate


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEncoder:
    """The real default encoder; loading takes some five seconds, once a session."""
    encoder = SentenceTransformerEncoder()
    encoder.warm()
    return encoder


@pytest.fixture(scope="session")
def simulated() -> SimulatedMarket:
    """120 people and 300 jobs over two years, with their truth."""
    return simulate(freelancers=120, jobs=300, seed=5)


@pytest.fixture(scope="session")
def small_market(simulated: SimulatedMarket) -> Marketplace:
    """The same as a marketplace."""
    return from_frames(
        freelancers=simulated.freelancers, jobs=simulated.jobs, events=simulated.events
    )


@pytest.fixture(scope="session")
def trained(small_market: Marketplace) -> Trained:
    """Learned from the first nine tenths of the small market, with the fake encoder."""
    until = small_market.jobs["posted_at"].iloc[270].to_pydatetime()
    return a_training(small_market, until=until)


@pytest.fixture(scope="session")
def small_bundle(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of `trained`; read it, never change it."""
    path = tmp_path_factory.mktemp("bundles") / "small"
    trained.write(path, encoder=FakeEncoder())
    return path

"""One replay of the small market that its readers look at from many sides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from matcher.engine import Engine
from matcher.marketplace import Marketplace
from tests.small_market import an_engine
from training.build import Trained
from training.commands import judged
from training.evaluate import Replay, Span, replay, test_span
from training.labels import Labels
from training.oracle import oracle_of
from training.simulate.export import SimulatedMarket, write


@pytest.fixture(scope="session")
def market_directory(simulated: SimulatedMarket, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated market on disk, its truth beside it."""
    path = tmp_path_factory.mktemp("markets") / "simulated"
    write(simulated, path)
    return path


@pytest.fixture(scope="session")
def engine(trained: Trained, small_market: Marketplace) -> Engine:
    """Trained on nine tenths, over the whole market."""
    return an_engine(trained, small_market)


@pytest.fixture(scope="session")
def span(engine: Engine) -> Span:
    return test_span(engine.snapshot.jobs)


@pytest.fixture(scope="session")
def replayed(
    engine: Engine, span: Span, small_market: Marketplace, market_directory: Path
) -> Replay:
    labels = Labels.of(small_market.events, snapshot=engine.snapshot)
    oracle = oracle_of(market_directory, engine.snapshot)
    return replay(engine, span, labels=labels, oracle=oracle)


@pytest.fixture(scope="session")
def figures(
    engine: Engine,
    span: Span,
    trained: Trained,
    small_market: Marketplace,
    market_directory: Path,
) -> dict[str, Any]:
    """The report of that replay."""
    return judged(engine, small_market, market_directory, span, seed=7, model=trained.model)

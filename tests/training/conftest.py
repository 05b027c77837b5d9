"""One replay of the small market that its readers look at from many sides."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from matcher.domain import instant_of
from matcher.engine import Engine
from matcher.marketplace import Marketplace
from tests.bundles import sealed, with_manifest
from tests.commands import Matcher
from tests.fakes import FakeEncoder
from tests.small_market import a_run, a_training, an_engine
from tests.training.promotion_builders import (
    UNSEEN,
    World,
    half_trained,
    narrow,
    too_sure,
    turned_round,
    uncalibrated,
    with_model,
)
from training import promotion
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


@pytest.fixture(scope="session")
def made(
    small_market: Marketplace, market_directory: Path, tmp_path_factory: pytest.TempPathFactory
) -> World:
    """Never change it: every test works over a copy of its registry."""
    folder = tmp_path_factory.mktemp("promotion")
    trained = half_trained(small_market)
    later = small_market.jobs["posted_at"].iloc[UNSEEN + 60].to_pydatetime()
    bundles = {
        "champion": trained,
        "worse": with_model(trained, turned_round),
        "too-sure": with_model(trained, too_sure),
        "uncalibrated": with_model(trained, uncalibrated),
        "narrow": narrow(small_market),
        "all": a_training(small_market),
        "other": half_trained(small_market, run=a_run().model_copy(update={"name": "other"})),
    }
    for name, one in bundles.items():
        one.write(folder / name, encoder=FakeEncoder())
    for name in ("equal", "equal-2", "later"):
        shutil.copytree(folder / "champion", folder / name)
        (folder / name / "card.md").write_text(name, encoding="utf-8")
        sealed(folder / name)
    with_manifest(folder / "later", until=instant_of(later))
    shutil.copytree(market_directory, folder / "market")
    until = small_market.jobs["posted_at"].iloc[UNSEEN].to_pydatetime().isoformat()
    return World(folder=folder, until=until)


@pytest.fixture(scope="session")
def home_with_a_champion(made: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("homes") / "home"
    with pytest.MonkeyPatch.context() as world:
        world.setenv("MATCHER_HOME", str(home))
        world.delenv("MLFLOW_TRACKING_URI", raising=False)
        world.setattr(promotion, "default_encoder", FakeEncoder)
        world.setattr("training.duel.MOST_TIMED", 2)
        promotion.promote_bundle(
            made["champion"],
            market=made["market"],
            asked=promotion.Asked(),
            rules=promotion.Rules(latency_ratio=10),
            by="ana",
            why="the first",
            as_json=True,
        )
    return home


@pytest.fixture
def fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Matcher:
    """The command with a home where nothing is registered."""
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.setattr(promotion, "default_encoder", FakeEncoder)
    monkeypatch.setattr("training.duel.MOST_TIMED", 2)
    return Matcher(monkeypatch, capsys)


@pytest.fixture
def gate(fresh: Matcher, home_with_a_champion: Path, tmp_path: Path) -> Matcher:
    """The command with a home where `champion` is version 1 and champion."""
    mlflow = tmp_path / "home" / "mlflow"
    mlflow.mkdir(parents=True)
    for file in (home_with_a_champion / "mlflow").glob("*.db"):
        shutil.copy(file, mlflow)
    return fresh

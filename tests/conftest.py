"""Fixtures shared by every package's tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # spinning threads starve a busy machine

from matcher.marketplace import Marketplace, from_frames
from matcher.registry import publish
from matcher.retrieval.encoders import SentenceTransformerEncoder
from matcher.snapshot import Snapshot
from tests.bundles import sealed
from tests.commands import Matcher, a_run_file
from tests.fakes import FakeEncoder
from tests.small_market import a_run, a_training
from training.build import Trained, train
from training.simulate.export import SimulatedMarket, write
from training.simulate.parameters import Parameters
from training.simulate.recording import simulate


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEncoder:
    """The real default encoder; loading takes some five seconds, once a session."""
    encoder = SentenceTransformerEncoder()
    encoder.warm()
    return encoder


@pytest.fixture(scope="session")
def simulated() -> SimulatedMarket:
    """120 people and 300 jobs over two years, with their truth."""
    return simulate(Parameters(freelancers=120, jobs=300), seed=8)


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


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What the command's tests run on: made once, with the real encoder; never change it."""

    home: Path
    market: Path
    run: Path
    bundle: Path
    until: str


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """50 people and 110 jobs on disk, and a bundle of the first nine tenths."""
    folder = tmp_path_factory.mktemp("shop")
    market = simulate(Parameters(freelancers=50, jobs=110), seed=3)
    write(market, folder / "market")
    with pytest.MonkeyPatch.context() as world:
        world.setenv("MATCHER_HOME", str(folder / "home"))
        from matcher.retrieval.default import default_encoder

        encoder = default_encoder()
        until = market.jobs["posted_at"].sort_values().iloc[99].to_pydatetime()
        tables = from_frames(freelancers=market.freelancers, jobs=market.jobs, events=market.events)
        trained = train(tables, run=a_run(), encoder=encoder, until=until)
        trained.write(folder / "bundle", encoder=encoder)
        Snapshot.of(tables, encoder=encoder)  # every text of the market is in the cache from now on
    return Shop(
        home=folder / "home",
        market=folder / "market",
        run=a_run_file(folder / "run.toml"),
        bundle=folder / "bundle",
        until=until.isoformat(),
    )


@pytest.fixture
def matcher(
    shop: Shop,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Matcher]:
    """The command; afterwards the folder that it ran in is as empty as before."""
    here = tmp_path_factory.mktemp("cwd")
    monkeypatch.chdir(here)
    monkeypatch.setenv("MATCHER_HOME", str(shop.home))
    yield Matcher(monkeypatch, capsys)
    assert list(here.iterdir()) == []


@pytest.fixture(scope="session")
def published(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose registry holds four bundles that differ in a word of their card."""
    folder = tmp_path_factory.mktemp("registry")
    with pytest.MonkeyPatch.context() as world:
        world.setenv("MATCHER_HOME", str(folder / "home"))
        world.delenv("MLFLOW_TRACKING_URI", raising=False)
        for version in ("1", "2", "3", "4"):
            bundle = folder / version
            shutil.copytree(small_bundle, bundle)
            (bundle / "card.md").write_text(f"bundle {version}", encoding="utf-8")
            sealed(bundle)
            assert publish(bundle) == version
    return folder


@pytest.fixture
def home(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registry of its own, over the same artifacts: read those, never change them."""
    mlflow = tmp_path / "home" / "mlflow"
    mlflow.mkdir(parents=True)
    shutil.copy(published / "home" / "mlflow" / "mlflow.db", mlflow)
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path / "home"

"""The simulator's truth: only the oracle opens it, and nothing learns from it."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from matcher.marketplace import read_marketplace
from tests.fakes import FakeEncoder
from tests.small_market import a_training, an_engine, differing
from training.commands import judged
from training.oracle import oracle_of
from training.simulate.export import TRUTH_FILES

ROOT = Path(__file__).parents[2]


@pytest.fixture
def with_spoilt_truth(market_directory, tmp_path):
    """The same marketplace, but whoever opens its truth comes to grief."""
    path = Path(shutil.copytree(market_directory, tmp_path / "spoilt"))
    for name in TRUTH_FILES:
        (path / name).write_bytes(b"whoever reads this has cheated")
    return path


def test_the_oracle_orders_by_the_true_probability(
    market_directory, simulated, small_market, engine
):
    truth = simulated.truth.set_index(["job_id", "freelancer_id"])["p_hire"]
    oracle = oracle_of(market_directory, engine.snapshot)
    for job in engine.snapshot.jobs.records[-5:]:
        query = engine.ask(job, as_of=int(engine.snapshot.jobs.posted_at[-1]))
        people = [engine.snapshot.freelancers.ids[row] for row in oracle(query)]
        chances = [float(truth.get((job.job_id, one), 0.0)) for one in people]
        assert chances == sorted(chances, reverse=True)
        assert chances[0] == truth[job.job_id].max()


def test_without_its_truth_a_market_has_no_oracle(
    market_directory, tmp_path, engine, span, trained, small_market
):
    assert oracle_of(tmp_path, engine.snapshot) is None
    figures = judged(engine, small_market, tmp_path, span, seed=7, model=trained.model)
    assert "oracle" not in figures["systems"]
    assert "oracle" not in figures["ranker_minus"]


def test_whoever_opens_the_truth_comes_to_grief(with_spoilt_truth, engine):
    """The trap of the tests below does snap."""
    with pytest.raises(ValueError, match=r"[Pp]arquet"):
        oracle_of(with_spoilt_truth, engine.snapshot)


def test_reading_training_and_ranking_never_open_the_truth(
    with_spoilt_truth, small_bundle, small_market, tmp_path
):
    market = read_marketplace(with_spoilt_truth)
    until = small_market.jobs["posted_at"].iloc[270].to_pydatetime()
    trained = a_training(market, until=until)
    trained.write(tmp_path / "b", encoder=FakeEncoder())
    assert differing(small_bundle, tmp_path / "b") == []
    engine = an_engine(trained, market)
    query = engine.ask(engine.snapshot.jobs.records[-1], as_of=2**60)
    assert len(engine.match(query).top) == 10


def test_other_truth_changes_the_oracle_alone(
    figures, simulated, market_directory, tmp_path, engine, span, trained, small_market
):
    path = Path(shutil.copytree(market_directory, tmp_path / "other"))
    truth = simulated.truth.copy()
    truth["p_hire"] = (1 - truth["p_hire"]).astype(np.float32)
    truth.to_parquet(path / "truth.parquet", index=False)
    other = judged(engine, small_market, path, span, seed=7, model=trained.model)
    differ = {
        name for name in figures["systems"] if figures["systems"][name] != other["systems"][name]
    }
    assert differ == {"oracle"}


def test_only_the_oracle_and_the_simulator_name_the_truth():
    """Whoever writes the file is in `training/simulate`, whoever reads it in one place."""
    naming = set()
    for path in [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]:
        strings = (
            node.value
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        if any(text in TRUTH_FILES for text in strings):
            naming.add(path.relative_to(ROOT).as_posix())
    assert naming == {"training/oracle.py", "training/simulate/export.py"}


def test_only_the_evaluation_imports_the_oracle():
    importing = set()
    for path in [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "training.oracle":
                importing.add(path.relative_to(ROOT).as_posix())
    comparing = {"training/debiasing.py", "training/debias_command.py"}
    assert importing == {"training/commands.py", *comparing}


def test_the_truth_is_read_as_it_was_written(market_directory, simulated):
    written = pd.read_parquet(market_directory / "truth.parquet")
    assert written["p_hire"].tolist() == simulated.truth["p_hire"].tolist()


PACKAGES = ("matcher", "features", "training", "serving")

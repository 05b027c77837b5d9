"""A market on disk: the same bytes for the same seed, and whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from matcher.errors import OutputExistsError, UsageError
from matcher.marketplace import read_marketplace
from training.simulate.market import simulate, write

FILES = {"freelancers.parquet", "jobs.parquet", "events.parquet", "truth.parquet"}


def written(directory: Path, *, seed: int) -> dict[str, bytes]:
    write(simulate(freelancers=40, jobs=60, seed=seed), directory)
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    first, second = written(tmp_path / "a", seed=5), written(tmp_path / "b", seed=5)
    assert set(first) == FILES
    assert first == second


def test_another_seed_gives_another_market(tmp_path):
    first, second = written(tmp_path / "a", seed=5), written(tmp_path / "b", seed=6)
    assert all(first[name] != second[name] for name in FILES)


def test_what_was_written_reads_back(tmp_path):
    market = simulate(freelancers=40, jobs=60, seed=5)
    write(market, tmp_path / "deep" / "market")
    back = read_marketplace(tmp_path / "deep" / "market")
    truth = pd.read_parquet(tmp_path / "deep" / "market" / "truth.parquet")
    assert back.jobs["title"].tolist() == market.jobs["title"].tolist()
    assert back.events["at"].tolist() == market.events["at"].tolist()
    assert truth["job_id"].tolist() == market.truth["job_id"].tolist()
    assert truth["p_hire"].tolist() == market.truth["p_hire"].tolist()


def test_nothing_else_is_left_beside_it(tmp_path):
    write(simulate(freelancers=2, jobs=2), tmp_path / "market")
    write(simulate(freelancers=3, jobs=2), tmp_path / "market", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["market"]
    assert len(read_marketplace(tmp_path / "market").freelancers) >= 3


def test_an_existing_output_needs_force(tmp_path):
    (tmp_path / "market").mkdir()
    with pytest.raises(OutputExistsError, match="--force"):
        write(simulate(freelancers=1, jobs=1), tmp_path / "market")


def test_force_spares_what_is_no_marketplace(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "love.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(UsageError, match="no marketplace directory"):
        write(simulate(freelancers=1, jobs=1), tmp_path / "letters", force=True)
    assert (tmp_path / "letters" / "love.txt").exists()

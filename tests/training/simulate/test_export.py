"""A market on disk: the same bytes for the same seed, and whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from matcher.errors import OutputExistsError, UsageError
from matcher.marketplace import read_marketplace
from training.simulate.export import (
    SIGNUPS_FILE,
    TABLE_FILES,
    TRUTH_FILES,
    SimulatedMarket,
    check_output,
    write,
)
from training.simulate.parameters import Parameters
from training.simulate.recording import simulate

FILES = {*TABLE_FILES, *TRUTH_FILES, SIGNUPS_FILE}


def a_record(*, freelancers: int = 40, jobs: int = 60, seed: int = 5) -> SimulatedMarket:
    return simulate(Parameters(freelancers=freelancers, jobs=jobs), seed=seed)


def written(directory: Path, *, seed: int) -> dict[str, bytes]:
    write(a_record(seed=seed), directory)
    return {path.name: path.read_bytes() for path in directory.iterdir()}


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    first, second = written(tmp_path / "a", seed=5), written(tmp_path / "b", seed=5)
    assert set(first) == FILES
    assert first == second


def test_another_seed_gives_another_market(tmp_path):
    first, second = written(tmp_path / "a", seed=5), written(tmp_path / "b", seed=6)
    assert all(first[name] != second[name] for name in FILES)


def test_what_was_written_reads_back(tmp_path):
    market, directory = a_record(), tmp_path / "deep" / "market"
    write(market, directory)
    back, agencies = read_marketplace(directory), market.freelancers["agency_id"]
    assert back.jobs["title"].tolist() == market.jobs["title"].tolist()
    assert back.events["at"].tolist() == market.events["at"].tolist()
    assert back.freelancers["agency_id"].isna().tolist() == agencies.isna().tolist()
    assert back.freelancers["agency_id"].dropna().tolist() == agencies.dropna().tolist()


@pytest.mark.parametrize(
    ("file", "attribute"),
    [
        *zip(TRUTH_FILES, ("truth", "truth_jobs", "truth_freelancers"), strict=True),
        (SIGNUPS_FILE, "signups"),
    ],
)
def test_the_truth_and_the_signups_read_back(tmp_path, file, attribute):
    market = a_record()
    write(market, tmp_path / "market")
    frame, back = getattr(market, attribute), pd.read_parquet(tmp_path / "market" / file)
    assert len(frame) > 0
    assert back.columns.tolist() == frame.columns.tolist()
    for name in frame.columns:
        assert back[name].astype("str").tolist() == frame[name].astype("str").tolist()


def test_nothing_else_is_left_beside_it(tmp_path):
    write(a_record(freelancers=2, jobs=2), tmp_path / "market")
    write(a_record(freelancers=3, jobs=2), tmp_path / "market", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["market"]
    assert read_marketplace(tmp_path / "market").freelancers["freelancer_id"].nunique() == 3


def test_an_existing_output_needs_force(tmp_path):
    (tmp_path / "market").mkdir()
    with pytest.raises(OutputExistsError, match="--force"):
        write(a_record(freelancers=1, jobs=1), tmp_path / "market")


def test_force_spares_what_is_no_simulated_market(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "love.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(UsageError, match=r"is no simulated market, for it holds 'love\.txt'"):
        write(a_record(freelancers=1, jobs=1), tmp_path / "letters", force=True)
    assert (tmp_path / "letters" / "love.txt").exists()


def test_force_spares_a_market_that_was_not_simulated(tmp_path):
    directory = tmp_path / "market"
    write(a_record(freelancers=1, jobs=1), directory)
    for name in TRUTH_FILES:
        (directory / name).unlink()
    with pytest.raises(UsageError, match=r"has no 'truth\.parquet', 'truth_freelancers\.parquet'"):
        check_output(directory, force=True)
    (directory / SIGNUPS_FILE).unlink()
    with pytest.raises(UsageError, match=r"has no 'signups\.parquet'.* and 1 more"):
        check_output(directory, force=True)
    assert {path.name for path in directory.iterdir()} == set(TABLE_FILES)


def test_force_spares_a_simulated_market_that_somebody_put_something_into(tmp_path):
    directory = tmp_path / "market"
    write(a_record(freelancers=1, jobs=1), directory)
    (directory / "notes").mkdir()
    (directory / "thesis.txt").write_text("three years", encoding="utf-8")
    with pytest.raises(UsageError, match=r"for it holds 'notes', 'thesis\.txt'; it will not be"):
        write(a_record(freelancers=2, jobs=1), directory, force=True)
    assert (directory / "thesis.txt").exists()


def unwritable() -> SimulatedMarket:
    """A market whose last file cannot be written, the others being fine."""
    return replace(a_record(), signups=pd.DataFrame({"signup_id": [1, "one", object()]}))


def test_a_failure_halfway_leaves_nothing(tmp_path):
    with pytest.raises(pa.ArrowException, match="signup_id"):
        write(unwritable(), tmp_path / "market")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_halfway_leaves_the_old_market_as_it_was(tmp_path):
    before = written(tmp_path / "market", seed=5)
    with pytest.raises(pa.ArrowException, match="signup_id"):
        write(unwritable(), tmp_path / "market", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["market"]
    assert {path.name: path.read_bytes() for path in (tmp_path / "market").iterdir()} == before


def test_an_empty_market_is_written_too(tmp_path):
    write(a_record(freelancers=0, jobs=0), tmp_path / "market")
    assert {path.name for path in (tmp_path / "market").iterdir()} == FILES
    assert len(read_marketplace(tmp_path / "market").events) == 0

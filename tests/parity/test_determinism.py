"""Same seed, same data, same machine: the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.marketplace import write_marketplace
from tests.fakes import FakeEncoder
from tests.small_market import a_training, differing

ROOT = Path(__file__).parents[2]
TRAIN = """
import sys
from pathlib import Path
from matcher.marketplace import read_marketplace
from tests.fakes import FakeEncoder
from tests.small_market import a_training

market = read_marketplace(Path(sys.argv[1]))
until = market.jobs["posted_at"].iloc[270].to_pydatetime()
a_training(market, until=until).write(Path(sys.argv[2]), encoder=FakeEncoder())
"""


@pytest.mark.slow
def test_two_processes_write_the_same_bytes(small_market, small_bundle, tmp_path):
    """With other hash seeds and other threads at work; also the same as in this process."""
    write_marketplace(small_market, tmp_path / "market")
    for seed, threads in (("0", "1"), ("4711", "2")):
        ran = subprocess.run(
            [sys.executable, "-c", TRAIN, str(tmp_path / "market"), str(tmp_path / seed)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": threads},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert differing(small_bundle, tmp_path / seed) == []


def test_the_order_of_rows_in_a_table_changes_no_byte(small_market, small_bundle, tmp_path):
    from tests.small_market import with_frames

    tables = {
        name: getattr(small_market, name).sample(frac=1, random_state=3)
        for name in ("freelancers", "jobs", "events")
    }
    until = small_market.jobs["posted_at"].iloc[270].to_pydatetime()
    shuffled = a_training(with_frames(small_market, **tables), until=until)
    shuffled.write(tmp_path / "b", encoder=FakeEncoder())
    assert differing(small_bundle, tmp_path / "b") == []


def test_another_seed_grows_other_trees(small_market, trained):
    other = a_training(small_market, until=trained.until, seed=8)
    assert other.model.ranker.text != trained.model.ranker.text

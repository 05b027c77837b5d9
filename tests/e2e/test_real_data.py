"""On real hires, learning beats counting. Skipped where the data sets are not at hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from matcher.marketplace import Marketplace, from_frames
from matcher.retrieval.cache import CachedEncoder
from matcher.run import Run
from matcher.snapshot import Snapshot
from training.build import train
from training.commands import judged
from training.evaluate import test_span

test_span.__test__ = False

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "streaming-platform"
JOBS = 1_500
RUN = Run.model_validate(
    {
        "ranker": {"rounds": 80, "patience": 40, "learning_rate": 0.1, "num_leaves": 15},
        "training": {"jobs": 450},
    }
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.e2e,
    pytest.mark.skipif(not DATA.is_dir(), reason="the data sets are not at ../shared/data"),
]


@pytest.fixture(scope="module")
def market() -> Marketplace:
    """The last jobs of the streaming platform, with everybody hired for them."""
    tables = {path.stem: pd.read_parquet(path) for path in DATA.glob("*.parquet")}
    jobs = tables["jobs"].sort_values(["posted_at", "job_id"]).tail(JOBS)
    events = tables["events"][tables["events"]["job_id"].isin(jobs["job_id"])]
    people = tables["freelancers"]
    known = people[people["freelancer_id"].isin(events["freelancer_id"])]
    return from_frames(freelancers=known, jobs=jobs, events=events)


def test_the_ranker_beats_popularity_on_real_hires(market, minilm, tmp_path):
    encoder = CachedEncoder(minilm, tmp_path / "vectors.sqlite")
    snapshot = Snapshot.of(market, encoder=encoder)
    span = test_span(snapshot.jobs)
    until = snapshot.jobs.records[span.jobs[0]].posted_at
    trained = train(market, run=RUN, encoder=encoder, until=until)
    engine = trained.model.engine(snapshot, encoder=encoder)
    figures = judged(engine, market, tmp_path, span, seed=7, model=trained.model)

    systems = figures["systems"]
    assert figures["test"]["jobs"] == JOBS // 10
    assert systems["ranker"]["n_jobs"] > 50
    assert systems["popularity"]["ndcg@10"] > systems["random"]["ndcg@10"]
    low, _ = figures["ranker_minus"]["popularity"]["ci"]
    assert low > 0, figures["ranker_minus"]["popularity"]
    assert figures["ranker_minus"]["random"]["ci"][0] > 0
    assert encoder.encoded == len(set(snapshot.jobs.texts)) + 1, "a text was encoded twice"

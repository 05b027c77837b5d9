"""The replay of the other direction, on a simulated market and on one that hires at once."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from matcher.domain import moment_of
from matcher.marketplace import Marketplace
from matcher.ranking.gbdt import GbdtRanker
from matcher.snapshot import Snapshot
from tests.fakes import FakeEncoder
from tests.small_market import a_run, a_training, with_frames
from training.evaluate import Span, test_span
from training.jobs_evaluate import replay_jobs
from training.jobs_report import jobs_report
from training.tables import print_jobs_report

test_span.__test__ = False


@pytest.fixture(scope="module")
def hiring_at_once(small_market: Marketplace) -> Marketplace:
    """The same, but that every hire is known with the posting, as in the real data sets."""
    hired = small_market.events[small_market.events["kind"] == "hired"]
    posted = small_market.jobs.set_index("job_id")["posted_at"]
    return with_frames(small_market, events=hired.assign(at=hired["job_id"].map(posted)))


@pytest.fixture(scope="module", params=["waiting", "at once"])
def replayed(request, small_market, hiring_at_once):
    market = small_market if request.param == "waiting" else hiring_at_once
    snapshot = Snapshot.of(market, encoder=FakeEncoder())
    span = test_span(snapshot.jobs, test_share=0.5)
    trained = a_training(
        market,
        run=a_run(training={"least_jobs": 5, "lists": 300}),
        until=moment_of(span.test_from),
        directions=["jobs"],
    )
    assert isinstance(trained.model.jobs_ranker, GbdtRanker)
    engine = trained.model.jobs_engine(snapshot)
    return engine, span, replay_jobs(engine, span)


def test_every_system_orders_the_very_same_pool(replayed):
    _, _, answers = replayed
    assert set(answers.lists) == {"random", "popularity", "bm25", "dense", "hybrid", "ranker"}
    for name in answers.relevant:
        pools = [sorted(lists[name]) for lists in answers.lists.values()]
        if len(pools[0]) < 40:  # the ranker's own pool is cut at 40 here
            assert all(pool == pools[0] for pool in pools)


def test_what_is_relevant_was_taken_after_the_instant_and_was_to_be_had(replayed):
    engine, span, answers = replayed
    assert answers.relevant
    hires = engine.snapshot.history.engagements
    for name, jobs in answers.relevant.items():
        who, as_of = name.rsplit(" ", 1)
        row = engine.snapshot.freelancers.rows[who]
        assert int(as_of) >= span.test_from
        for job in jobs:
            place = engine.snapshot.jobs.rows[job]
            mine = (hires.job == place) & (hires.freelancer == row)
            assert (hires.at[mine] >= int(as_of)).all()
            assert mine.any()


def test_the_report_can_be_written_and_printed(replayed, capsys):
    _, span, answers = replayed
    figures = jobs_report(answers, span=span, about={"seed": 7})
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
    assert figures["direction"] == "jobs"
    one = figures["systems"]["ranker"]
    assert one["n_lists"] == len(answers.relevant)
    low, high = one["ndcg@10_ci"]
    assert low <= one["ndcg@10"] <= high
    apart = one["ndcg@10"] - figures["systems"]["bm25"]["ndcg@10"]
    assert figures["ranker_minus"]["bm25"]["ndcg@10"] == pytest.approx(apart)
    print_jobs_report(figures)
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("ranker ") for line in lines)
    assert max(map(len, lines)) <= 80


def test_a_sample_is_that_many_lists_of_the_same(replayed):
    engine, span, answers = replayed
    sampled = replay_jobs(engine, span, sample=2)
    assert len(sampled.relevant) == 2
    assert sampled.relevant.items() <= answers.relevant.items()


def test_learning_lifts_the_list_above_chance(replayed):
    _, span, answers = replayed
    figures = jobs_report(answers, span=span, about={})
    assert figures["ranker_minus"]["random"]["ci"][0] > 0


def test_nothing_to_replay_is_a_report_of_nothing(small_market):
    later = with_frames(small_market, events=small_market.events.iloc[:0])
    trained = a_training(later, directions=["jobs"])
    assert trained.model.jobs_ranker is None
    engine = trained.model.jobs_engine(trained.snapshot)
    span = Span(jobs=np.array([0]), test_from=int(engine.snapshot.jobs.posted_at[0]))
    figures = jobs_report(replay_jobs(engine, span), span=span, about={})
    assert figures["test"]["lists"] == 0
    assert figures["systems"]["ranker"]["ndcg@10_ci"] is None
    print_jobs_report(figures)


def test_the_same_training_orders_jobs_by_the_same_trees(small_market):
    until = small_market.jobs["posted_at"].iloc[200].to_pydatetime()
    texts = [
        a_training(small_market, until=until, directions=["jobs"]).model.jobs_ranker.text
        for _ in range(2)
    ]
    assert texts[0] == texts[1]
    shuffled = small_market.events.sample(frac=1, random_state=1)
    again = a_training(
        with_frames(small_market, events=pd.DataFrame(shuffled)), until=until, directions=["jobs"]
    )
    assert again.model.jobs_ranker.text == texts[0]

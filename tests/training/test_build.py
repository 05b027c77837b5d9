"""From a marketplace to a model: what is learned from, and what is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from features import FEATURES
from matcher.domain import instant_of
from matcher.errors import UsageError
from matcher.ranking.baseline import WeightedSum
from matcher.ranking.calibration import Isotonic, Untrained
from matcher.ranking.gbdt import GbdtRanker
from tests.fakes import FakeEncoder
from tests.small_market import a_run, a_training, an_empty_market, an_engine, answer, with_frames
from training.labels import HIRED_GRADE, Labels
from training.pairs import draw, learnable


@pytest.fixture(scope="module")
def drawn(trained):
    engine = an_engine(trained, trained.marketplace)
    labels = Labels.of(trained.marketplace.events, snapshot=engine.snapshot)
    jobs = learnable(engine, labels=labels, limit=60)
    return engine, labels, draw(engine, jobs, labels=labels)


def test_a_market_with_a_past_trains_a_ranker_and_calibrates_it(trained):
    assert isinstance(trained.model.ranker, GbdtRanker)
    assert isinstance(trained.model.calibrator, Isotonic)


def test_the_slices_add_up_to_what_was_drawn(trained):
    figures = trained.figures
    parts = ("train_lists", "valid_lists", "calibration_lists")
    assert sum(figures[part] for part in parts) == figures["lists"]
    assert figures["lists"] <= a_run().training.jobs
    assert 0 < figures["trees"] <= a_run().ranker.rounds


def test_nothing_at_or_after_until_is_kept(trained):
    marketplace = trained.marketplace
    assert (marketplace.events["at"] < trained.until).all()
    assert (marketplace.jobs["posted_at"] < trained.until).all()
    assert (marketplace.freelancers["joined_at"] < trained.until).all()
    assert (marketplace.freelancers["valid_from"] < trained.until).all()
    assert trained.snapshot.history.last_at < instant_of(trained.until)


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (("quantum",), r"\['quantum'\]: no family of features is called 'quantum'"),
        (tuple({FEATURES.family(name) for name in FEATURES.names}), "leave one in"),
    ],
)
def test_what_cannot_be_left_out_is_refused_before_a_list_is_drawn(
    small_market, monkeypatch, left_out, said
):
    def drawn(*_: object, **__: object) -> None:
        raise AssertionError("a list was drawn")

    monkeypatch.setattr("training.build.draw", drawn)
    with pytest.raises(UsageError, match=said):
        a_training(small_market, run=a_run(ranker={"leave_out": left_out}))


def test_without_until_everything_counts(small_market):
    trained = a_training(small_market)
    assert len(trained.marketplace.events) == len(small_market.events)
    assert trained.until is None


def test_until_the_last_event_counts_all_but_that_one(small_market):
    last = small_market.events["at"].max().to_pydatetime()
    trained = a_training(small_market, until=last)
    assert len(trained.marketplace.events) == (small_market.events["at"] < last).sum()


def test_a_list_holds_everybody_hired_from_its_pool(drawn):
    engine, labels, lists = drawn
    for place, job in enumerate(lists.jobs):
        part = lists.part(place, place + 1)
        joined = engine.snapshot.freelancers.joined_at < engine.snapshot.jobs.posted_at[job]
        hired = labels.hired(int(job))
        assert set(hired[joined[hired]]) == set(part.rows[part.grades >= HIRED_GRADE])


def test_those_whom_retrieval_missed_follow_the_others_and_are_marked(drawn):
    _, _, lists = drawn
    missed = ~lists.retrieved
    assert missed.any()
    assert (lists.grades[missed] >= HIRED_GRADE).all()
    fused = lists.matrix[:, FEATURES.names.index("fused_score")]
    assert np.isfinite(fused).all(), "nothing but its score may tell a missed hire from the rest"


def test_lists_come_in_order_of_time_and_the_latest_are_taken(drawn):
    engine, labels, lists = drawn
    assert (np.diff(lists.jobs) > 0).all()
    fewer = learnable(engine, labels=labels, limit=10)
    assert fewer == lists.jobs[-10:].tolist()


def test_nobody_who_joined_at_the_posting_or_later_is_on_a_list(drawn):
    engine, _, lists = drawn
    posted = np.repeat(engine.snapshot.jobs.posted_at[lists.jobs], lists.sizes)
    assert (engine.snapshot.freelancers.joined_at[lists.rows] < posted).all()


@pytest.mark.parametrize("fewest", [1_000])
def test_with_too_little_to_learn_from_a_weighted_sum_serves(small_market, fewest):
    trained = a_training(small_market, run=a_run(training={"least_jobs": fewest}))
    assert isinstance(trained.model.ranker, WeightedSum)
    assert isinstance(trained.model.calibrator, Untrained)
    engine = an_engine(trained, small_market)
    matches = answer(engine, engine.snapshot.jobs.records[-1], k=5)
    assert len(matches.top) == 5
    assert all(match.p_hire is None for match in matches.top)


def test_probabilities_are_shares_and_never_fall_with_the_score(small_market, trained):
    engine = an_engine(trained, small_market)
    matches = answer(engine, engine.snapshot.jobs.records[-1])
    assert ((matches.p_hire >= 0) & (matches.p_hire <= 1)).all()
    assert (np.diff(matches.p_hire) <= 0).all()
    assert (np.diff(matches.scores) <= 0).all()


def test_a_run_file_changes_what_is_trained(small_market):
    shallow = a_training(small_market, run=a_run(ranker={"num_leaves": 2}))
    assert "num_leaves=2\n" in shallow.model.ranker.text
    assert "num_leaves=3\n" not in shallow.model.ranker.text


def test_the_card_says_what_was_learned_from(trained, small_bundle):
    card = (small_bundle / "card.md").read_text(encoding="utf-8")
    assert trained.until.isoformat() in card
    assert f"{len(trained.marketplace.jobs):,}" in card
    assert "A LambdaRank model of boosted trees." in card


def test_a_market_without_events_trains(small_market, tmp_path):
    trained = a_training(with_frames(small_market, events=small_market.events.iloc[:0]))
    trained.write(tmp_path / "b", encoder=FakeEncoder())
    assert isinstance(trained.model.ranker, WeightedSum)
    figures = {"lists": 0, "pairs": 0, "jobs_lists": 0, "jobs_pairs": 0}
    assert trained.figures == figures


def test_an_empty_market_trains(tmp_path):
    trained = a_training(an_empty_market())
    trained.write(tmp_path / "b", encoder=FakeEncoder())
    assert "| jobs | 0 |" in (tmp_path / "b" / "card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("hires", [1, 2, 3, 5])
def test_a_handful_of_hires_trains_whatever_is_asked(small_market, hires):
    """Slices may come out empty: the result still ranks."""
    events = small_market.events
    kept = events[events["kind"] == "hired"].iloc[-hires:]
    run = a_run(training={"least_jobs": 1})
    trained = a_training(with_frames(small_market, events=kept), run=run)
    engine = an_engine(trained, small_market)
    assert len(answer(engine, engine.snapshot.jobs.records[-1], k=5).top) == 5

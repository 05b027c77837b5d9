"""What training learns from is what serving computes, bit for bit."""

from __future__ import annotations

import numpy as np

from features import FEATURES
from matcher.bundle import Bundle
from matcher.domain import instant_of
from matcher.ranking.gbdt import GbdtRanker
from tests.fakes import FakeEncoder
from tests.small_market import a_training, an_engine, answer, assert_same_answer, assert_same_bits
from training.labels import Labels
from training.pairs import draw, learnable


def test_the_rows_that_training_draws_are_the_rows_that_serving_computes(small_bundle, trained):
    """Those hired whom retrieval missed are left out: serving never sees them."""
    encoder = FakeEncoder()
    labels = Labels.of(trained.marketplace.events, snapshot=trained.snapshot)
    offline = trained.model.engine(trained.snapshot, encoder=encoder)
    jobs = learnable(offline, labels=labels, limit=100)
    drawn = draw(offline, jobs, labels=labels)

    served = Bundle.open(small_bundle, features=FEATURES).engine(encoder=encoder)
    for place, job in enumerate(jobs):
        part = drawn.part(place, place + 1)
        record = served.snapshot.jobs.records[job]
        matches = answer(served, record)
        order = np.argsort(matches.rows)
        learned = part.rows[part.retrieved]
        assert learned[np.argsort(learned)].tolist() == matches.rows[order].tolist()
        rows = part.matrix[part.retrieved][np.argsort(learned)]
        for column, name in enumerate(FEATURES.names):
            assert_same_bits(rows[:, column], matches.matrix[order, column], name)
    assert not drawn.retrieved.all(), "nobody was missed, so nothing was proven about them"


def test_an_opened_bundle_answers_as_the_model_that_was_written(small_bundle, trained):
    opened = Bundle.open(small_bundle, features=FEATURES).engine(encoder=FakeEncoder())
    written = an_engine(trained, trained.marketplace)
    assert isinstance(opened.ranker, GbdtRanker)
    for job in written.snapshot.jobs.records[-5:]:
        engines = written, opened
        assert_same_answer(*(answer(engine, job) for engine in engines), engines)


def test_a_job_the_bundle_does_not_hold_is_answered_as_one_that_it_holds(small_market, trained):
    """History rolls on: a job of the directory, and the same as a brief, are one question."""
    engine = an_engine(trained, small_market)
    posted = engine.snapshot.jobs.records[280]
    brief = type(posted)(
        **{
            name: getattr(posted, name)
            for name in type(posted).__dataclass_fields__
            if name != "job_id"
        }
    )
    assert_same_answer(answer(engine, posted), answer(engine, brief), (engine, engine))


def test_the_length_of_a_list_changes_no_score_on_it(small_market, trained):
    engine = an_engine(trained, small_market)
    job = engine.snapshot.jobs.records[-1]
    short, long = answer(engine, job, k=3), answer(engine, job, k=40)
    assert [match.score for match in short.top] == [match.score for match in long.top[:3]]


def test_a_text_encoded_alone_is_the_text_encoded_in_company(minilm, small_market):
    """Encoders are not reproducible to the bit across batches: .9999 is what is promised."""
    titles = small_market.jobs["title"] + "\n" + small_market.jobs["description"].fillna("")
    texts = list(titles[:24])
    together = minilm.encode(texts)
    alone = np.concatenate([minilm.encode([text]) for text in texts])
    assert ((together * alone).sum(axis=1) >= 0.9999).all()


def test_an_answer_depends_on_the_instant_asked_for(small_market):
    """The proof above is worth something: what lies before the instant does count."""
    trained = a_training(small_market)
    engine = an_engine(trained, small_market)
    job = engine.snapshot.jobs.records[-1]
    now = instant_of(job.posted_at)
    later = engine.match(engine.ask(job, as_of=now, k=10))
    earlier = engine.match(engine.ask(job, as_of=int(engine.snapshot.jobs.posted_at[150]), k=10))
    assert not np.array_equal(later.scores[:10], earlier.scores[:10])

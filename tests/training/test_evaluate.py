"""The replay: which jobs, who counts, what every rung of the ladder answers."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from matcher.domain import instant_of, moment_of
from matcher.errors import UsageError
from matcher.roster import Jobs
from tests.small_market import an_empty_market, an_engine, with_frames
from training.evaluate import replay, test_span
from training.labels import Labels
from training.metrics import DEPTH

test_span.__test__ = False  # a function of the product, not a test

LADDER = {
    "random",
    "popularity",
    "recent_popularity",
    "bm25",
    "dense",
    "bm25_memory",
    "dense_memory",
    "hybrid",
    "ranker",
}


def jobs_of(market, size: int) -> Jobs:
    return Jobs.of(market.jobs.iloc[:size])


@pytest.mark.parametrize(
    ("size", "share", "expected"),
    [
        (300, 0.1, 30),
        (299, 0.1, 30),
        (291, 0.1, 30),
        (290, 0.1, 29),
        (30, 0.1, 3),  # 0.1 * 30 is above 3 in floating point
        (3, 0.1, 1),
        (1, 0.1, 1),
        (7, 1.0, 7),
        (50, 0.001, 1),
    ],
)
def test_the_span_is_the_last_share_rounded_up(small_market, size, share, expected):
    span = test_span(jobs_of(small_market, size), test_share=share)
    assert span.jobs.tolist() == list(range(size - expected, size))


def test_jobs_posted_together_are_taken_in_the_order_of_their_ids(small_market):
    jobs = small_market.jobs.iloc[:10].copy()
    jobs["posted_at"] = jobs["posted_at"].iloc[0]
    span = test_span(Jobs.of(jobs.sample(frac=1, random_state=0)), test_share=0.3)
    ordered = Jobs.of(jobs)
    ids = [ordered.records[row].job_id for row in span.jobs]
    assert ids == sorted(jobs["job_id"])[-3:]


def test_the_span_may_start_at_an_instant_which_counts(small_market):
    jobs = Jobs.of(small_market.jobs)
    start = moment_of(int(jobs.posted_at[250]))
    assert test_span(jobs, test_from=start).jobs[0] == 250
    later = test_span(jobs, test_from=start + timedelta(microseconds=1))
    assert later.jobs[0] == 251
    assert later.test_from == int(jobs.posted_at[251])


@pytest.mark.parametrize("share", [0, -0.1, 1.1, float("nan")])
def test_a_share_beyond_its_range_is_refused(small_market, share):
    with pytest.raises(UsageError, match="give a share above 0 and at most 1"):
        test_span(Jobs.of(small_market.jobs), test_share=share)


def test_a_span_without_jobs_is_refused(small_market):
    after = small_market.jobs["posted_at"].max().to_pydatetime() + timedelta(days=1)
    with pytest.raises(UsageError, match="no job is left to test on, of 300"):
        test_span(Jobs.of(small_market.jobs), test_from=after)


def test_an_empty_market_has_nothing_to_test_on():
    with pytest.raises(UsageError, match="no job is left to test on, of 0"):
        test_span(Jobs.of(an_empty_market().jobs))


def test_a_sample_is_drawn_from_the_span_and_always_the_same(small_market):
    jobs = Jobs.of(small_market.jobs)
    whole = test_span(jobs)
    one, other = test_span(jobs, sample=7), test_span(jobs, sample=7)
    assert one.jobs.tolist() == other.jobs.tolist() == sorted(set(one.jobs))
    assert len(one.jobs) == 7
    assert set(one.jobs) <= set(whole.jobs)
    assert one.test_from == whole.test_from


def test_a_sample_larger_than_the_span_is_the_span(small_market):
    jobs = Jobs.of(small_market.jobs)
    assert test_span(jobs, sample=10_000).jobs.tolist() == test_span(jobs).jobs.tolist()


def test_every_rung_answers_every_job_that_counts(replayed):
    assert set(replayed.lists) == LADDER | {"oracle"}
    for lists in replayed.lists.values():
        assert tuple(lists) == replayed.job_ids


def test_every_job_counts_or_is_counted_as_left_out(replayed, span):
    assert len(replayed.job_ids) + replayed.left_out == len(span.jobs)
    assert replayed.left_out > 0


def test_only_people_hired_from_the_pool_are_relevant(replayed, small_market):
    hires = small_market.events[small_market.events["kind"] == "hired"]
    joined = small_market.freelancers.groupby("freelancer_id")["joined_at"].min()
    posted = small_market.jobs.set_index("job_id")["posted_at"]
    counted = set(replayed.job_ids)
    for job in small_market.jobs["job_id"].iloc[270:]:
        hired = set(hires[hires["job_id"] == job]["freelancer_id"])
        in_pool = {one for one in hired if joined[one] < posted[job]}
        assert set(replayed.relevant.get(job, ())) == in_pool
        assert (job in counted) == bool(in_pool)


def test_no_list_holds_anybody_twice_or_anybody_who_had_not_joined(replayed, small_market):
    joined = small_market.freelancers.groupby("freelancer_id")["joined_at"].min()
    posted = small_market.jobs.set_index("job_id")["posted_at"]
    for name, lists in replayed.lists.items():
        for job, people in lists.items():
            assert len(set(people)) == len(people) <= DEPTH, name
            assert all(joined[one] < posted[job] for one in people), name


def test_the_ranker_orders_the_very_pool_of_the_hybrid(replayed, engine):
    """A test market's pool is smaller than the depth, so the two lists hold the same people."""
    for job in replayed.job_ids:
        assert set(replayed.lists["ranker"][job]) == set(replayed.lists["hybrid"][job])
    assert any(
        replayed.lists["ranker"][job] != replayed.lists["hybrid"][job] for job in replayed.job_ids
    )


def test_a_replay_can_be_repeated(replayed, engine, span, small_market):
    labels = Labels.of(small_market.events, snapshot=engine.snapshot)
    again = replay(engine, span, labels=labels)
    for name in LADDER:
        assert again.lists[name] == replayed.lists[name]
    assert np.array_equal(again.predicted, replayed.predicted)


def test_another_seed_changes_chance_alone(replayed, engine, span, small_market):
    labels = Labels.of(small_market.events, snapshot=engine.snapshot)
    other = replay(engine, span, labels=labels, seed=1)
    differing = {name for name in LADDER if other.lists[name] != replayed.lists[name]}
    assert differing == {"random"}


def test_a_sampled_job_is_answered_as_in_the_whole_replay(replayed, engine, small_market):
    """History rolls on with time, not with the jobs that happen to be replayed."""
    labels = Labels.of(small_market.events, snapshot=engine.snapshot)
    sampled = replay(engine, test_span(engine.snapshot.jobs, sample=12), labels=labels)
    assert sampled.job_ids
    for name in LADDER - {"random"}:
        for job in sampled.job_ids:
            assert sampled.lists[name][job] == replayed.lists[name][job], name


@pytest.mark.parametrize("name", sorted(LADDER - {"random"}))
def test_no_rung_sees_what_came_after_the_job(name, trained, small_market, replayed):
    """Everything from the last counted job on is taken away: its lists stay."""
    last = replayed.job_ids[-1]
    row = small_market.jobs.index[small_market.jobs["job_id"] == last][0]
    cut = small_market.jobs["posted_at"][row]
    kept = small_market.events[
        (small_market.events["at"] < cut)
        | ((small_market.events["job_id"] == last) & (small_market.events["kind"] == "hired"))
    ]
    engine = an_engine(trained, with_frames(small_market, events=kept))
    labels = Labels.of(small_market.events, snapshot=engine.snapshot)
    again = replay(engine, test_span(engine.snapshot.jobs), labels=labels)
    assert again.lists[name][last] == replayed.lists[name][last]


def test_popularity_orders_by_hires_before_the_job(replayed, small_market):
    job = replayed.job_ids[-1]
    posted = small_market.jobs.set_index("job_id")["posted_at"][job]
    events = small_market.events
    before = events[(events["kind"] == "hired") & (events["at"] < posted)]
    counts = before["freelancer_id"].value_counts()
    hires = [counts.get(one, 0) for one in replayed.lists["popularity"][job]]
    assert hires == sorted(hires, reverse=True)
    assert hires[0] == counts.max()


def test_probabilities_are_recorded_with_what_happened(replayed):
    assert len(replayed.predicted) == len(replayed.happened)
    hired = sum(len(people) for people in replayed.relevant.values())
    assert replayed.happened.sum() == round(replayed.pool_recall * hired)


def test_the_experience_of_those_hired_is_counted_before_the_job(replayed, small_market):
    events = small_market.events[small_market.events["kind"] == "hired"]
    posted = small_market.jobs.set_index("job_id")["posted_at"]
    for job in replayed.job_ids:
        before = events[events["at"] < posted[job]]["freelancer_id"].value_counts()
        expected = [before.get(one, 0) for one in replayed.relevant[job]]
        assert replayed.experience[job] == expected


def test_a_span_in_which_nobody_was_hired_is_an_empty_replay(trained, small_market):
    cut = small_market.jobs["posted_at"].iloc[270]
    kept = small_market.events[small_market.events["at"] < cut]
    kept = kept[kept["job_id"].isin(set(small_market.jobs["job_id"][:270]))]
    engine = an_engine(trained, with_frames(small_market, events=kept))
    labels = Labels.of(kept, snapshot=engine.snapshot)
    empty = replay(engine, test_span(engine.snapshot.jobs), labels=labels)
    assert empty.job_ids == ()
    assert empty.left_out == 30
    assert instant_of(cut.to_pydatetime()) == test_span(engine.snapshot.jobs).test_from

"""A snapshot that has grown answers as one made anew, to the bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import numpy as np
import pandas as pd
import pytest

from matcher.domain import instant_of
from matcher.engine import Engine
from matcher.growth import Growth, News, grow
from matcher.jobs.engine import JobsEngine
from matcher.marketplace import Marketplace
from matcher.outgrown import Outgrown
from matcher.roster import Freelancers, Jobs
from matcher.snapshot import Snapshot
from tests.fakes import FakeEncoder
from tests.small_market import assert_same_answer, assert_same_bits, with_frames
from training.build import Trained

ENCODER = FakeEncoder()
SECOND = timedelta(seconds=1)


class Growing:
    """An engine for each direction that takes in news."""

    def __init__(self, trained: Trained, market: Marketplace) -> None:
        self._model = trained.model
        snapshot = Snapshot.of(market, encoder=ENCODER)
        self.engine = self._model.engine(snapshot, encoder=ENCODER)
        self.jobs_engine = self._model.jobs_engine(snapshot)

    def take(self, news: News) -> Growth:
        growth = grow(self.engine.snapshot, news, vectors_of=ENCODER.encode)
        self.engine = self._model.grown(self.engine, growth)
        self.jobs_engine = self.jobs_engine.grown(growth)
        return growth


def nothing(market: Marketplace) -> News:
    return News(freelancers=market.freelancers[:0], jobs=market.jobs[:0], events=market.events[:0])


def in_parts(market: Marketplace, *, since: int, parts: int) -> tuple[Marketplace, list[News]]:
    """What was known as of a job's posting, and what came after in so many batches."""
    at = pd.concat([market.events["at"], market.jobs["posted_at"]]).sort_values()
    start = market.jobs["posted_at"].iloc[since]
    later = at[at >= start]
    cuts = [start, *(later.iloc[len(later) * n // parts] for n in range(1, parts))]
    ends = [*cuts[1:], at.iloc[-1] + timedelta(days=4000)]
    base, known, news = market.before(start), market.before(start), []
    for end in ends:
        upto = market.before(end)
        news.append(
            News(
                freelancers=_beyond(
                    upto.freelancers, known.freelancers, "freelancer_id", "valid_from"
                ),
                jobs=_beyond(upto.jobs, known.jobs, "job_id"),
                events=_beyond(upto.events, known.events, "event_id").sample(
                    frac=1, random_state=1
                ),
            )
        )
        known = upto
    return base, news


def _beyond(more: pd.DataFrame, known: pd.DataFrame, *key: str) -> pd.DataFrame:
    there = pd.MultiIndex.from_frame(known[list(key)])
    return more[~pd.MultiIndex.from_frame(more[list(key)]).isin(there)]


def assert_alike(
    grown: tuple[Engine, JobsEngine], anew: tuple[Engine, JobsEngine], *, at: Iterator[int]
) -> None:
    for job in at:
        record = anew[0].snapshot.jobs.records[job]
        for as_of in (instant_of(record.posted_at), anew[0].snapshot.history.last_at + 1):
            answers = [
                one.match(one.ask(record, as_of=as_of, k=40), seed=3) for one, _ in (grown, anew)
            ]
            assert_same_answer(*answers, (grown[0], anew[0]))
    last = anew[0].snapshot.history.last_at
    people = anew[0].snapshot.freelancers
    for person in [one for row, one in enumerate(people.ids) if not people.deleted[row]][::9]:
        for as_of in (last - 10**13, last + 1):
            one, other = (
                each.match(each.ask(person, as_of=as_of, k=30)) for _, each in (grown, anew)
            )
            assert repr(one.top) == repr(other.top)
            assert one.query.excluded == other.query.excluded
            assert_same_bits(one.scores, other.scores)
            assert_same_bits(one.matrix, other.matrix)


def made_anew(
    trained: Trained, market: Marketplace, **options: object
) -> tuple[Engine, JobsEngine]:
    freelancers = Freelancers.of(market.freelancers, **options)
    jobs = Jobs.of(market.jobs)
    vectors = ENCODER.encode([*jobs.texts, *freelancers.texts])
    snapshot = Snapshot.assembled(market, vectors=vectors, freelancers=freelancers, jobs=jobs)
    return trained.model.engine(snapshot, encoder=ENCODER), trained.model.jobs_engine(snapshot)


@pytest.mark.parametrize("parts", [1, 7])
def test_a_market_that_grew_answers_as_one_made_anew(trained, small_market, parts):
    base, batches = in_parts(small_market, since=150, parts=parts)
    growing = Growing(trained, base)
    for news in batches:
        growing.take(news)
    anew = made_anew(trained, small_market)
    grown = growing.engine, growing.jobs_engine
    assert len(grown[0].snapshot.jobs) == len(small_market.jobs)
    assert_alike(grown, anew, at=iter(range(5, len(small_market.jobs), 23)))


def otherwise_named(market: Marketplace) -> Marketplace:
    """Ids in no order of time; many say word for word the same."""
    names = {one: f"f{hash_of(one)}" for one in market.freelancers["freelancer_id"]}
    freelancers = market.freelancers.assign(
        freelancer_id=market.freelancers["freelancer_id"].map(names),
        overview=[text if hash_of(text) % 3 else "php" for text in market.freelancers["overview"]],
    )
    jobs = market.jobs.assign(
        title=[title if hash_of(title) % 3 else "a website" for title in market.jobs["title"]],
        description=[text if hash_of(text) % 2 else None for text in market.jobs["description"]],
    )
    events = market.events.assign(freelancer_id=market.events["freelancer_id"].map(names))
    return with_frames(market, freelancers=freelancers, jobs=jobs, events=events)


def hash_of(text: object) -> int:
    return int.from_bytes(sha256(str(text).encode()).digest()[:4])


def test_ties_are_broken_by_id_whoever_came_first(trained, small_market):
    market = otherwise_named(small_market)
    base, batches = in_parts(market, since=120, parts=4)
    growing = Growing(trained, base)
    for news in batches:
        growing.take(news)
    assert growing.engine.snapshot.freelancers.place is not None
    anew = made_anew(trained, market)
    assert_alike((growing.engine, growing.jobs_engine), anew, at=iter(range(5, 300, 29)))


def test_events_may_come_out_of_order(trained, small_market):
    """Each that can be put where it belongs is; what cannot is said to be outgrown."""
    base, (news,) = in_parts(small_market, since=280, parts=1)
    growing, outgrown, known = Growing(trained, base), 0, news.events[:0]
    growing.take(News(freelancers=news.freelancers, jobs=news.jobs, events=known))
    for some in np.array_split(news.events.index[:400], 80):
        known = pd.concat([known, news.events.loc[some]])
        try:
            growing.take(
                News(
                    freelancers=news.freelancers[:0],
                    jobs=news.jobs[:0],
                    events=news.events.loc[some],
                )
            )
        except Outgrown:
            outgrown += 1
            market = with_frames(small_market, events=pd.concat([base.events, known]))
            growing = Growing(trained, market)
    assert 0 < outgrown < 80
    market = with_frames(small_market, events=pd.concat([base.events, known]))
    anew = made_anew(trained, market)
    assert_alike((growing.engine, growing.jobs_engine), anew, at=iter(range(5, 300, 41)))


def test_profiles_change_and_people_leave_and_return(trained, small_market):
    """The newest profile holds from its instant; who is deleted is on no list."""
    last = pd.Timestamp(small_market.events["at"].max())
    growing = Growing(trained, small_market)
    people = small_market.freelancers.drop_duplicates("freelancer_id").iloc[:30:3]
    table, deleted = small_market.freelancers, frozenset[str]()
    for step in range(1, 4):
        edited = people.iloc[step : step + 4].assign(
            valid_from=last + SECOND * step,
            title=f"Rust developer {step}",
            skills=[["rust", f"skill {step}"]] * 4,
            hourly_rate_usd=float(40 + step),
            country="NZ",
        )
        gone = {people["freelancer_id"].iloc[0], people["freelancer_id"].iloc[step]}
        growing.take(
            News(
                freelancers=edited,
                jobs=small_market.jobs[:0],
                events=small_market.events[:0],
                deleted_freelancers=frozenset(gone),
            )
        )
        back = set(edited["freelancer_id"]) - gone
        deleted = (deleted | gone) - back
        table = pd.concat([table, edited])
    market = with_frames(small_market, freelancers=table)
    anew = made_anew(trained, market, deleted=deleted)
    assert_alike((growing.engine, growing.jobs_engine), anew, at=iter(range(5, 300, 41)))


def test_the_terms_of_a_job_change(trained, small_market):
    growing = Growing(trained, small_market)
    last = pd.Timestamp(small_market.events["at"].max())
    changed = small_market.jobs.iloc[[3, 290, 299]].assign(
        closes_at=last + SECOND * 9,
        positions=3.0,
        budget_usd_min=7.0,
        budget_usd_max=77.0,
        languages=[["mi"]] * 3,
    )
    growing.take(
        News(freelancers=small_market.freelancers[:0], jobs=changed, events=small_market.events[:0])
    )
    jobs = pd.concat(
        [small_market.jobs[~small_market.jobs["job_id"].isin(changed["job_id"])], changed]
    )
    anew = made_anew(trained, with_frames(small_market, jobs=jobs))
    assert_alike((growing.engine, growing.jobs_engine), anew, at=iter((3, 100, 290)))


@pytest.mark.parametrize(
    "change",
    [
        {"title": "another title"},
        {"category": "another category"},
        {"client_id": "another client"},
        {"skills": [["another skill"]]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_job_that_is_about_something_else_is_outgrown(trained, small_market, change):
    growing, news = Growing(trained, small_market), nothing(small_market)
    before = growing.engine.snapshot
    with pytest.raises(Outgrown, match="something else"):
        growing.take(replace(news, jobs=small_market.jobs.iloc[[7]].assign(**change)))
    assert growing.engine.snapshot is before


def test_a_job_posted_before_others_is_outgrown(trained, small_market):
    early = small_market.jobs.iloc[[7]].assign(job_id="another")
    with pytest.raises(Outgrown, match="posted before"):
        Growing(trained, small_market).take(replace(nothing(small_market), jobs=early))


def test_nothing_new_changes_nothing(trained, small_market):
    growing = Growing(trained, small_market)
    growth = growing.take(nothing(small_market))
    assert growth.after.history.by_kind == growth.before.history.by_kind
    anew = made_anew(trained, small_market)
    assert_alike((growing.engine, growing.jobs_engine), anew, at=iter((50, 250)))


def test_a_market_of_nothing_grows(trained, small_market):
    base, (news,) = in_parts(small_market, since=0, parts=1)
    assert len(base.jobs) == 0
    growing = Growing(trained, base)
    with pytest.raises(Outgrown, match="category"):
        growing.take(news)
    plain = small_market.jobs.assign(category=None)
    market = with_frames(small_market, jobs=plain)
    base, (news,) = in_parts(market, since=0, parts=1)
    growing = Growing(trained, base)
    growing.take(news)
    anew = made_anew(trained, market)
    assert_alike((growing.engine, growing.jobs_engine), anew, at=iter((50, 250)))


def test_readers_of_before_see_nothing_of_what_came(trained, small_market):
    base, batches = in_parts(small_market, since=200, parts=3)
    growing = Growing(trained, base)
    before = growing.engine, growing.jobs_engine
    for news in batches:
        growing.take(news)
    assert_alike(before, made_anew(trained, base), at=iter((20, 120, 199)))

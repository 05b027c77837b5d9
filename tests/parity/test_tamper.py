"""Nothing at or after an instant reaches a ranking as of it, nor a training until it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from matcher.domain import Kind
from matcher.marketplace import Marketplace
from matcher.ranking.gbdt import GbdtRanker
from tests.fakes import FakeEncoder
from tests.small_market import (
    a_run,
    a_training,
    an_engine,
    answer,
    assert_same_answer,
    differing,
    with_frames,
)
from training.drift import compare, drawn_since

SECOND = timedelta(seconds=1)
CUT = 270  # the job as of whose posting everything later is tampered with
Tampering = Callable[[Marketplace, datetime], Marketplace]


def without_later_events(market: Marketplace, cut: datetime) -> Marketplace:
    return with_frames(market, events=market.events[market.events["at"] < cut])


def with_later_events_permuted(market: Marketplace, cut: datetime) -> Marketplace:
    """Later events trade their people, jobs, kinds and values with one another."""
    events = market.events.copy()
    later = np.flatnonzero(events["at"] >= cut)
    order = np.random.default_rng(1).permutation(later)
    for column in ("freelancer_id", "job_id", "kind", "value", "position"):
        events.loc[later, column] = events[column].to_numpy()[order]
    return with_frames(market, events=events)


def with_other_later_values(market: Marketplace, cut: datetime) -> Marketplace:
    events = market.events.copy()
    rated = (events["at"] >= cut) & events["value"].notna()
    events.loc[rated, "value"] = 1.0
    return with_frames(market, events=events)


def with_every_event_added(market: Marketplace, cut: datetime) -> Marketplace:
    """At the very instant, every kind happens between everybody and the first jobs."""
    people = sorted(set(market.freelancers["freelancer_id"]))
    jobs = [*market.jobs["job_id"][:3], market.jobs["job_id"][CUT]]
    rows = [
        {
            "event_id": f"added-{kind.value}-{job}-{one}",
            "at": cut,
            "kind": kind.value,
            "job_id": job,
            "freelancer_id": one,
            "value": 1.0 if kind in VALUED else np.nan,
        }
        for kind in Kind
        for job in jobs
        for one in people
    ]
    added = pd.DataFrame(rows).astype({"kind": market.events["kind"].dtype})
    return with_frames(market, events=pd.concat([market.events, added], ignore_index=True))


def with_later_jobs(market: Marketplace, cut: datetime) -> Marketplace:
    """Posted from the instant on: new clients, categories, skills and words among them."""
    added = market.jobs.iloc[:40].copy()
    added["job_id"] = [f"added-{i}" for i in range(len(added))]
    added["posted_at"] = [cut + SECOND * i for i in range(len(added))]
    added["title"] = "zyzzyva " + added["title"]
    added["category"] = "Entirely New"
    added["client_id"] = [*market.freelancers["freelancer_id"][:20], *["new-client"] * 20]
    added["skills"] = [everyday_words(market)] * len(added)
    return with_frames(market, jobs=pd.concat([market.jobs, added], ignore_index=True))


def with_later_profiles(market: Marketplace, cut: datetime) -> Marketplace:
    """Everybody rewrites the profile at the very instant."""
    last = market.freelancers.groupby("freelancer_id").tail(1)
    added = last[(last["joined_at"] < cut) & (last["valid_from"] < cut)].copy()
    added["valid_from"] = pd.Timestamp(cut)
    added["overview"] = "now a zyzzyva breeder " * 50
    added["title"] = "Everything"
    added["hourly_rate_usd"] = 1.0
    added["country"] = "ZW"
    added["skills"] = [everyday_words(market)] * len(added)
    frames = [market.freelancers, added]
    return with_frames(market, freelancers=pd.concat(frames, ignore_index=True))


def with_later_freelancers(market: Marketplace, cut: datetime) -> Marketplace:
    """People who join from the instant on, one of them the very client that asks."""
    added = market.freelancers.iloc[:30].copy()
    clients = market.jobs["client_id"].dropna().unique()[:10]
    added["freelancer_id"] = [
        *clients,
        *(f"!{i}" for i in range(10)),
        *(f"~{i}" for i in range(10)),
    ]
    added["joined_at"] = pd.Timestamp(cut)
    added["valid_from"] = pd.Timestamp(cut)
    added["skills"] = [everyday_words(market)] * len(added)
    frames = [market.freelancers, added]
    return with_frames(market, freelancers=pd.concat(frames, ignore_index=True))


def with_a_column_of_ones_own(market: Marketplace, cut: datetime) -> Marketplace:
    """One that no contract names and that only later rows fill."""
    events = market.events.assign(note=[None if at < cut else "late" for at in market.events["at"]])
    return with_frames(market, events=events)


def with_everything_later(market: Marketplace, cut: datetime) -> Marketplace:
    market = with_later_freelancers(with_later_profiles(with_later_jobs(market, cut), cut), cut)
    return with_every_event_added(with_later_events_permuted(market, cut), cut)


VALUED = (Kind.RATED_FREELANCER, Kind.RATED_CLIENT, Kind.RATED_PRIVATE)
TAMPERINGS = (
    without_later_events,
    with_later_events_permuted,
    with_other_later_values,
    with_every_event_added,
    with_later_jobs,
    with_later_profiles,
    with_later_freelancers,
    with_a_column_of_ones_own,
    with_everything_later,
)


def everyday_words(market: Marketplace) -> tuple[str, ...]:
    """Words that the jobs use, offered as skills that nobody listed before."""
    return tuple(sorted({word for title in market.jobs["title"][:200] for word in title.split()}))[
        :150
    ]


def instant(market: Marketplace) -> datetime:
    return market.jobs["posted_at"].iloc[CUT].to_pydatetime()


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_the_future_changes_no_bit_of_a_ranking(small_market, trained, tamper):
    cut = instant(small_market)
    engines = an_engine(trained, small_market), an_engine(trained, tamper(small_market, cut))
    assert isinstance(trained.model.ranker, GbdtRanker)
    for job in engines[0].snapshot.jobs.records[CUT - 12 : CUT + 1]:
        assert_same_answer(*(answer(engine, job) for engine in engines), engines)


@pytest.mark.parametrize("index", ["flat", "fp16"])
def test_the_future_changes_no_bit_of_any_candidate_source(small_market, index):
    cut = instant(small_market)
    trained = a_training(small_market, run=a_run(retrieval={"index": index}), until=cut)
    markets = small_market, with_everything_later(small_market, cut)
    engines = [an_engine(trained, market) for market in markets]
    job = engines[0].snapshot.jobs.records[CUT]
    for name in engines[0].sources.by_name:
        found = []
        for engine in engines:
            query = engine.ask(job, as_of=int(engines[0].snapshot.jobs.posted_at[CUT]))
            hits = engine.sources.by_name[name].search(query, pool=30)
            ids = [engine.snapshot.freelancers.ids[row] for row in hits.rows]
            found.append((ids, hits.scores.tobytes()))
        assert found[0] == found[1], name
        assert found[0][0], f"{name} found nobody, so nothing was compared"


def test_a_brief_of_a_client_who_joins_later_is_ranked_alike(small_market, trained):
    cut = instant(small_market)
    engines = (
        an_engine(trained, small_market),
        an_engine(trained, with_later_freelancers(small_market, cut)),
    )
    job = engines[0].snapshot.jobs.records[CUT]
    for client in small_market.jobs["client_id"].dropna().unique()[:10]:
        brief = dataclasses.replace(job, client_id=client, job_id=None)
        assert_same_answer(*(answer(engine, brief) for engine in engines), engines)


def test_a_team_that_grows_later_stays_a_team(small_market, trained):
    """Fifteen likely candidates delivered one job together; more are hired for it later."""
    cut = instant(small_market)
    engine = an_engine(trained, small_market)
    asked = engine.snapshot.jobs.records[CUT]
    people = [engine.snapshot.freelancers.ids[row] for row in answer(engine, asked).rows]

    def hires(team: list[str], at: datetime) -> pd.DataFrame:
        fields = {"at": at, "kind": "hired", "job_id": small_market.jobs["job_id"][0]}
        rows = [{"event_id": f"team-{one}", "freelancer_id": one, **fields} for one in team]
        return pd.DataFrame(rows).astype({"kind": small_market.events["kind"].dtype})

    team = [small_market.events, hires(people[:15], cut - SECOND)]
    before = with_frames(small_market, events=pd.concat(team, ignore_index=True))
    team.append(hires(people[15:40], cut))
    after = with_frames(small_market, events=pd.concat(team, ignore_index=True))
    engines = an_engine(trained, before), an_engine(trained, after)
    matches = answer(engines[0], asked)
    beside = matches.matrix[:, engines[0].features.names.index("jobs_beside_leaders")]
    assert (beside > 0).sum() >= 15, "the team counts for nothing, so nothing was compared"
    assert_same_answer(matches, answer(engines[1], asked), engines)


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_the_future_changes_no_figure_of_drift(small_market, trained, tamper):
    cut = instant(small_market)
    engines = an_engine(trained, small_market), an_engine(trained, tamper(small_market, cut))
    asked = [job.job_id for job in engines[0].snapshot.jobs.records[CUT - 12 : CUT + 1]]
    shifts = []
    for engine in engines:  # a job that is added may take another's row
        jobs = np.array([engine.snapshot.jobs.rows[one] for one in asked])
        shifts.append(compare(engine, drawn_since(engine, jobs), trained.model.reference))
    assert shifts[0] == shifts[1]


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_what_happens_from_until_on_changes_no_byte_of_a_bundle(
    small_market, small_bundle, tmp_path, tamper
):
    cut = instant(small_market)
    a_training(tamper(small_market, cut), until=cut).write(tmp_path / "b", encoder=FakeEncoder())
    assert differing(small_bundle, tmp_path / "b") == []


def test_what_happened_before_until_does_change_a_bundle(small_market, small_bundle, tmp_path):
    cut = instant(small_market)
    past = with_frames(small_market, events=small_market.events.iloc[1:])
    a_training(past, until=cut).write(tmp_path / "b", encoder=FakeEncoder())
    assert "marketplace/events.parquet" in differing(small_bundle, tmp_path / "b")

"""Nothing at or after an instant reaches a freelancer's list as of it."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.domain import instant_of
from matcher.jobs.engine import JobsEngine
from matcher.jobs.query import JobMatches
from matcher.marketplace import Marketplace
from matcher.ranking.gbdt import GbdtRanker
from matcher.snapshot import Snapshot
from tests.fakes import FakeEncoder
from tests.parity.test_tamper import TAMPERINGS, instant, with_everything_later
from tests.small_market import assert_same_bits
from training.build import Trained


def engine_over(trained: Trained, market: Marketplace) -> JobsEngine:
    return trained.model.jobs_engine(Snapshot.of(market, encoder=FakeEncoder()))


def told(engine: JobsEngine, who: str, as_of: int) -> tuple[list[str], JobMatches]:
    matches = engine.match(engine.ask(who, as_of=as_of, k=25))
    return [engine.snapshot.jobs.records[row].job_id or "" for row in matches.rows], matches


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_the_future_changes_no_bit_of_a_freelancers_list(small_market, trained, tamper):
    cut = instant(small_market)
    as_of = instant_of(cut)
    assert isinstance(trained.model.jobs_ranker, GbdtRanker)
    engines = [engine_over(trained, one) for one in (small_market, tamper(small_market, cut))]
    freelancers = engines[0].snapshot.freelancers
    people = [freelancers.ids[row] for row in np.flatnonzero(freelancers.joined_before(as_of))]
    for who in people[:40]:
        (ids, one), (other_ids, other) = (told(engine, who, as_of) for engine in engines)
        assert ids, "no job was open, so nothing was compared"
        assert ids == other_ids
        assert one.query.excluded == other.query.excluded
        assert_same_bits(one.scores, other.scores)
        for column, name in enumerate(engines[0].features.names):
            assert_same_bits(one.matrix[:, column], other.matrix[:, column], name)
        assert repr(one.top) == repr(other.top)


def test_what_happened_before_does_change_a_list(small_market, trained):
    cut = instant(small_market)
    as_of = instant_of(cut)
    engine = engine_over(trained, small_market)
    wanted = engine.ledgers["wanted"]
    busiest = int(np.argmax(np.diff(wanted.ends)))
    who = engine.snapshot.freelancers.ids[busiest]
    bare = engine_over(
        trained,
        Marketplace(
            freelancers=small_market.freelancers,
            jobs=small_market.jobs,
            events=small_market.events[small_market.events["freelancer_id"] != who],
            warnings=(),
        ),
    )
    assert (
        told(engine, who, as_of)[1].matrix.tobytes() != told(bare, who, as_of)[1].matrix.tobytes()
    )


def test_the_offline_pool_is_ranked_from_before_its_instant(small_market, trained):
    """Jobs that are posted later may be asked about; what comes of them stays unseen."""
    cut = instant(small_market)
    as_of = instant_of(cut)
    lists = []
    for market in (small_market, with_everything_later(small_market, cut)):
        engine = engine_over(trained, market)
        pool = np.array(
            [engine.snapshot.jobs.rows[one] for one in small_market.jobs["job_id"][271:]]
        )
        who = small_market.freelancers["freelancer_id"][0]
        matches = engine.match(engine.ask(who, as_of=as_of, among=np.sort(pool)))
        lists.append([(one.job_id, one.score) for one in matches.top])
    assert lists[0] == lists[1]

"""A policy that learns from the lists it filled: the product itself, in the loop.

Every fortnight it reads anew what the platform has recorded, twice a year it trains on all of
it, and in between it answers from what it read last, as a deployment would. It sees the
public tables and the public row of a post, cut at the posting: never a truth. Where its run
explores, a list is drawn by a seed that the job and the policy's own seed make.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from matcher.domain import Job, instant_of
from matcher.engine import Engine
from matcher.model import Model
from matcher.ports import Encoder
from matcher.records import JobRecord, job_of
from matcher.run import Run
from matcher.snapshot import Snapshot
from training.build import train
from training.simulate.market import Market
from training.simulate.people import DAY
from training.simulate.policies import Ask, Policy, Popularity, Slate
from training.simulate.posts import Post

START = datetime(2024, 1, 1, tzinfo=UTC)  # second 0 of every simulated market
RETRAIN_DAYS = 183
REFRESH_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deployed:
    """What answers at the moment, and since when; seconds since the market's start."""

    model: Model
    engine: Engine
    trained_at: int
    read_at: int


class Learned:
    """The engine over the market's own record; the most hired where it finds nobody.

    Args:
        market: Asked for its tables only, and for the rows of freelancers.
        run: Its exploration says what share of the seats is drawn among the little known.
        seed: Fixes trainings and the seats that are drawn.
        retrain_days: How long a model serves; the first is trained when first asked.
        refresh_days: How old a snapshot may be: who joined later is on no list yet.
    """

    name = "learned"

    def __init__(
        self,
        market: Market,
        *,
        run: Run,
        encoder: Encoder,
        seed: int = 7,
        retrain_days: int = RETRAIN_DAYS,
        refresh_days: int = REFRESH_DAYS,
    ) -> None:
        self.market, self.run, self.encoder, self.seed = market, run, encoder, seed
        self.retrain_days, self.refresh_days = retrain_days, refresh_days
        self._row = {id_: row for row, id_ in enumerate(market.people.ids)}
        self._without: Policy = Popularity()
        self._deployed: _Deployed | None = None

    def slate(self, ask: Ask) -> Slate:
        """The engine's matches as of the posting, best first but for the seats that are drawn."""
        self._deployed = self._current(ask.post.at)
        engine, as_of = self._deployed.engine, instant_of(moment_at(ask.post.at))
        query = engine.ask(job_posted(ask.post.row), as_of=as_of, k=ask.seats)
        top = engine.match(query, explain=False, seed=self._seed_of(ask.post)).top
        if not top:
            return self._without.slate(ask)
        return Slate(
            rows=np.array([self._row[one.freelancer_id] for one in top], np.int64),
            propensity=np.array([one.propensity for one in top], np.float64),
        )

    def _seed_of(self, post: Post) -> int:
        return zlib.crc32(f"{self.seed} {post.row['job_id']}".encode())

    def _current(self, at: int) -> _Deployed:
        now = self._deployed
        if now is None or at - now.trained_at >= self.retrain_days * DAY:
            return self._trained(at)
        if at - now.read_at >= self.refresh_days * DAY:
            return replace(now, engine=self._read(now.model, at), read_at=at)
        return now

    def _trained(self, at: int) -> _Deployed:
        until = moment_at(at)
        trained = train(
            self.market.tables(), run=self.run, encoder=self.encoder, until=until, seed=self.seed
        )
        engine = trained.model.engine(trained.snapshot, encoder=self.encoder)
        return _Deployed(model=trained.model, engine=engine, trained_at=at, read_at=at)

    def _read(self, model: Model, at: int) -> Engine:
        """A model over all that was recorded strictly before an instant."""
        known = self.market.tables().before(moment_at(at))  # `tables` reach the end of the day
        return model.engine(Snapshot.of(known, encoder=self.encoder), encoder=self.encoder)


def job_posted(row: Mapping[str, object]) -> Job:
    """The job that a row of the simulator's jobs table describes."""
    known = {name: row[name] for name in JobRecord.model_fields}
    for name in ("posted_at", "closes_at"):
        seconds = known[name]
        known[name] = None if seconds is None else moment_at(int(str(seconds)))
    return job_of(JobRecord.model_validate(known))


def moment_at(seconds: int) -> datetime:
    """The time so many seconds after a market's start."""
    return START + timedelta(seconds=seconds)

"""What answers, made of all that a store holds at one instant; or grown by what came since.

Made anew, it is made by the code that opens a bundle, apart from vectors: those are recalled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import compress

from matcher.domain import instant_of
from matcher.growth import News, grow
from matcher.model import Model
from matcher.roster import Freelancers, Jobs
from matcher.snapshot import Snapshot
from matcher.store.store import Store
from matcher.store.view import View
from serving.recall import Recall
from serving.service import Clock, Served, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What answers, and the number of the change that it follows.

    Attributes:
        grown: By how many changes it has grown since it was made anew.
    """

    served: Served
    seq: int
    grown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Builder:
    """Makes what answers from a store.

    Attributes:
        model: What was learned; the same for every build.
    """

    store: Store
    model: Model
    recall: Recall
    clock: Clock = now

    def build(self, before: Served) -> Held:
        """What answers by now; vectors that were there before are taken from there.

        Raises:
            StoreUnavailableError: The database cannot be asked.
        """
        view = self.store.view()
        snapshot = self._snapshot(view, before.engine.snapshot)
        served = replace(
            before,
            engine=self.model.engine(snapshot, encoder=before.engine.encoder),
            jobs_engine=self.model.jobs_engine(snapshot),
            deleted_jobs=view.deleted_jobs,
        )
        self._rehearse(served)
        return Held(served=served, seq=view.seq)

    def grow(self, held: Held) -> Held:
        """What answers with what came since; the same where nothing did.

        Raises:
            Outgrown: It must be built anew.
            StoreUnavailableError: The database cannot be asked.
        """
        came = self.store.since(held.seq)
        if not came.changes:
            return held
        again = held.served.deleted_jobs - frozenset(came.news.jobs["job_id"])
        served = self._grown(held.served, came.news, seq=came.seq)
        return Held(
            served=replace(served, deleted_jobs=again | came.deleted_jobs),
            seq=came.seq,
            grown=held.grown + came.changes,
        )

    def withdrawn(self, held: Held) -> Held:
        """The same without whoever left the lists since: at once, before all is made anew.

        Raises:
            StoreUnavailableError: The database cannot be asked.
        """
        people = held.served.engine.snapshot.freelancers
        news = self.store.departed(list(compress(people.ids, ~people.deleted)))
        if not news.deleted_freelancers:
            return held
        return replace(held, served=self._grown(held.served, news, seq=held.seq))

    def _grown(self, served: Served, news: News, *, seq: int) -> Served:
        vectors_of = partial(self.recall.of, seq=seq)
        growth = grow(served.engine.snapshot, news, vectors_of=vectors_of)
        return replace(
            served,
            engine=self.model.grown(served.engine, growth),
            jobs_engine=served.jobs_engine.grown(growth),
        )

    def _snapshot(self, view: View, before: Snapshot) -> Snapshot:
        market = view.marketplace
        jobs = Jobs.of(market.jobs)
        freelancers = Freelancers.of(market.freelancers, deleted=view.deleted_freelancers)
        return Snapshot.assembled(
            market,
            vectors=self.recall.of([*jobs.texts, *freelancers.texts], before=before, seq=view.seq),
            freelancers=freelancers,
            jobs=jobs,
        )

    def _rehearse(self, served: Served) -> None:
        """Make what a first request would otherwise wait for; no text is encoded."""
        jobs = served.engine.snapshot.jobs.records
        if jobs:
            as_of = instant_of(self.clock())
            served.engine.match(served.engine.ask(jobs[-1], as_of=as_of))

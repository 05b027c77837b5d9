"""From a request to an answer, with nothing of the web in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from time import perf_counter
from uuid import UUID, uuid4

import numpy as np

from matcher.bundle import Bundle
from matcher.candidates import Matches, Query
from matcher.details.alike import SimilarJob
from matcher.details.people import Details, detailed
from matcher.domain import DAY_US, Job, instant_of, moment_of
from matcher.engine import Engine
from matcher.errors import UnknownJobError
from matcher.jobs.engine import JobsEngine
from matcher.ports import Encoder
from matcher.ranking.calibration import Untrained
from matcher.records import job_of
from serving.detail_schemas import DetailsRecord, SimilarJobRecord
from serving.filters import filters_of
from serving.matched import Matched
from serving.schemas import (
    LARGEST_SEED,
    IndexState,
    MatchAnswer,
    MatchRecord,
    MatchRequest,
    ModelCard,
    ModelName,
)
from serving.telling import of_both_sides, timings, told

STALE_DAYS = 30
Clock = Callable[[], datetime]
Told = tuple[tuple[SimilarJob, ...], tuple[Details | None, ...]]


def now() -> datetime:
    """The instant of asking."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Served:
    """An engine for each direction, and what there is to say of them.

    Attributes:
        jobs_engine: Over the same snapshot.
        encoder: Digest of the encoder that made the vectors.
        until: Parameters were learned from what happened before this instant; None: all.
        metrics: What the training measured.
        deleted_jobs: Ids of jobs that are no longer to be asked about.
    """

    engine: Engine
    jobs_engine: JobsEngine
    name: str
    version: str
    digest: str
    encoder: str
    until: int | None
    metrics: Mapping[str, object]
    deleted_jobs: frozenset[str] = frozenset()

    @classmethod
    def of(cls, bundle: Bundle, *, encoder: Encoder) -> Served:
        """A bundle ready to answer.

        Raises:
            BundleError: The encoder is not the one that made the bundle's vectors.
        """
        return cls(
            engine=bundle.engine(encoder=encoder),
            jobs_engine=bundle.jobs_engine(),
            name=bundle.manifest.name,
            version=bundle.manifest.version,
            digest=bundle.digest,
            encoder=bundle.manifest.encoder,
            until=bundle.manifest.until,
            metrics=bundle.metrics,
        )

    @cached_property
    def last_at(self) -> int | None:
        """The latest instant that the snapshot records; None for an empty one."""
        snapshot = self.engine.snapshot
        joined = int(snapshot.freelancers.joined_at.max(initial=0))
        return max(snapshot.history.last_at, joined) or None

    @property
    def model(self) -> ModelName:
        """Which model this is."""
        return ModelName(name=self.name, version=self.version, digest=self.digest)

    def index(self, size: int) -> IndexState:
        """What there is to search."""
        return IndexState(size=size, as_of=_moment(self.last_at))

    def card(self) -> ModelCard:
        """All there is to say."""
        snapshot, features = self.engine.snapshot, self.engine.features
        return ModelCard(
            name=self.name,
            version=self.version,
            digest=self.digest,
            until=_moment(self.until),
            data_as_of=_moment(self.last_at),
            encoder=self.encoder,
            features=features.names,
            fingerprint=features.fingerprint,
            calibrated=not isinstance(self.engine.calibrator, Untrained),
            factors=self.engine.heads.names,
            policy=self.engine.heads.policy,
            freelancers=int((~snapshot.freelancers.deleted).sum()),
            jobs=len(snapshot.jobs) - len(self.deleted_jobs),
            metrics=dict(self.metrics),
        )


@dataclass(frozen=True, kw_only=True)
class MatchService:
    """Answers match requests; safe to use from several threads.

    Attributes:
        clock: Says when a request without `as_of` is asked.
        new_id: Names a decision.
        notes: What there is to warn of, whatever is asked.
    """

    served: Served
    clock: Clock = now
    new_id: Callable[[], UUID] = uuid4
    notes: tuple[str, ...] = ()

    def match(self, request: MatchRequest) -> MatchAnswer:
        """The answer to a request.

        Raises:
            UnknownJobError: `job_id` names no job of the snapshot.
        """
        return self.matched(request).answer

    def matched(self, request: MatchRequest) -> Matched:
        """The same with what it was made of."""
        engine = self.served.engine
        job = self._job(request)
        at = self.clock()
        as_of = instant_of(request.as_of or at)
        filters = filters_of(request.filters)
        started = perf_counter()
        query = engine.ask(job, as_of=as_of, k=request.k, filters=filters)
        asked = perf_counter()
        decision_id = self.new_id()
        seed = decision_id.int % LARGEST_SEED if request.seed is None else request.seed
        matches = engine.match(query, seed=seed)
        ended = perf_counter()
        similar, people = self._detailed(matches) if request.details else _plain(matches)
        size = int(engine.snapshot.freelancers.joined_before(as_of).sum())
        answer = MatchAnswer(
            decision_id=decision_id,
            seed=seed if engine.exploration.share > 0 else None,
            as_of=moment_of(as_of),
            model=self.served.model,
            index=self.served.index(size),
            took_ms=timings(matches.took_ms, encode=asked - started, total=ended - started),
            matches=tuple(
                MatchRecord(
                    freelancer_id=match.freelancer_id,
                    **told(match),
                    **of_both_sides(match),
                    details=None if one is None else DetailsRecord.model_validate(one),
                )
                for match, one in zip(matches.top, people, strict=True)
            ),
            similar_jobs=tuple(map(SimilarJobRecord.model_validate, similar)),
            excluded=dict(query.excluded),
            warnings=tuple(self._warnings(query, matches, size=size)),
        )
        return Matched(
            request=request,
            at=instant_of(at),
            seed=seed,
            query=query,
            matches=matches,
            answer=answer,
        )

    def _detailed(self, matches: Matches) -> Told:
        """What there is to tell of a list; it is made of what the list rests on already."""
        engine = self.served.engine
        found = detailed(
            matches,
            snapshot=engine.snapshot,
            learned=engine.learned,
            finder=engine.finder,
            hidden=self.served.deleted_jobs,
        )
        return found.similar_jobs, found.people

    def rehearse(self) -> None:
        """One silent match that loads and warms whatever a first one would."""
        jobs = self.served.engine.snapshot.jobs.records
        text = jobs[-1].title if jobs else ""
        job = Job(title=f"{text} rehearsal", skills=jobs[-1].skills if jobs else ())
        engine = self.served.engine
        engine.match(engine.ask(job, as_of=instant_of(self.clock())))
        people, jobs_engine = engine.snapshot.freelancers, self.served.jobs_engine
        for row in np.flatnonzero(~people.deleted)[:1]:
            jobs_engine.match(jobs_engine.ask(people.ids[row], as_of=instant_of(self.clock())))

    def _job(self, request: MatchRequest) -> Job:
        if request.job is not None:
            return job_of(request.job)
        jobs = self.served.engine.snapshot.jobs
        job_id = request.job_id or ""
        if job_id not in jobs.rows or job_id in self.served.deleted_jobs:
            raise UnknownJobError(job_id)
        return jobs.records[jobs.rows[job_id]]

    def _warnings(self, query: Query, matches: Matches, *, size: int) -> Iterator[str]:
        yield from self.notes
        yield from time_warnings(self.served, query.as_of)
        if not query.terms:
            yield "the brief has no words: the list rests on activity and on filters alone"
        if size == 0:
            yield "nobody had joined before as_of"
        elif not len(matches.rows):
            yield f"none of {size} freelancers passes the filters; `excluded` says which exclude"


def _plain(matches: Matches) -> Told:
    """Nothing beyond the list itself."""
    return (), (None,) * len(matches.top)


def time_warnings(served: Served, as_of: int) -> Iterator[str]:
    """What an instant has to do with the data's end and with what the model learned."""
    last_at, until = served.last_at, served.until
    if last_at is not None and as_of - last_at > STALE_DAYS * DAY_US:
        yield (
            f"the data ends at {_written(last_at)}, {(as_of - last_at) // DAY_US} days before "
            "as_of: who is active or free by now is not known"
        )
    learned_to = until if until is not None else (last_at or -1) + 1
    if as_of < learned_to:
        yield (
            f"as_of lies before {_written(learned_to)}, up to which the model learned: its "
            "parameters have seen outcomes of this list"
        )


def _moment(instant: int | None) -> datetime | None:
    return None if instant is None else moment_of(instant)


def _written(instant: int) -> str:
    return moment_of(instant).isoformat().replace("+00:00", "Z")

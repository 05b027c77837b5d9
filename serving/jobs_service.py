"""From a freelancer's request to a list of open jobs, with nothing of the web in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from uuid import UUID, uuid4

from matcher.details.openings import DetailedJobs, detailed_jobs
from matcher.domain import instant_of, moment_of
from matcher.jobs.query import JobMatches, JobsQuery
from serving.detail_schemas import AdviceRecord, JobDetailsRecord, PersonRecord
from serving.filters import job_filters_of
from serving.matched import JobsMatched
from serving.schemas import JobMatchRecord, JobsAnswer, JobsRequest
from serving.service import Clock, Served, now, time_warnings
from serving.telling import timings, told


@dataclass(frozen=True, kw_only=True)
class JobsService:
    """Answers requests for jobs; safe to use from several threads.

    Attributes:
        clock: Says when a request without `as_of` is asked.
        new_id: Names a decision.
        notes: What there is to warn of, whatever is asked.
    """

    served: Served
    clock: Clock = now
    new_id: Callable[[], UUID] = uuid4
    notes: tuple[str, ...] = ()

    def jobs(self, freelancer_id: str, request: JobsRequest) -> JobsAnswer:
        """The answer to a request.

        Raises:
            UnknownFreelancerError: No freelancer of the snapshot has this id, or no longer.
        """
        return self.matched(freelancer_id, request).answer

    def matched(self, freelancer_id: str, request: JobsRequest) -> JobsMatched:
        """The same with what it was made of."""
        engine = self.served.jobs_engine
        at = self.clock()
        as_of = instant_of(request.as_of or at)
        filters = job_filters_of(request.filters)
        started = perf_counter()
        query = engine.ask(freelancer_id, as_of=as_of, k=request.k, filters=filters)
        asked = perf_counter()
        matches = engine.match(query)
        ended = perf_counter()
        details = self._detailed(matches) if request.details else None
        size = int(engine.open.as_of(as_of).sum())
        answer = JobsAnswer(
            decision_id=self.new_id(),
            as_of=moment_of(as_of),
            model=self.served.model,
            index=self.served.index(size),
            took_ms=timings(matches.took_ms, encode=asked - started, total=ended - started),
            matches=_records(matches, details),
            freelancer=_person(details),
            advice=tuple(map(AdviceRecord.model_validate, details.advice if details else ())),
            excluded=dict(query.excluded),
            warnings=tuple(self._warnings(query, size=size)),
        )
        return JobsMatched(
            request=request,
            freelancer_id=freelancer_id,
            at=instant_of(at),
            query=query,
            matches=matches,
            answer=answer,
        )

    def _detailed(self, matches: JobMatches) -> DetailedJobs:
        """What there is to tell of a list and of whoever asks."""
        engine = self.served.engine
        return detailed_jobs(
            matches, snapshot=engine.snapshot, learned=engine.learned, finder=engine.finder
        )

    def _warnings(self, query: JobsQuery, *, size: int) -> Iterator[str]:
        snapshot = self.served.jobs_engine.snapshot
        yield from self.notes
        yield from time_warnings(self.served, query.as_of)
        if snapshot.freelancers.joined_at[query.freelancer] >= query.as_of:
            yield "the freelancer had not joined before as_of"
        says_nothing = query.version < 0 or not snapshot.freelancers.texts[query.version]
        if says_nothing and not len(query.delivered) and not len(query.wanted):
            yield (
                "nothing is known of the freelancer but the id: the list rests on how fresh "
                "jobs are and on what is hired for lately"
            )
        if size == 0:
            yield "no job is open at as_of"
        elif not len(query.pool):
            yield f"none of {size} open jobs is left; `excluded` says why"


def _records(matches: JobMatches, details: DetailedJobs | None) -> tuple[JobMatchRecord, ...]:
    told_of = details.jobs if details else (None,) * len(matches.top)
    return tuple(
        JobMatchRecord(
            job_id=match.job_id,
            **told(match),
            details=None if one is None else JobDetailsRecord.model_validate(one),
        )
        for match, one in zip(matches.top, told_of, strict=True)
    )


def _person(details: DetailedJobs | None) -> PersonRecord | None:
    if details is None or details.freelancer is None:
        return None
    return PersonRecord.model_validate(details.freelancer)

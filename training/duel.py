"""Two engines on the very same jobs: what each answered, and how long each took.

Both see the same snapshot, so the same people are relevant; each finds candidates, orders
them and tells probabilities in its own way. Where there is nobody to compare with, the
candidate is set against itself without learning: its pool in its own order, and p_hire 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from matcher.engine import Engine
from matcher.heads import HIRE
from matcher.ports import Column, Mask, Rows
from matcher.progress import progress
from training.evaluate import Span
from training.labels import Labels
from training.metrics import DEPTH, Floats
from training.outcomes import Maturity

ROUNDS = 3  # the best of them counts: what disturbs one answer is not the engine's
MOST_TIMED = 200
K = 10

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Answers:
    """What one side answered, job by job.

    Attributes:
        lists: Freelancer ids by job id, best first, at most 100.
        p_hire: Per job that had time to hire, [n] of every candidate retrieved; NaN untrained.
        hired: Likewise, [n] who of them was hired.
    """

    lists: dict[str, list[str]] = field(default_factory=dict)
    p_hire: list[Column] = field(default_factory=list)
    hired: list[Mask] = field(default_factory=list)

    def promise(self, p_hire: Column, *, hired: Mask) -> None:
        """Add what was promised of a job that had time to hire."""
        self.p_hire.append(p_hire)
        self.hired.append(hired)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duel:
    """What two sides answered.

    Attributes:
        relevant: Per job that counts, in time order, ids of those hired from the pool.
        newcomers: Per job, those of them who had never been hired before.
        left_out: Jobs whose hires were not in the pool, or that hired nobody.
        candidate_ms: [t] of one match, job by job; `champion_ms` likewise, None without one.
    """

    relevant: Mapping[str, Sequence[str]]
    newcomers: Mapping[str, Sequence[str]]
    left_out: int
    candidate: Answers
    champion: Answers
    candidate_ms: Floats
    champion_ms: Floats | None

    @property
    def is_first(self) -> bool:
        """Whether there was no champion to compare with."""
        return self.champion_ms is None


def duel(
    candidate: Engine,
    champion: Engine | None,
    span: Span,
    *,
    labels: Labels,
    clock: Clock = perf_counter,
) -> Duel:
    """Ask both about every job of the span, in time order.

    Args:
        champion: Over the same snapshot; None where there is none to compare with.
        clock: Seconds, rising.
    """
    snapshot = candidate.snapshot
    relevant: dict[str, list[str]] = {}
    newcomers: dict[str, list[str]] = {}
    counted: list[int] = []
    sides = Answers(), Answers()
    maturity = Maturity.of(snapshot, until=snapshot.history.last_at + 1)
    had_time = maturity.is_mature(HIRE, snapshot.jobs.posted_at)
    with progress("Comparing on jobs", total=len(span.jobs)) as advance:
        for job in span.jobs:
            hired = _hired(candidate, int(job), labels)
            job_id = snapshot.jobs.records[job].job_id or str(job)
            if len(hired):
                counted.append(int(job))
                relevant[job_id] = _ids(candidate, hired)
                newcomers[job_id] = _ids(candidate, hired[_never_hired(candidate, int(job), hired)])
            answers = _answers(candidate, champion, int(job)) if len(hired) or had_time[job] else ()
            for side, (rows, p_hire) in zip(sides, answers, strict=False):
                if len(hired):
                    side.lists[job_id] = _ids(candidate, rows[:DEPTH])
                if had_time[job]:
                    side.promise(p_hire, hired=np.isin(rows, hired))
            advance(1)
    engines = [candidate] if champion is None else [candidate, champion]
    took = timed(engines, np.array(counted, np.int64), clock=clock)
    return Duel(
        relevant=relevant,
        newcomers=newcomers,
        left_out=len(span.jobs) - len(counted),
        candidate=sides[0],
        champion=sides[1],
        candidate_ms=took[0],
        champion_ms=None if champion is None else took[1],
    )


def timed(engines: Sequence[Engine], jobs: Rows, *, clock: Clock) -> Floats:
    """[engines, jobs] milliseconds of a match with reasons, the best of three rounds.

    At most 200 jobs, evenly spread. The engines take turns at every job, and at beginning: what
    slows the machine for a while slows all of them.
    """
    chosen = jobs[np.linspace(0, len(jobs) - 1, min(len(jobs), MOST_TIMED)).astype(np.int64)]
    took = np.full((len(engines), len(chosen)), np.inf)
    for engine in engines if len(chosen) else ():
        _took_ms(engine, int(chosen[0]), clock)  # whatever is made on first use is made now
    for place, job in enumerate(chosen):
        for turn in range(ROUNDS):
            for step in range(len(engines)):
                one = (place + turn + step) % len(engines)
                took[one, place] = min(took[one, place], _took_ms(engines[one], int(job), clock))
    return took


def _took_ms(engine: Engine, job: int, clock: Clock) -> float:
    jobs = engine.snapshot.jobs
    query = engine.ask(jobs.records[job], as_of=int(jobs.posted_at[job]), k=K)
    start = clock()
    engine.match(query)
    return (clock() - start) * 1000


def _hired(engine: Engine, job: int, labels: Labels) -> Rows:
    """Who was hired and had joined before the posting."""
    hired = labels.hired(job)
    posted_at = int(engine.snapshot.jobs.posted_at[job])
    return hired[engine.snapshot.freelancers.joined_before(posted_at)[hired]]


def _never_hired(engine: Engine, job: int, rows: Rows) -> Mask:
    posted_at = np.full(len(rows), int(engine.snapshot.jobs.posted_at[job]))
    count = engine.snapshot.history.tally("kind:hired").view(rows, posted_at).count()
    return np.asarray(count == 0)


def _answers(candidate: Engine, champion: Engine | None, job: int) -> Iterator[tuple[Rows, Column]]:
    """Of each side, the freelancer rows of its list, best first, and their p_hire."""
    jobs = candidate.snapshot.jobs
    for engine in (candidate, champion):
        query = (engine or candidate).ask(jobs.records[job], as_of=int(jobs.posted_at[job]), k=1)
        if engine is None:
            rows = candidate.retrieve(query).rows
            yield rows, np.zeros(len(rows), np.float32)
        else:
            matches = engine.match(query, explain=False)
            yield matches.rows, matches.p_hire


def _ids(engine: Engine, rows: Rows) -> list[str]:
    ids = engine.snapshot.freelancers.ids
    return [ids[row] for row in rows]

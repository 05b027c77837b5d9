"""Replay held-out jobs in time order, through the very engine that serves.

Every job is ranked as of its posting: history rolls on, parameters stay as
trained. Relevant are the people hired who were in the pool; a job with none is
left out and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from matcher.bundle import Bundle
from matcher.candidates import Matches
from matcher.domain import instant_of, moment_of
from matcher.engine import Engine
from matcher.errors import LeakageError, UsageError
from matcher.ports import Column, Mask, Matrix, Rows
from matcher.progress import progress
from matcher.roster import Jobs
from training.honesty import Witness
from training.labels import Labels
from training.metrics import DEPTH
from training.systems import System, ladder


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The test span.

    Attributes:
        jobs: Job rows to replay, in time order.
        test_from: Instant of the span's first job.
    """

    jobs: Rows
    test_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What every system answered.

    Attributes:
        job_ids: The jobs that count, in time order; `rows` their job rows.
        lists: Per system, per job, freelancer ids best first, at most 100.
        relevant: Per job, ids of those hired from the pool.
        left_out: Jobs whose hires were not in the pool, or that hired nobody.
        predicted: p_hire of every retrieved pair of every job that had time to hire, NaN untrained;
            `happened` says who was hired.
        importance: Mean absolute contribution to the score by column, over matches shown.
        pool_recall: Share of relevant people that retrieval found.
        witness: What the heads said of every job, also of those that hired nobody.
    """

    job_ids: tuple[str, ...]
    rows: Rows
    lists: Mapping[str, Mapping[str, Sequence[str]]]
    relevant: Mapping[str, Sequence[str]]
    experience: Mapping[str, Sequence[int]]
    left_out: int
    predicted: Column
    happened: Mask
    importance: Mapping[str, float]
    pool_recall: float
    witness: Witness


def test_span(
    jobs: Jobs,
    *,
    test_from: datetime | None = None,
    test_share: float = 0.1,
    sample: int | None = None,
    seed: int = 0,
) -> Span:
    """The last ceil(share * n) jobs by (posted_at, job_id), or those posted from an instant on.

    Args:
        sample: Replay only so many of them, drawn with `seed`.

    Raises:
        UsageError: The span is empty, or the share is not in (0, 1].
    """
    if test_from is not None:
        start = int(np.searchsorted(jobs.posted_at, instant_of(test_from)))
    elif 0 < test_share <= 1:
        start = len(jobs) - int(np.ceil(round(test_share * len(jobs), 9)))
    else:
        raise UsageError(f"--test-share is {test_share}; give a share above 0 and at most 1")
    if start >= len(jobs):
        raise UsageError(f"no job is left to test on, of {len(jobs)}; choose an earlier span")
    rows = np.arange(start, len(jobs))
    if sample is not None and sample < len(rows):
        rows = np.sort(np.random.default_rng(seed).choice(rows, sample, replace=False))
    return Span(jobs=rows, test_from=int(jobs.posted_at[start]))


def seen_until(bundle: Bundle) -> int:
    """The instant before which a bundle may know everything."""
    until = bundle.manifest.until
    return bundle.manifest.last_at + 1 if until is None else until


def refuse_leak(bundle: Bundle, span: Span, *, what: str = "bundle") -> None:
    """Refuse to test a bundle on what it has seen.

    Raises:
        LeakageError: Its training reached into the span.
    """
    seen = seen_until(bundle)
    if seen > span.test_from:
        raise LeakageError(
            f"the {what} learned until {moment_of(seen).isoformat()}, the test span starts at "
            f"{moment_of(span.test_from).isoformat()}; choose a later --test-from, or train "
            f"with --until {moment_of(span.test_from).isoformat()}"
        )


def replay(
    engine: Engine,
    span: Span,
    *,
    labels: Labels,
    seed: int = 0,
    oracle: System | None = None,
) -> Replay:
    """Ask every system about every job of the span, in time order."""
    systems = dict(ladder(engine, test_from=span.test_from, seed=seed))
    if oracle is not None:
        systems["oracle"] = oracle
    recorder = _Recorder(engine, (*systems, "ranker"))
    with progress("Replaying jobs", total=len(span.jobs)) as advance:
        for job in span.jobs:
            _replay_one(engine, int(job), systems, labels, recorder)
            advance(1)
    return recorder.replay()


def _replay_one(
    engine: Engine,
    job: int,
    systems: Mapping[str, System],
    labels: Labels,
    recorder: _Recorder,
) -> None:
    snapshot = engine.snapshot
    query = engine.ask(snapshot.jobs.records[job], as_of=int(snapshot.jobs.posted_at[job]), k=1)
    hired = labels.hired(job)
    relevant = hired[query.eligible[hired]]
    matches = engine.match(query, explain=False)
    recorder.witness.hear(job, matches)
    recorder.outcomes(job, matches, relevant)
    if len(relevant) == 0:
        recorder.left_out += 1
        return
    recorder.begin(job, relevant, query.as_of)
    for name, system in systems.items():
        recorder.add(name, system(query))
    recorder.add("ranker", matches.rows[:DEPTH])
    recorder.shown(matches.matrix[:10])


class _Recorder:
    """Collects a replay job by job."""

    def __init__(self, engine: Engine, systems: Sequence[str]) -> None:
        self.left_out = 0
        self.witness = Witness.of(engine)
        self._engine = engine
        self._lists: dict[str, dict[str, list[str]]] = {name: {} for name in systems}
        self._relevant: dict[str, list[str]] = {}
        self._experience: dict[str, list[int]] = {}
        self._rows: list[int] = []
        self._predicted: list[Column] = []
        self._happened: list[Mask] = []
        self._found = self._wanted = 0
        self._contribution = np.zeros(len(engine.features.names))
        self._shown = 0
        self._job = ""

    def begin(self, job: int, relevant: Rows, as_of: int) -> None:
        record = self._engine.snapshot.jobs.records[job]
        self._job = record.job_id or str(job)
        self._rows.append(job)
        self._relevant[self._job] = self._ids(relevant)
        tally = self._engine.snapshot.history.tally("kind:hired")
        past = tally.view(relevant, np.full(len(relevant), as_of)).count()
        self._experience[self._job] = past.astype(int).tolist()

    def add(self, system: str, rows: Rows) -> None:
        self._lists[system][self._job] = self._ids(rows)

    def outcomes(self, job: int, matches: Matches, relevant: Rows) -> None:
        hired = np.isin(matches.rows, relevant)
        if self.witness.had_time(job):
            self._predicted.append(matches.p_hire)
            self._happened.append(hired)
        self._found += int(hired.sum())
        self._wanted += len(relevant)

    def shown(self, matrix: Matrix) -> None:
        self._contribution += np.abs(self._engine.ranker.contributions(matrix)).sum(axis=0)
        self._shown += len(matrix)

    def replay(self) -> Replay:
        none = np.zeros(0, np.float32)
        return Replay(
            job_ids=tuple(self._relevant),
            rows=np.array(self._rows, np.int64),
            lists=self._lists,
            relevant=self._relevant,
            experience=self._experience,
            left_out=self.left_out,
            predicted=np.concatenate([none, *self._predicted]),
            happened=np.concatenate([none, *self._happened]).astype(np.bool_),
            importance=dict(
                zip(
                    self._engine.features.names,
                    (self._contribution / max(self._shown, 1)).tolist(),
                    strict=True,
                )
            ),
            pool_recall=self._found / max(self._wanted, 1),
            witness=self.witness,
        )

    def _ids(self, rows: Rows) -> list[str]:
        ids = self._engine.snapshot.freelancers.ids
        return [ids[row] for row in rows]

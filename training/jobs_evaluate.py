"""Replay the other direction: the jobs of a window, ranked for every active freelancer.

Each list is asked for as of its window's first instant; relevant are the jobs that the
freelancer was hired for within the window. A freelancer is active who was hired in the
year before. All systems order the very same pool.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from matcher.jobs.engine import JobsEngine
from matcher.jobs.query import JobsQuery
from matcher.ports import Column, Rows
from matcher.progress import progress
from matcher.text import terms
from training.evaluate import Span
from training.metrics import DEPTH
from training.windows import Window, taken, windows

ACTIVE_DAYS = 365.0
JobSystem = Callable[[JobsQuery], Rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsReplay:
    """What every system answered.

    Attributes:
        lists: Per system, per list, job ids best first, at most 100.
        relevant: Per list, ids of the jobs taken. A list is named by freelancer and instant.
        experience: Per list, hires of the freelancer before it.
        windows: How many instants were asked about.
        pool: Jobs of a pool, on average.
        left_out: Lists of freelancers who were not active before.
    """

    lists: Mapping[str, Mapping[str, Sequence[str]]]
    relevant: Mapping[str, Sequence[str]]
    experience: Sequence[int]
    windows: int
    pool: float
    left_out: int


def replay_jobs(
    engine: JobsEngine, span: Span, *, sample: int | None = None, seed: int = 0
) -> JobsReplay:
    """Ask every system for every list of the span, in time order.

    Args:
        sample: Replay only so many lists, drawn with `seed`.
    """
    stop = max(engine.snapshot.history.last_at, span.test_from) + 1
    of_span = reversed(list(windows(engine, start=span.test_from, stop=stop)))
    asked = [one for window in of_span for one in _asked(engine, window)]
    kept = [(query, jobs) for query, jobs in asked if query is not None]
    left_out = len(asked) - len(kept)
    if sample is not None and sample < len(kept):
        chosen = np.random.default_rng(seed).choice(len(kept), sample, replace=False)
        kept = [kept[place] for place in np.sort(chosen)]
    systems = jobs_ladder(engine, seed=seed)
    lists: dict[str, dict[str, list[str]]] = {name: {} for name in systems}
    relevant: dict[str, list[str]] = {}
    with progress("Replaying lists of jobs", total=len(kept)) as advance:
        for query, jobs in kept:
            name = f"{engine.snapshot.freelancers.ids[query.freelancer]} {query.as_of}"
            relevant[name] = _ids(engine, jobs)
            for system, rank in systems.items():
                lists[system][name] = _ids(engine, rank(query)[:DEPTH])
            advance(1)
    return JobsReplay(
        lists=lists,
        relevant=relevant,
        experience=[len(query.delivered) for query, _ in kept],
        windows=len({query.as_of for query, _ in kept}),
        pool=float(np.mean([len(query.pool) for query, _ in kept])) if kept else 0.0,
        left_out=left_out,
    )


def jobs_ladder(engine: JobsEngine, *, seed: int) -> Mapping[str, JobSystem]:
    """Every system by name, from chance upwards."""
    rng = np.random.default_rng(seed)
    words_of = cache(lambda job: frozenset(terms(engine.snapshot.jobs.texts[job])))
    return {
        "random": lambda query: rng.permutation(query.pool),
        "popularity": lambda query: _by_category(engine, query),
        "bm25": lambda query: _by_words(engine, query, words_of),
        "dense": lambda query: _by_meaning(engine, query),
        "hybrid": lambda query: engine.retrieve(query).rows,
        "ranker": lambda query: engine.match(query, explain=False).rows,
    }


def _asked(engine: JobsEngine, window: Window) -> list[tuple[JobsQuery | None, Rows]]:
    """Everybody hired in a window for a job of its pool: a query, None if not active before."""
    out: list[tuple[JobsQuery | None, Rows]] = []
    for freelancer, jobs in taken(engine, window, "delivered").items():
        query = engine.ask(
            engine.snapshot.freelancers.ids[freelancer], as_of=window.start, among=window.jobs
        )
        relevant = np.intersect1d(jobs, query.pool)
        if len(relevant):
            is_active = query.delivered.age_days.min(initial=np.inf) <= ACTIVE_DAYS
            out.append((query if is_active else None, relevant))
    return out


def _by_category(engine: JobsEngine, query: JobsQuery) -> Rows:
    """Categories most frequent in the freelancer's own past, then in everybody's."""
    jobs, hires = engine.snapshot.jobs, engine.snapshot.history.engagements
    category = jobs.category[query.pool]
    own = query.delivered.by_code(jobs.category, category, half_life_days=np.inf)
    before = hires.job[hires.at < query.as_of]
    counts = np.bincount(jobs.category[before] + 1, minlength=len(jobs.categories) + 1)
    counts[0] = 0
    return query.pool[np.lexsort((_place(engine, query), -counts[category + 1], -own))]


def _by_words(
    engine: JobsEngine, query: JobsQuery, words_of: Callable[[int], frozenset[str]]
) -> Rows:
    """BM25 of all the words of the freelancer's past, as one document, in each job."""
    said = {word for job in query.delivered.jobs.tolist() for word in words_of(job)}
    if query.version >= 0:
        said.update(terms(engine.snapshot.freelancers.texts[query.version]))
    return _best(engine, query, engine.sources.words.scores(sorted(said))[query.pool])


def _by_meaning(engine: JobsEngine, query: JobsQuery) -> Rows:
    """Cosine with the mean of the freelancer's past, as one document."""
    snapshot = engine.snapshot
    total = snapshot.job_vectors[query.delivered.jobs].sum(axis=0)
    if query.version >= 0:
        total = total + snapshot.profile_vectors[query.version]
    return _best(engine, query, snapshot.job_vectors[query.pool] @ total)


def _best(engine: JobsEngine, query: JobsQuery, scores: Column) -> Rows:
    return query.pool[np.lexsort((_place(engine, query), -scores))]


def _place(engine: JobsEngine, query: JobsQuery) -> Rows:
    return engine.columns.place[query.pool]


def _ids(engine: JobsEngine, rows: Rows) -> list[str]:
    return [engine.snapshot.jobs.records[row].job_id or str(row) for row in rows]

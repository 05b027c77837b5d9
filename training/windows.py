"""Windows of time in which freelancers took jobs: the lists of the other direction.

At a window's first instant every freelancer is shown the jobs to be had; what they take
before its end says how good the list was. Where jobs can be seen open, there is a window
every day, and a month is waited for what comes of it; dozens go for a job that hires one,
so what was only gone for teaches on one day in seven. Where hires come with the posting
itself, no job is ever seen open: the jobs posted in a calendar month are then the pool
as of its first instant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from matcher.domain import DAY_US, instant_of, moment_of
from matcher.jobs.engine import JobsEngine
from matcher.ports import Rows

HORIZON_US = 30 * DAY_US
WISHES_EVERY = 7  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of time, [start, stop).

    Attributes:
        jobs: The pool, job rows rising; None for the jobs open at the start.
        with_wishes: Whether lists teach, too, from which jobs were gone for and no more.
    """

    start: int
    stop: int
    jobs: Rows | None
    with_wishes: bool = True


def windows(engine: JobsEngine, *, start: int, stop: int) -> Iterator[Window]:
    """The windows from `start` on, the latest first; what happens from `stop` on is not seen."""
    if engine.learned.constants["hires_at_posting"] > 0.5:
        return _months(engine.snapshot.jobs.posted_at, start, stop)
    return _days(start, stop)


def taken(engine: JobsEngine, window: Window, ledger: str) -> Mapping[int, Rows]:
    """Job rows of the pool by freelancer row that a ledger records within a window.

    Only freelancers who had joined before it, in the order of rows.
    """
    who, jobs = engine.ledgers[ledger].within(window.start, window.stop)
    pool = open_at(engine, window)
    known = np.isin(jobs, pool) & (engine.snapshot.freelancers.joined_at[who] < window.start)
    who, jobs = who[known], jobs[known]
    people, starts = np.unique(who, return_index=True)
    parts = np.split(jobs, starts[1:]) if len(people) else []
    return dict(zip(people.tolist(), parts, strict=True))


def open_at(engine: JobsEngine, window: Window) -> Rows:
    """The pool of a window, before anybody's own past is taken off it."""
    if window.jobs is not None:
        return window.jobs
    return np.flatnonzero(engine.open.as_of(window.start) & ~engine.open.given_up(window.start))


def _days(start: int, stop: int) -> Iterator[Window]:
    first = -(-start // DAY_US) * DAY_US
    for day in reversed(range(first, stop, DAY_US)):
        is_sampled = day // DAY_US % WISHES_EVERY == 0
        yield Window(start=day, stop=min(day + HORIZON_US, stop), jobs=None, with_wishes=is_sampled)


def _months(posted_at: Rows, start: int, stop: int) -> Iterator[Window]:
    edges = [start, *_firsts(start, stop), stop]
    for begin, end in reversed(list(pairwise(edges))):
        rows = np.arange(*np.searchsorted(posted_at, [begin, end]))
        if len(rows):
            yield Window(start=begin, stop=end, jobs=rows)


def _firsts(start: int, stop: int) -> Iterator[int]:
    """The first instants of the calendar months (UTC) between two instants."""
    at = moment_of(start)
    while True:
        turns = at.month == 12
        at = datetime(at.year + turns, 1 if turns else at.month + 1, 1, tzinfo=at.tzinfo)
        if instant_of(at) >= stop:
            return
        yield instant_of(at)

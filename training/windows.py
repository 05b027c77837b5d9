"""Windows of time in which freelancers took jobs: the lists of the other direction.

At a window's first instant every freelancer is shown the jobs that are open; what they
took before its end says how good the list was. Where hires come with the posting
itself, no job is ever seen open: the jobs posted in the window are then its pool.
Windows are calendar months there, for enough postings to choose from, and weeks where
jobs can be seen open, for few stay so for a month.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np

from matcher.domain import DAY_US, EPOCH, instant_of, moment_of
from matcher.jobs.engine import JobsEngine
from matcher.ports import Rows

WEEK_US = 7 * DAY_US
MONDAY = instant_of(EPOCH + timedelta(days=4))  # the first of all weeks from 1970 on


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A span of time, [start, stop).

    Attributes:
        jobs: The pool; None for the jobs open at the start.
    """

    start: int
    stop: int
    jobs: Rows | None


def windows(engine: JobsEngine, *, start: int, stop: int) -> list[Window]:
    """The windows from `start` to `stop`, in time order; the first and the last may be cut."""
    at_once = engine.learned.constants["hires_at_posting"] > 0.5
    edges = [start, *(_months if at_once else _weeks)(start, stop), stop]
    posted_at = engine.snapshot.jobs.posted_at
    out = []
    for begin, end in pairwise(edges):
        rows = np.arange(*np.searchsorted(posted_at, [begin, end])) if at_once else None
        if begin < end:
            out.append(Window(start=begin, stop=end, jobs=rows))
    return out


def taken(engine: JobsEngine, window: Window, ledger: str) -> Mapping[int, Rows]:
    """Job rows by freelancer row that a ledger records within a window.

    Only freelancers who had joined before it.
    """
    who, jobs = engine.ledgers[ledger].within(window.start, window.stop)
    known = engine.snapshot.freelancers.joined_at[who] < window.start
    who, jobs = who[known], jobs[known]
    people, starts = np.unique(who, return_index=True)
    parts = np.split(jobs, starts[1:]) if len(people) else []
    return dict(zip(people.tolist(), parts, strict=True))


def _weeks(start: int, stop: int) -> Iterator[int]:
    first = start + (MONDAY - start) % WEEK_US
    return iter(range(first if first > start else first + WEEK_US, stop, WEEK_US))


def _months(start: int, stop: int) -> Iterator[int]:
    at = moment_of(start)
    while True:
        following = at.month == 12
        at = datetime(at.year + following, 1 if following else at.month + 1, 1, tzinfo=at.tzinfo)
        if instant_of(at) >= stop:
            return
        yield instant_of(at)

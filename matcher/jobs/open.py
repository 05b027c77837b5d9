"""Which jobs are open as of an instant.

A job is open from its posting until it has as many hires as positions, or reaches
`closes_at`. As of an instant it is open if it was posted strictly before it, had
fewer hires than positions strictly before it, and closes later. A posting that
nobody ever takes down stays open by that rule for good, so one older than any that
this market still fills (`longest_days`, learned) counts as given up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.domain import DAY_US, instant_of
from matcher.engagements import NEVER, Engagements
from matcher.ports import Instants, Mask, Rows
from matcher.roster import Jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJobs:
    """When each job opens and what ends it.

    Attributes:
        posted_at: [N] instants.
        filled_at: [N] instants of the hire that took the last position; `NEVER` without.
        closes_at: [N] instants; `NEVER` without.
        longest_days: Age from which a job counts as given up.
    """

    posted_at: Instants
    filled_at: Instants
    closes_at: Instants
    longest_days: float

    @classmethod
    def of(cls, jobs: Jobs, engagements: Engagements, *, longest_days: float) -> OpenJobs:
        """From a roster and its hires."""
        filled_at, closes_at = _ends(jobs, engagements, np.arange(len(jobs)))
        return cls(
            posted_at=jobs.posted_at,
            filled_at=filled_at,
            closes_at=closes_at,
            longest_days=longest_days,
        )

    def grown(self, jobs: Jobs, engagements: Engagements, *, touched: Rows) -> OpenJobs:
        """The same with more jobs, and with other terms or more hires for those `touched`."""
        since = len(self.posted_at)
        rows = np.unique(np.append(touched, np.arange(since, len(jobs))))
        unending = np.full(len(jobs) - since, NEVER)
        filled_at, closes_at = (
            np.append(self.filled_at, unending),
            np.append(self.closes_at, unending),
        )
        filled_at[rows], closes_at[rows] = _ends(jobs, engagements, rows)
        return OpenJobs(
            posted_at=jobs.posted_at,
            filled_at=filled_at,
            closes_at=closes_at,
            longest_days=self.longest_days,
        )

    def as_of(self, instant: int) -> Mask:
        """[N] which jobs are open, given up or not."""
        return np.asarray(
            (self.posted_at < instant) & (self.filled_at >= instant) & (self.closes_at > instant)
        )

    def given_up(self, instant: int) -> Mask:
        """[N] which jobs were posted too long ago to be filled still."""
        return np.asarray(self.posted_at < instant - int(self.longest_days * DAY_US))


def _ends(jobs: Jobs, engagements: Engagements, rows: Rows) -> tuple[Instants, Instants]:
    """[k] when the last position of some jobs was taken, and when they close."""
    records = [jobs.records[row] for row in rows]
    positions = np.array([job.positions or 1 for job in records], np.int64)
    last = engagements.ends[rows] + positions - 1
    is_filled = last < engagements.ends[rows + 1]
    filled_at = np.full(len(rows), NEVER)
    filled_at[is_filled] = engagements.at[last[is_filled]]
    closes = (NEVER if job.closes_at is None else instant_of(job.closes_at) for job in records)
    return filled_at, np.array([*closes], np.int64)

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
from matcher.history import NEVER, Engagements
from matcher.ports import Instants, Mask
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
        positions = np.array([job.positions or 1 for job in jobs.records], np.int64)
        last = engagements.ends[:-1] + positions - 1
        is_filled = last < engagements.ends[1:]
        filled_at = np.full(len(jobs), NEVER)
        filled_at[is_filled] = engagements.at[last[is_filled]]
        closes = (job.closes_at for job in jobs.records)
        return cls(
            posted_at=jobs.posted_at,
            filled_at=filled_at,
            closes_at=np.array(
                [NEVER if at is None else instant_of(at) for at in closes], np.int64
            ),
            longest_days=longest_days,
        )

    def as_of(self, instant: int) -> Mask:
        """[N] which jobs are open, given up or not."""
        return np.asarray(
            (self.posted_at < instant) & (self.filled_at >= instant) & (self.closes_at > instant)
        )

    def given_up(self, instant: int) -> Mask:
        """[N] which jobs were posted too long ago to be filled still."""
        return np.asarray(self.posted_at < instant - int(self.longest_days * DAY_US))

"""Who joined when, and of whom it can be told by now whether a first job came of it.

Somebody who joined last week and has no job yet is no failure. With a horizon of H days, an
outcome is known only of those who joined at least H days ago: they were watched for all of it,
so that the share hired among them is no underestimate, and nobody's is guessed. That throws away
what is known of the newest, unlike a hazard model, and assumes nothing of how delays unfold.

Source: Chapelle, KDD 2014, doi:10.1145/2623330.2623634 (outcomes that come late, and the bias of
counting them as absent); Kaplan & Meier, JASA 1958, doi:10.1080/01621459.1958.10501452 (censoring).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.signup.postings import first_hires
from matcher.domain import DAY_US
from matcher.ports import Instants, Mask, Rows
from matcher.snapshot import Snapshot

WARM_UP_DAYS = 30
SHORTEST_DAYS, LONGEST_DAYS, USUAL_DAYS = 7, 180, 90
LEAST_DELAYS = 20
MOST_DELAYS_WITHIN = 0.9
LEAST_CYCLES = 3  # the record must be so many horizons long


@dataclass(frozen=True, slots=True, kw_only=True)
class Joiners:
    """People in the order of (at, id).

    Attributes:
        rows: [n] freelancer rows.
        joined_at: [n] instants.
        at: [n] the instant as of which each is screened: the end of the day of joining, or the
            end of the record if that comes first.
        first_hired_at: [n] instants; `NEVER` where none is recorded.
    """

    rows: Rows
    joined_at: Instants
    at: Instants
    first_hired_at: Instants

    @classmethod
    def of(cls, snapshot: Snapshot, *, as_of: int) -> Joiners:
        """Everybody in a snapshot that holds nothing at or after `as_of`."""
        joined = snapshot.freelancers.joined_at
        at = np.minimum((joined // DAY_US + 1) * DAY_US, as_of)
        rows = np.lexsort((np.arange(len(joined)), at))
        return cls(
            rows=rows,
            joined_at=joined[rows],
            at=at[rows],
            first_hired_at=first_hires(snapshot)[rows],
        )

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, mask: Mask) -> Joiners:
        """Some of them, in the same order."""
        return Joiners(
            rows=self.rows[mask],
            joined_at=self.joined_at[mask],
            at=self.at[mask],
            first_hired_at=self.first_hired_at[mask],
        )

    @property
    def has_job(self) -> Mask:
        """[n] who was hired before being screened: for them the question does not stand."""
        return self.first_hired_at < self.at

    def met_a_market(self, first_posted_at: int) -> Mask:
        """[n] who joined once jobs had been posted for 30 days.

        Before that nobody joined a running market, and whoever is there on the first day of the
        record may have signed up long before it.
        """
        return self.joined_at >= first_posted_at + WARM_UP_DAYS * DAY_US

    def seen_for(self, days: int, *, as_of: int) -> Mask:
        """[n] who was watched for so many days."""
        return self.at + days * DAY_US <= as_of

    def hired_within(self, days: int) -> Mask:
        """[n] who was hired within so many days of being screened."""
        return self.first_hired_at < self.at + days * DAY_US


def askable(snapshot: Snapshot, joiners: Joiners) -> Joiners:
    """Those of whom the question stands: they met a running market, and had no job yet."""
    posted = snapshot.jobs.posted_at
    if len(posted) == 0:
        return joiners.only(np.zeros(len(joiners), np.bool_))
    return joiners.only(joiners.met_a_market(int(posted[0])) & ~joiners.has_job)


def horizon_days(snapshot: Snapshot, joiners: Joiners, *, as_of: int) -> int:
    """Within how many days nine in ten first jobs come, of those that come in half a year.

    Measured on those watched for the longest that is asked (180 days, and at most a third of
    the record), for among newer ones only the quick could be hired yet. At least 7; 90 days, or
    that longest if it is less, where fewer than 20 first jobs tell.
    """
    posted = snapshot.jobs.posted_at
    recorded_days = (as_of - int(posted[0])) / DAY_US if len(posted) else 0.0
    longest = int(np.clip(recorded_days / LEAST_CYCLES, SHORTEST_DAYS, LONGEST_DAYS))
    seen = joiners.only(joiners.seen_for(longest, as_of=as_of))
    hired = seen.only(seen.hired_within(longest))
    if len(hired) < LEAST_DELAYS:
        return min(USUAL_DAYS, longest)
    delays = (hired.first_hired_at - hired.at) / DAY_US
    return max(int(np.ceil(np.quantile(delays, MOST_DELAYS_WITHIN))), SHORTEST_DAYS)

"""What clients did and how freelancers rated them, as of any instant; and the pace of the market.

Clients are rated too: who pays late or argues is accepted less. And a market where more is hired
a job than last year has likelier hires, whoever the candidate is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matcher.domain import Kind
from matcher.happened import Entries, Happened
from matcher.ports import Instants, Mask
from matcher.roster import Jobs
from matcher.tally import Tally

PACE_HALF_LIFE_DAYS = 30.0  # of 15 to 480, best or next to it on the earlier years of four markets
PACE_STRENGTH = 5.0
USUAL_PACE = {"hires": 0.5, "wants": 5.0}
PACE = ("posts", "hires", "wants")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clientele:
    """Events of clients, and of all of them together.

    Attributes:
        posts: Jobs posted, keyed by client code.
        hires: Hires, keyed by client code.
        ratings: Stars given to clients, keyed by client code.
        pace: Posts, hires from the pool (of people who had joined before the posting) and wants
            (applications and accepted invitations), each under one key, 0.
    """

    posts: Tally
    hires: Tally
    ratings: Tally
    pace: Mapping[str, Tally]

    @classmethod
    def of(cls, happened: Happened, jobs: Jobs, *, from_pool: Mask, wants: Instants) -> Clientele:
        """From all jobs and events.

        Args:
            from_pool: [m] whether an event is of somebody who had joined before the posting.
            wants: When somebody first wanted a job, once a pair.
        """
        told = _entries(happened, jobs, from_pool=from_pool, wants=wants, since=0)
        return cls(
            posts=Tally.of(*told["posts"]),
            hires=Tally.of(*told["hires"]),
            ratings=Tally.of(*told["ratings"]),
            pace={name: Tally.of(*told[f"pace:{name}"]) for name in PACE},
        )

    def grown(
        self, happened: Happened, jobs: Jobs, *, from_pool: Mask, wants: Instants, since: int
    ) -> Clientele:
        """The same with more events and wants, and the jobs from row `since` on."""
        told = _entries(happened, jobs, from_pool=from_pool, wants=wants, since=since)
        return Clientele(
            posts=self.posts.grown(*told["posts"]),
            hires=self.hires.grown(*told["hires"]),
            ratings=self.ratings.grown(*told["ratings"]),
            pace={name: one.grown(*told[f"pace:{name}"]) for name, one in self.pace.items()},
        )

    def per_job(self, what: str, *, as_of: int) -> float:
        """Hires or wants a job of late; as usual elsewhere where there were few jobs.

        What a young job has still to come is missing in the sum, as it was at every instant before.
        """
        one, instant = np.zeros(1, np.int64), np.array([as_of])
        posts = float(self.pace["posts"].view(one, instant).decayed(PACE_HALF_LIFE_DAYS)[0])
        count = float(self.pace[what].view(one, instant).decayed(PACE_HALF_LIFE_DAYS)[0])
        return (count + USUAL_PACE[what] * PACE_STRENGTH) / (posts + PACE_STRENGTH)


def _entries(
    happened: Happened, jobs: Jobs, *, from_pool: Mask, wants: Instants, since: int
) -> dict[str, Entries]:
    at, client = happened.at, jobs.client[happened.what]
    hired, rated = happened.of_kind[Kind.HIRED], happened.of_kind[Kind.RATED_CLIENT]
    posted_at = jobs.posted_at[since:]
    pace = {"posts": posted_at, "hires": at[hired & from_pool], "wants": wants}
    return {
        "posts": (jobs.client[since:], posted_at, None),
        "hires": (client[hired], at[hired], None),
        "ratings": (client[rated], at[rated], happened.value[rated]),
        **{
            f"pace:{name}": (np.zeros(len(when), np.int64), when, None)
            for name, when in pace.items()
        },
    }

"""What clients did and how freelancers rated them, as of any instant; and the pace of the market.

Clients are rated too: who pays late or argues is accepted less. And a market where more is hired
a job than last year has likelier hires, whoever the candidate is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain import Kind
from matcher.interests import Interests
from matcher.ports import Instants, Mask, Rows
from matcher.tally import Tally

PACE_HALF_LIFE_DAYS = 30.0  # of 15 to 480, best or next to it on the earlier years of four markets
PACE_STRENGTH = 5.0
USUAL_PACE = {"hires": 0.5, "wants": 5.0}


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
    def of(
        cls,
        *,
        at: Instants,
        what: Rows,
        value: NDArray[np.float64],
        of_kind: Mapping[Kind, NDArray[np.bool_]],
        client: Rows,
        posted_at: Instants,
        from_pool: Mask,
        interests: Interests,
    ) -> Clientele:
        """From all events, in any order.

        Args:
            client: [N] client code of every job, -1 unknown.
            posted_at: [N] instants.
            from_pool: [m] whether an event is of somebody who had joined before the posting.
        """
        hired, rated = of_kind[Kind.HIRED], of_kind[Kind.RATED_CLIENT]
        happened = {"posts": posted_at, "hires": at[hired & from_pool], "wants": interests.at}
        return cls(
            posts=Tally.of(client, posted_at),
            hires=Tally.of(client[what[hired]], at[hired]),
            ratings=Tally.of(client[what[rated]], at[rated], value[rated]),
            pace={
                name: Tally.of(np.zeros(len(instants), np.int64), instants)
                for name, instants in happened.items()
            },
        )

    def per_job(self, what: str, *, as_of: int) -> float:
        """Hires or wants a job of late; as usual elsewhere where there were few jobs.

        What a young job has still to come is missing in the sum, as it was at every instant before.
        """
        one, instant = np.zeros(1, np.int64), np.array([as_of])
        posts = float(self.pace["posts"].view(one, instant).decayed(PACE_HALF_LIFE_DAYS)[0])
        count = float(self.pace[what].view(one, instant).decayed(PACE_HALF_LIFE_DAYS)[0])
        return (count + USUAL_PACE[what] * PACE_STRENGTH) / (posts + PACE_STRENGTH)

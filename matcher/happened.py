"""Events as columns, by row; and what each of them adds to the tallies of a history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.domain import Kind
from matcher.engagements import Engagements
from matcher.ports import Instants, Mask, Rows
from matcher.ragged import spans
from matcher.roster import Freelancers, Jobs, instants
from matcher.tally import pair_key

Floats = NDArray[np.float64]
Entries = tuple[Rows, Instants, Floats | None]

VALUED = (
    Kind.HIRED,
    Kind.PAID,
    Kind.RATED_FREELANCER,
    Kind.RATED_CLIENT,
    Kind.RATED_PRIVATE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """m events, in the order given.

    Attributes:
        at: [m] instants.
        who: [m] freelancer rows.
        what: [m] job rows.
        value: [m] NaN where the kind carries none.
        of_kind: Per kind, [m] which events are of it.
    """

    at: Instants
    who: Rows
    what: Rows
    value: Floats
    of_kind: Mapping[Kind, Mask]

    @classmethod
    def of(cls, events: pd.DataFrame, *, freelancers: Freelancers, jobs: Jobs) -> Happened:
        """From an `events` table whose people and jobs are all known."""
        kinds = events["kind"].astype(str).to_numpy(dtype=str)
        return cls(
            at=instants(events["at"]),
            who=_rows(events["freelancer_id"], freelancers.rows),
            what=_rows(events["job_id"], jobs.rows),
            value=events["value"].to_numpy(dtype=np.float64, na_value=np.nan),
            of_kind={kind: kinds == kind.value for kind in Kind},
        )

    def __len__(self) -> int:
        return len(self.at)

    def of_any(self, *kinds: Kind) -> Mask:
        """[m] which events are of one of some kinds."""
        return np.asarray(np.logical_or.reduce([self.of_kind[kind] for kind in kinds]), np.bool_)

    def only(self, which: Mask) -> tuple[Instants, Rows, Rows]:
        """Instants, freelancers and jobs of some of them."""
        return self.at[which], self.who[which], self.what[which]

    def engagements(self, *, jobs: int) -> Engagements:
        """Who was hired by them, over so many jobs."""
        return Engagements.of(self.at, self.who, self.what, self.value, self.of_kind, jobs=jobs)

    def from_pool(self, freelancers: Freelancers, jobs: Jobs) -> Mask:
        """[m] which are of somebody who had joined before the posting."""
        return np.asarray(freelancers.joined_at[self.who] < jobs.posted_at[self.what])


def entries(happened: Happened, jobs: Jobs) -> dict[str, Entries]:
    """What the events add to each tally that reads single events, by name: keys, instants, values.

    A negative key is not counted.
    """
    at, who, what, value = happened.at, happened.who, happened.what, happened.value
    hired = happened.of_kind[Kind.HIRED]
    hirer, hire_of, hired_at = who[hired], what[hired], at[hired]
    of_skill, hire = spans(jobs.skills.ends[hire_of], jobs.skills.ends[hire_of + 1])
    return {
        **{f"kind:{kind}": (who[mask], at[mask], None) for kind, mask in happened.of_kind.items()},
        **{
            f"value:{kind}": (who[mask], at[mask], value[mask])
            for kind, mask in happened.of_kind.items()
            if kind in VALUED
        },
        "with_client": (pair_key(jobs.client[hire_of], hirer), hired_at, None),
        "in_category": (pair_key(jobs.category[hire_of], hirer), hired_at, None),
        "in_skill": (pair_key(jobs.skills.codes[of_skill], hirer[hire]), hired_at[hire], None),
    }


def _rows(ids: pd.Series[str], rows: dict[str, int]) -> Rows:
    return np.array([rows[one] for one in ids], np.int64)

"""Lists as clients were shown them, and what each client did with every seat.

A list is the `shown` events of one `decision_id`. Only a list that is whole can be learned from:
of one job, every seat numbered, nobody and no seat twice, two seats at least, everybody there
before the posting. All others are left out, and counted by what is wrong with them.

A *click* is an invitation of somebody whose seat was looked at. Where a market records no looks,
it is any invitation; the few that would have come without the list then count too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from matcher.domain import Kind
from matcher.ports import Column, Mask, Rows
from matcher.snapshot import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Impressions:
    """Whole lists, the earliest posting first, each from its top seat down.

    Attributes:
        jobs: [q] job rows; a job that was shown two lists is there twice.
        sizes: [q] seats a list; they add up to n.
        rows: [n] freelancer rows.
        seat: [n] 1 = top.
        propensity: [n] chance that each had of a seat; NaN where it was not logged.
        looked: [n] whether the client looked at the seat; all True where looks are not recorded.
        clicked: [n] whether the client invited them from there.
        left_out: What was wrong with the lists that are not here -> how many.
    """

    jobs: Rows
    sizes: Rows
    rows: Rows
    seat: Rows
    propensity: Column
    looked: Mask
    clicked: Mask
    left_out: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.jobs)

    @classmethod
    def of(cls, events: pd.DataFrame, *, snapshot: Snapshot) -> Impressions:
        """From every event given; cut the events first where an instant matters."""
        kinds = events["kind"].astype(str).to_numpy(dtype=str)
        shown = events[kinds == Kind.SHOWN.value]
        table = pd.DataFrame(
            {
                "decision": shown["decision_id"],
                "job": _rows(shown["job_id"], snapshot.jobs.rows),
                "row": _rows(shown["freelancer_id"], snapshot.freelancers.rows),
                "seat": shown["position"].to_numpy(np.float64, na_value=np.nan),
                "propensity": shown["propensity"].to_numpy(np.float64, na_value=np.nan),
            }
        )
        nameless = int(table["decision"].isna().sum())
        table = table.dropna(subset="decision").reset_index(drop=True)
        table, wrong = _whole(table, snapshot)
        left_out = {"seats without a decision_id": nameless, **wrong}
        width = max(len(snapshot.freelancers), 1)
        pair = table["job"].to_numpy(np.int64) * width + table["row"].to_numpy(np.int64)

        def befell(kind: Kind) -> Mask:
            of_kind = events[kinds == kind.value]
            job = _rows(of_kind["job_id"], snapshot.jobs.rows)
            row = _rows(of_kind["freelancer_id"], snapshot.freelancers.rows)
            return np.isin(pair, job * width + row)

        looked = befell(Kind.VIEWED)
        if not looked.any():
            looked = np.ones(len(table), np.bool_)
        starts = np.flatnonzero(table["list"].diff().to_numpy() != 0)
        return cls(
            jobs=table["job"].to_numpy(np.int64)[starts],
            sizes=np.diff(np.append(starts, len(table))),
            rows=table["row"].to_numpy(np.int64),
            seat=table["seat"].to_numpy(np.int64),
            propensity=table["propensity"].to_numpy(np.float32),
            looked=looked,
            clicked=befell(Kind.INVITED) & looked,
            left_out={what: count for what, count in left_out.items() if count},
        )

    @property
    def owner(self) -> Rows:
        """[n] the list of each seat."""
        return np.repeat(np.arange(len(self)), self.sizes)

    def slices(self) -> Iterator[tuple[int, slice]]:
        """The job of each list, and where its seats lie."""
        ends = np.cumsum(self.sizes)
        for job, start, stop in zip(self.jobs, ends - self.sizes, ends, strict=True):
            yield int(job), slice(int(start), int(stop))

    def of_lists(self, which: Rows | Mask) -> Impressions:
        """Some of the lists, in their order."""
        kept = np.zeros(len(self), np.bool_)
        kept[which] = True
        seats = kept[self.owner]
        return replace(
            self,
            jobs=self.jobs[kept],
            sizes=self.sizes[kept],
            rows=self.rows[seats],
            seat=self.seat[seats],
            propensity=self.propensity[seats],
            looked=self.looked[seats],
            clicked=self.clicked[seats],
        )


def _whole(table: pd.DataFrame, snapshot: Snapshot) -> tuple[pd.DataFrame, dict[str, int]]:
    """The seats of whole lists in order, their lists numbered; and what was wrong with others."""
    by_list = table.groupby("decision", sort=True)
    joined = snapshot.freelancers.joined_at[table["row"]]
    flaws = pd.DataFrame(
        {
            "lists without a position": table["seat"].isna(),
            "lists of two jobs": table["job"] != by_list["job"].transform("first"),
            "lists that hold a seat or somebody twice": table.duplicated(["decision", "seat"])
            | table.duplicated(["decision", "row"]),
            "lists of one seat": by_list["row"].transform("size") == 1,
            "lists that hold somebody who was not there at the posting": joined
            >= snapshot.jobs.posted_at[table["job"]],
        }
    )
    of_list = flaws.groupby(table["decision"], sort=True).any()
    first = of_list.to_numpy().argmax(axis=1) if len(of_list) else np.zeros(0, np.int64)
    flawed = of_list.any(axis=1)
    counts = np.bincount(first[flawed.to_numpy()], minlength=flaws.shape[1])
    whole = table[~table["decision"].map(flawed).astype(bool)]
    # Jobs lie in order of time, so their rows do; a decision of the same job follows by its id.
    whole = whole.sort_values(["job", "decision", "seat"], kind="stable", ignore_index=True)
    number = whole.groupby(["job", "decision"], sort=True).ngroup()
    return whole.assign(list=number), dict(zip(flaws.columns, counts.tolist(), strict=True))


def _rows(ids: pd.Series[str], known: Mapping[str, int]) -> Rows:
    return np.asarray(ids.astype(str).map(known), np.int64)

"""Who is top rated: a rule on what was delivered and earned, the same wherever it is asked.

Top rated is whoever completed enough contracts, of those that ended a high enough share, and
earned enough. The rule reads events alone, so it can be told of any market that records how
contracts end and what is paid, as of any instant that the events were cut at.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from matcher.domain import Kind

ENDINGS = (Kind.COMPLETED, Kind.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where somebody stands; only ended contracts count.

    Attributes:
        earned_usd: All that was paid.
        contracts_missing: Completed contracts that are wanting, at this record, until both the
            number and the share suffice; None where no number of them ever will.
        usd_missing: Money that is wanting.
        met: How many of the three conditions hold: number, share, money.
    """

    freelancer_id: str
    completed: int
    cancelled: int
    earned_usd: float
    contracts_missing: int | None
    usd_missing: float
    met: int

    @property
    def success(self) -> float | None:
        """Share of ended contracts that were completed; None where none has ended."""
        ended = self.completed + self.cancelled
        return self.completed / ended if ended else None

    @property
    def is_top(self) -> bool:
        """Whether all three conditions hold."""
        return self.met == 3

    @property
    def missing(self) -> tuple[str, ...]:
        """What is wanting, in words; empty for the top rated."""
        told = []
        if self.contracts_missing is None:
            told.append("a record without a contract broken off")
        elif self.contracts_missing:
            plural = "" if self.contracts_missing == 1 else "s"
            told.append(f"{self.contracts_missing:,} more completed contract{plural}")
        if self.usd_missing:
            told.append(f"{math.ceil(self.usd_missing):,} USD more earned")
        return tuple(told)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopRatedRule:
    """What being top rated takes.

    Attributes:
        contracts: Completed contracts, at least.
        success: Share of ended contracts that were completed, at least.
        earned_usd: Money earned, at least.
    """

    contracts: int = 8
    success: float = 0.9
    earned_usd: float = 5_000.0

    def standing(
        self, freelancer_id: str, *, completed: int, cancelled: int, earned_usd: float
    ) -> Standing:
        """Where somebody with this record stands."""
        met = (
            completed >= self.contracts,
            self._succeeds(completed, cancelled),
            earned_usd >= self.earned_usd,
        )
        return Standing(
            freelancer_id=freelancer_id,
            completed=completed,
            cancelled=cancelled,
            earned_usd=earned_usd,
            contracts_missing=self._missing(completed, cancelled),
            usd_missing=max(self.earned_usd - earned_usd, 0.0),
            met=sum(met),
        )

    def _succeeds(self, completed: int, cancelled: int) -> bool:
        return completed >= self.success * (completed + cancelled)

    def _missing(self, completed: int, cancelled: int) -> int | None:
        if self.success >= 1 and cancelled:
            return None
        wanted = max(self.contracts, completed)
        if cancelled:
            wanted = max(wanted, math.floor(self.success * cancelled / (1 - self.success)) - 1)
        while not self._succeeds(wanted, cancelled):  # a step or two, whatever rounding did
            wanted += 1
        return wanted - completed


def standings(events: pd.DataFrame, rule: TopRatedRule) -> tuple[Standing, ...]:
    """Everybody with an ended contract or a payment, the nearest to the rule first; ties by id.

    Args:
        events: The `events` table of a marketplace, cut at the instant that is asked about.
        rule: What it takes.
    """
    kinds = events["kind"].astype(str)
    ended = events[kinds.isin([kind.value for kind in ENDINGS])]
    counts = pd.crosstab(ended["freelancer_id"], ended["kind"].astype(str))
    paid = events[kinds == Kind.PAID.value].groupby("freelancer_id")["value"].sum()
    people = counts.index.union(paid.index).sort_values()
    counts = counts.reindex(index=people, columns=[one.value for one in ENDINGS], fill_value=0)
    earned = paid.reindex(people, fill_value=0.0)
    records = zip(people, counts.to_numpy().tolist(), earned.to_list(), strict=True)
    found = [
        rule.standing(str(who), completed=done, cancelled=broken, earned_usd=float(money))
        for who, (done, broken), money in records
    ]
    return tuple(sorted(found, key=_nearness))


def untold(events: pd.DataFrame) -> str | None:
    """Why nobody can be called top rated in this market; None where it records what it takes."""
    recorded = set(events["kind"].astype(str).unique())
    lacking = []
    if recorded.isdisjoint(kind.value for kind in ENDINGS):
        lacking.append("how contracts end (completed, cancelled)")
    if Kind.PAID.value not in recorded:
        lacking.append("what is paid (paid)")
    if not lacking:
        return None
    return f"the market does not record {' nor '.join(lacking)}: who is top rated cannot be told"


def _nearness(one: Standing) -> tuple[int, float, float, str]:
    wanting = math.inf if one.contracts_missing is None else one.contracts_missing
    return -one.met, wanting, one.usd_missing, one.freelancer_id

"""What has happened so far, as the hiring sees it: everything strictly before an instant."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from training.simulate.contracts import Contract
from training.simulate.people import People


class State:
    """The market at an instant; `advance` moves it on, never back.

    Attributes:
        rate: [n] USD an hour that each freelancer asks now.
        busy_hours: [n] hours a week that are taken by running contracts.
        completed: [n] contracts that ended well.
        cancelled: [n] contracts that were broken off.
        ties: What a client thinks of each row it has worked with; negative after a bad end.
    """

    def __init__(self, people: People, *, rates: Iterable[tuple[int, int, float]]) -> None:
        self.rate = people.rate.copy()
        self.busy_hours = np.zeros(len(people))
        self.completed = np.zeros(len(people))
        self.cancelled = np.zeros(len(people))
        self.ties: defaultdict[str, dict[int, float]] = defaultdict(dict)
        self._rates = sorted(rates, reverse=True)
        self._starts: list[tuple[int, int, Contract]] = []
        self._ends: list[tuple[int, int, Contract]] = []
        self._contracts = 0

    def expect(self, contract: Contract) -> None:
        """Note a contract that will start and end later."""
        self._contracts += 1
        heapq.heappush(self._starts, (contract.started_at, self._contracts, contract))
        heapq.heappush(self._ends, (contract.ended_at, self._contracts, contract))

    def advance(self, at: int) -> None:
        """Let everything happen that happens strictly before `at`."""
        while self._rates and self._rates[-1][0] < at:
            _, row, rate = self._rates.pop()
            self.rate[row] = rate
        while self._starts and self._starts[0][0] < at:
            contract = heapq.heappop(self._starts)[-1]
            self.busy_hours[contract.row] += contract.weekly_hours
        while self._ends and self._ends[0][0] < at:
            self._end(heapq.heappop(self._ends)[-1])

    def _end(self, contract: Contract) -> None:
        self.busy_hours[contract.row] -= contract.weekly_hours
        tally = self.completed if contract.is_completed else self.cancelled
        tally[contract.row] += 1
        self.ties[contract.client_id][contract.row] = contract.satisfaction

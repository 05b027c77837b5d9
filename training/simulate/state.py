"""What has happened so far, as both sides see it: everything strictly before an instant."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable

import numpy as np

from training.simulate.agencies import Agencies
from training.simulate.contracts import Contract
from training.simulate.draws import Floats
from training.simulate.people import DAY, People
from training.simulate.vocabulary import categories

_LEARNING = 0.12  # share of what lacks to mastery that a completed contract closes
_HALF_LIFE = 180 * DAY
_LONGEST = 32  # half-lives
_AGENCY_CREDIT = 0.35  # of a colleague's standing with a client
_PRIOR_STARS = (4.8, 3.0)  # what nobody's stars are taken for, and how many of those


class State:
    """The market at an instant; `advance` moves it on, never back.

    Attributes:
        rate: [n] USD an hour that each freelancer asks now.
        busy_hours: [n] hours a week that are taken by running contracts.
        completed: [n] contracts that ended well.
        cancelled: [n] contracts that were broken off.
        teamwork: [n] contracts worked off beside others.
        left_at: [n] when somebody stops looking for work; no table tells.
        ties: What a client thinks of each row it has worked with; negative where it was broken
            off or the client was dissatisfied in private.
        hires: Client -> hires so far.
    """

    def __init__(
        self, people: People, agencies: Agencies, *, on_raise: Callable[[int, int, float], None]
    ) -> None:
        self.people, self.agencies = people, agencies
        self.rate = people.rate.copy()
        self.busy_hours = np.zeros(len(people))
        self.completed = np.zeros(len(people))
        self.cancelled = np.zeros(len(people))
        self.teamwork = np.zeros(len(people))
        self.left_at = people.joined_at + (people.stamina_days * DAY).astype(np.int64)
        self.ties: defaultdict[str, dict[int, float]] = defaultdict(dict)
        self.hires: defaultdict[str, int] = defaultdict(int)
        self._on_raise = on_raise
        self._stars = np.zeros((2, len(people)))
        # Hires, each worth 2 to the half-lives from `_epoch` to its start: ageing is one division.
        self._renown = np.zeros((len(categories()), len(people)), np.float32)
        self._epoch = 0  # half-lives since the market's start
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
        while self._starts and self._starts[0][0] < at:
            self._start(heapq.heappop(self._starts)[-1])
        while self._ends and self._ends[0][0] < at:
            self._end(heapq.heappop(self._ends)[-1])

    def stars(self) -> Floats:
        """[n] mean public stars, shrunk towards what most people have."""
        mean, weight = _PRIOR_STARS
        return np.asarray((self._stars[0] + mean * weight) / (self._stars[1] + weight))

    def standing(self, client_id: str) -> dict[int, float]:
        """Row -> what a client's own past with somebody, or with a colleague, is worth."""
        own = self.ties.get(client_id, {})
        found: dict[int, float] = {}
        for row, satisfaction in own.items():
            agency = int(self.agencies.of[row])
            for colleague in self.agencies.members.get(agency, ()):
                credit = _AGENCY_CREDIT * satisfaction
                found[int(colleague)] = max(found.get(int(colleague), credit), credit)
        return {**found, **own}

    def renown(self, category: int | None, at: int) -> Floats:
        """[n] hires in a category (in all where None), each halved every 180 days."""
        counts = self._renown.sum(axis=0) if category is None else self._renown[category]
        return np.asarray(counts * 2.0 ** (self._epoch - at / _HALF_LIFE), dtype=np.float64)

    def _start(self, contract: Contract) -> None:
        self.hires[contract.client_id] += 1
        self.busy_hours[contract.row] += contract.weekly_hours
        self.teamwork[contract.row] += contract.is_in_team
        worth = self._worth(contract.started_at)  # which may move the epoch on
        self._renown[contract.category, contract.row] += worth

    def _worth(self, at: int) -> float:
        """What a hire counts for; the epoch moves on before that outgrows single precision."""
        passed = at / _HALF_LIFE - self._epoch
        if passed > _LONGEST:
            self._renown *= np.float32(2.0 ** -int(passed))
            self._epoch += int(passed)
        return float(2.0 ** (at / _HALF_LIFE - self._epoch))

    def _end(self, contract: Contract) -> None:
        row, people = contract.row, self.people
        self.busy_hours[row] -= contract.weekly_hours
        tally = self.completed if contract.is_completed else self.cancelled
        tally[row] += 1
        self.ties[contract.client_id][row] = contract.satisfaction
        # Somebody who finds work goes on looking for it, as long again.
        again = contract.ended_at + int(people.stamina_days[row] * DAY)
        self.left_at[row] = max(self.left_at[row], again)
        if contract.stars is not None:
            self._stars[:, row] += (contract.stars, 1.0)
        if contract.is_completed:
            known = people.strength[contract.needs, row].astype(np.float64)
            people.strength[contract.needs, row] = known + _LEARNING * (1.0 - known)
        if contract.raises > 1.0:
            self.rate[row] = np.ceil(self.rate[row] * contract.raises)
            self._on_raise(row, contract.ended_at, float(self.rate[row]))

"""Whom a client ends with: a race between all who may be candidates, and nobody.

Each candidate carries an exponential clock whose rate is its attraction; so does
"nobody", and every declined invitation speeds that clock up. The first to ring,
up to the number of seats and before nobody, are hired: for one seat this is the
conditional logit over those who happened to be candidates. Who that is, is
random too, independently from person to person. So the chance of a hire is one
integral over time of a product over people, and `p_hire` computes it to about
four digits: no sampling, however many people may apply.

Source: McFadden, in Zarembka (ed.), Frontiers in Econometrics, 1974 (the conditional logit);
Trefethen & Weideman, SIAM Review 56(3), 2014, doi:10.1137/130932132 (the trapezoidal rule).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.simulate.draws import Floats

_STEP = 0.7  # of the trapezoidal rule on a logarithmic scale of time
_EARLIEST = 0.01  # time of the first node, in units of one over the highest rate
_LATEST = 14.0  # time of the last node, in units of one over the rate of nobody
_CERTAIN = 1e-9  # less than this chance is never left

Nodes = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """All who may become candidates for one job, before anything is drawn.

    Attributes:
        weight: [n] attraction of each to the client, above 0.
        applies: [n] chance of applying unasked and not being invited.
        comes: [n] chance of being invited and accepting.
        declines: [n] chance of being invited and declining.
        boost: Factor on the attraction of those who were invited.
        nobody: Attraction of hiring nobody (else).
        rebuff: What each declined invitation adds to `nobody`, as a share of it.
        seats: At most so many are hired; up to 3, beyond which rounding would spoil the sums.
    """

    weight: Floats
    applies: Floats
    comes: Floats
    declines: Floats
    boost: float
    nobody: float
    rebuff: float
    seats: int = 1

    def p_hire(self) -> Floats:
        """[n] chance that each ends up hired; adds up to the expected number of hires."""
        if not len(self.weight):
            return np.zeros(0)
        times = self._times()
        ring, flow, rest = self._at(times)
        rest = np.maximum(rest, _CERTAIN)
        log_rest = np.log(rest)
        nobody_yet = np.exp(log_rest.sum(axis=1, keepdims=True) - self.nobody * times - log_rest)
        room = nobody_yet if self.seats == 1 else nobody_yet * self._room(ring / rest)
        found = _STEP * (times * flow * room).sum(axis=0)
        # What happens before the first node, where flow and room hardly change.
        return np.asarray(found + _missed(times) * flow[0] * room[0], dtype=np.float64)

    def _times(self) -> Nodes:
        """[nodes, 1], in geometric progression over all times at which anything may happen."""
        keen = np.where(self.comes > 0, self.boost, 1.0) * (self.applies + self.comes > 0)
        total = self.nobody + float(self.weight @ (self.applies + self.comes * self.boost))
        fastest = max(total, float((self.weight * keen).max()))
        first, last = np.log(_EARLIEST / fastest), np.log(_LATEST / self.nobody)
        return np.exp(np.arange(first, last + _STEP, _STEP))[:, None]

    def _at(self, times: Nodes) -> tuple[Nodes, Nodes, Nodes]:
        """[nodes, n] each: chance to have rung, its rate of change, and what is left.

        What is left is the chance of not having rung, less what declining adds to nobody's chance.
        """
        calm = np.exp(-times * self.weight)
        ring = self.applies * (1.0 - calm)
        flow = self.applies * self.weight * calm
        asked = np.flatnonzero(self.comes + self.declines)
        if not len(asked):
            return ring, flow, 1.0 - ring
        keen = self.boost * self.weight[asked]
        calm = np.exp(-times * keen)
        ring[:, asked] += self.comes[asked] * (1.0 - calm)
        flow[:, asked] += self.comes[asked] * keen * calm
        rest = 1.0 - ring
        rest[:, asked] -= self.declines[asked] * (1.0 - np.exp(-times * self.rebuff * self.nobody))
        return ring, flow, rest

    def _room(self, odds: Nodes) -> Nodes:
        """[nodes, n] factor for a free seat: how the others' rings may leave one.

        Elementary symmetric sums of the others' odds, up to one less than the seats.
        """
        powers = [(odds**k).sum(axis=1, keepdims=True) for k in range(1, self.seats)]
        sums = [np.ones_like(powers[0])]
        for k in range(1, self.seats):
            terms = [(-1) ** (i - 1) * sums[k - i] * powers[i - 1] for i in range(1, k + 1)]
            sums.append(np.asarray(sum(terms) / k))
        others = np.ones_like(odds)
        room = others
        for k in range(1, self.seats):
            others = sums[k] - odds * others
            room = room + others
        return room


def _missed(times: Nodes) -> float:
    """Weight of all nodes before the first, where nothing has happened yet."""
    return float(times[0, 0]) * _STEP / float(np.expm1(_STEP))

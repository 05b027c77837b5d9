"""How far p_hire is from what happened, for a sample of jobs and for any resample of it.

Source: Naeini, Cooper & Hauskrecht, AAAI 2015, doi:10.1609/aaai.v29i1.9602 (the error)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.ports import Column, Mask
from training.metrics import Floats

BINS = 20


@dataclass(frozen=True, slots=True)
class Reliability:
    """What was predicted and what happened in bins of equal count, kept apart by job.

    The bins stay where the whole sample puts them, so that a resample of jobs is one product.

    Attributes:
        table: [jobs, 3 * bins]: candidates, the sum of their p_hire, those hired.
    """

    table: Floats

    @classmethod
    def of(cls, p_hire: Sequence[Column], hired: Sequence[Mask]) -> Reliability | None:
        """From [n] of every job, in one order; None where p_hire is untrained."""
        predicted = np.concatenate(p_hire).astype(np.float64)
        if np.isnan(predicted).any():
            return None
        happened = np.concatenate(hired).astype(np.float64)
        job = np.repeat(np.arange(len(p_hire)), [len(one) for one in p_hire])
        table = np.zeros((len(p_hire), 3, BINS))
        order = np.argsort(predicted, kind="stable")
        for number, part in enumerate(np.array_split(order, BINS)):
            for what, values in enumerate((np.ones(len(part)), predicted[part], happened[part])):
                np.add.at(table[:, what, number], job[part], values)
        return cls(table.reshape(len(table), -1))

    def error(self, weight: Floats | None = None) -> float:
        """As `metrics.calibration_error`, each job counted so many times."""
        sums = self.table.sum(axis=0) if weight is None else weight @ self.table
        counted, predicted, happened = sums.reshape(3, BINS)
        return float(np.abs(predicted - happened).sum()) / max(float(counted.sum()), 1.0)

    def hire_rate(self) -> float:
        """Share of the candidates who were hired."""
        counted, _, happened = self.table.sum(axis=0).reshape(3, BINS)
        return float(happened.sum()) / max(float(counted.sum()), 1.0)

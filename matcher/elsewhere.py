"""What ratings brought from other platforms tell of quality: as much as they proved to, here.

Stars given elsewhere, by others and for other work, are one pseudo-observation of a person's
quality. How it is discounted is learned where both are on record: by how much those stars rise
with the quality seen here, and how far they stray from it. Where that is nothing, they count
nothing. Few ratings are shrunk towards the usual first.

Source: Gelman et al., Bayesian Data Analysis, 3rd ed., 2013, section 5.4; Kokkodis & Ipeirotis,
Management Science 2016, doi:10.1287/mnsc.2015.2217 (transferring reputation)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matcher.ports import Column
from matcher.reputation import Floats, Pieces

STRENGTH = 5.0  # ratings as which the usual counts
LEAST_PEOPLE = 50
LEAST_NOISE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A line from quality here to stars elsewhere; learned before an instant, and frozen.

    Attributes:
        usual: Mean of those stars, as a share of their scale.
        slope: By how much they rise with one unit of quality; 0 where they tell nothing.
        noise: Their variance around that.
    """

    usual: float = 0.0
    slope: float = 0.0
    noise: float = 1.0

    @classmethod
    def fit(cls, stars: Column, ratings: Column, seen: Pieces, *, variance: float) -> Elsewhere:
        """From people who brought ratings and whose work was then judged here.

        Args:
            stars: [F] mean stars of every person, 1 to 5; NaN without any.
            ratings: [F] how many they rest on.
            seen: What was seen here, on the scale that quality is told on.
            variance: Of quality, from person to person.
        """
        known = np.isfinite(stars)
        if not known.any():
            return cls()
        usual = float(np.mean(_share(stars[known])))
        brought = cls(usual=usual).deviation(stars, ratings)
        count = np.bincount(seen.freelancer, minlength=len(stars)).astype(np.float64)
        total = np.bincount(seen.freelancer, seen.deviation, minlength=len(stars))
        both = known & (count > 0)
        if both.sum() < LEAST_PEOPLE:
            return cls(usual=usual)
        here, there, weight = total[both] / count[both], brought[both], count[both]
        there = there - np.average(there, weights=weight)
        slope = max(float(np.average(here * there, weights=weight)) / variance, 0.0)
        spread = float(np.average(there**2, weights=weight)) - slope**2 * variance
        return cls(usual=usual, slope=slope, noise=max(spread, LEAST_NOISE))

    def deviation(self, stars: Column, ratings: Column) -> Floats:
        """[n] share of the scale above the usual, few ratings shrunk towards it; NaN without."""
        count = np.nan_to_num(ratings).astype(np.float64)
        return np.asarray((_share(stars) - self.usual) * count / (count + STRENGTH), np.float64)

    def evidence(self, stars: Column, ratings: Column) -> tuple[Floats, Floats]:
        """[n] precision that they add, and the deviation from usual quality weighed by it."""
        brought = self.deviation(stars, ratings)
        known = np.isfinite(brought)
        weight = np.where(known, self.slope**2 / self.noise, 0.0)
        total = np.where(known, np.nan_to_num(brought) * self.slope / self.noise, 0.0)
        return weight, total


def _share(stars: Column) -> Floats:
    return (stars.astype(np.float64) - 1.0) / 4.0

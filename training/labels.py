"""Graded relevance of a candidate for a job, from what became of them.

| grade | means |
|---|---|
| 0 | on the list or in the pool, and nothing came of it |
| 1 | invited, accepted, applied or shortlisted, not hired |
| 2 | hired, and broken off, or rated below `POOR_STARS` in public or `POOR_PRIVATE` in private |
| 3 | hired, and nothing more is known |
| 4 | hired, completed, and rated at least `GOOD_STARS` or `GOOD_PRIVATE`, and nothing below |

A bad end outweighs a good rating. Evaluation is binary: hired or not (grade 2 and up).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.domain import Kind
from matcher.ports import Rows
from matcher.snapshot import Snapshot

POOR_STARS, GOOD_STARS = 3.0, 4.5
POOR_PRIVATE, GOOD_PRIVATE = 4.0, 8.0
HIRED_GRADE = 2
INTEREST = (Kind.INVITED, Kind.INVITE_ACCEPTED, Kind.APPLIED, Kind.SHORTLISTED)


@dataclass(frozen=True, slots=True)
class Labels:
    """Grades of the pairs of which anything is known."""

    _grades: Mapping[int, Mapping[int, int]]

    @classmethod
    def of(cls, events: pd.DataFrame, *, snapshot: Snapshot) -> Labels:
        """From every event given; cut the events first where an instant matters."""
        table = pd.DataFrame(
            {
                "job": events["job_id"].map(snapshot.jobs.rows).to_numpy(np.int64),
                "freelancer": events["freelancer_id"]
                .map(snapshot.freelancers.rows)
                .to_numpy(np.int64),
                "kind": events["kind"].astype(str).to_numpy(dtype=str),
                "value": events["value"].to_numpy(np.float64, na_value=np.nan),
            }
        )
        graded = _grades(table)
        by_job: dict[int, dict[int, int]] = {}
        for job, freelancer, grade in zip(*graded, strict=True):
            by_job.setdefault(int(job), {})[int(freelancer)] = int(grade)
        return cls(by_job)

    def grades(self, job: int, rows: Rows) -> NDArray[np.int32]:
        """[n] grades of some freelancers for a job."""
        known = self._grades.get(job, {})
        return np.array([known.get(int(row), 0) for row in rows], np.int32)

    def hired(self, job: int) -> Rows:
        """Rows of everyone hired for a job, in their order."""
        known = self._grades.get(job, {})
        return np.array(sorted(r for r, grade in known.items() if grade >= HIRED_GRADE), np.int64)


def _grades(table: pd.DataFrame) -> tuple[Rows, Rows, Rows]:
    def of_kind(*kinds: Kind) -> pd.Series[bool]:
        return table["kind"].isin([kind.value for kind in kinds])

    stars, private = of_kind(Kind.RATED_FREELANCER), of_kind(Kind.RATED_PRIVATE)
    value = table["value"]
    poor = (stars & (value < POOR_STARS)) | (private & (value < POOR_PRIVATE))
    good = (stars & (value >= GOOD_STARS)) | (private & (value >= GOOD_PRIVATE))
    facts = pd.DataFrame(
        {
            "job": table["job"],
            "freelancer": table["freelancer"],
            "interest": of_kind(*INTEREST),
            "hired": of_kind(Kind.HIRED),
            "bad": poor | of_kind(Kind.CANCELLED),
            "completed": of_kind(Kind.COMPLETED),
            "good": good,
        }
    )
    pairs = facts.groupby(["job", "freelancer"], sort=True).any()
    grade = np.select(
        [
            pairs["hired"] & pairs["bad"],
            pairs["hired"] & pairs["completed"] & pairs["good"],
            pairs["hired"],
            pairs["interest"],
        ],
        [2, 4, 3, 1],
        default=0,
    )
    jobs = pairs.index.get_level_values(0).to_numpy(np.int64)
    freelancers = pairs.index.get_level_values(1).to_numpy(np.int64)
    return jobs, freelancers, grade.astype(np.int64)

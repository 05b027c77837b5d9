"""The best order that anybody could give: by the simulator's true probabilities.

This module alone opens `truth.parquet`, and evaluation alone imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from matcher.candidates import Query
from matcher.ports import Rows
from matcher.snapshot import Snapshot
from training.metrics import Floats
from training.systems import System, best

TRUTH = "truth.parquet"


def oracle_of(directory: Path, snapshot: Snapshot) -> System | None:
    """The oracle of a simulated marketplace; None where its truth is not at hand.

    A pair that the truth leaves out has a negligible probability.
    """
    path = directory / TRUTH
    if not path.is_file():
        return None
    table = pq.read_table(
        path,
        columns=["job_id", "freelancer_id", "p_hire"],
        read_dictionary=["job_id", "freelancer_id"],
    ).combine_chunks()
    jobs = _rows(table["job_id"], snapshot.jobs.rows)
    who = _rows(table["freelancer_id"], snapshot.freelancers.rows)
    chance = table["p_hire"].to_numpy()
    known = np.flatnonzero((jobs >= 0) & (who >= 0))
    order = known[np.argsort(jobs[known], kind="stable")]
    job, freelancer = jobs[order], who[order]
    chance = chance[order]
    ends = np.searchsorted(job, np.arange(len(snapshot.jobs) + 1))

    def oracle(query: Query) -> Rows:
        row = snapshot.jobs.rows[query.job.job_id or ""]
        span = slice(int(ends[row]), int(ends[row + 1]))
        scores = np.zeros(len(snapshot.freelancers), np.float32)
        scores[freelancer[span]] = chance[span]
        return best(scores, query)

    return oracle


def true_quality_of(directory: Path, snapshot: Snapshot) -> dict[tuple[int, int], float] | None:
    """Quality to be expected of pairs of job and freelancer rows; None without a truth."""
    path = directory / TRUTH
    if not path.is_file():
        return None
    columns = ["job_id", "freelancer_id", "quality"]
    table = pq.read_table(path, columns=columns, read_dictionary=columns[:2]).combine_chunks()
    jobs = _rows(table["job_id"], snapshot.jobs.rows)
    who = _rows(table["freelancer_id"], snapshot.freelancers.rows)
    known = np.flatnonzero((jobs >= 0) & (who >= 0))
    pairs = zip(jobs[known].tolist(), who[known].tolist(), strict=True)
    return dict(zip(pairs, table["quality"].to_numpy()[known].tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class TrueSeats:
    """What nobody sees of the pairs of some jobs.

    Attributes:
        hires: (job row, freelancer row) -> true chance of a hire, given the list that was shown.
        looks: Likewise, that the client looks at the seat; 0 where they had none.
    """

    hires: Mapping[tuple[int, int], float]
    looks: Mapping[tuple[int, int], float]

    def of(self, what: str, job: int, rows: Rows) -> Floats:
        """[n] `hires` or `looks` of some freelancers for a job; negligible where unknown."""
        known: Mapping[tuple[int, int], float] = getattr(self, what)
        return np.array([known.get((job, int(row)), 0.0) for row in rows], np.float64)


def true_seats_of(directory: Path, snapshot: Snapshot, *, jobs: Rows) -> TrueSeats | None:
    """The truth about the pairs of some jobs; None without a truth."""
    path = directory / TRUTH
    if not path.is_file():
        return None
    columns = ["job_id", "freelancer_id", "p_hire", "examination"]
    table = pq.read_table(path, columns=columns, read_dictionary=columns[:2]).combine_chunks()
    job = _rows(table["job_id"], snapshot.jobs.rows)
    who = _rows(table["freelancer_id"], snapshot.freelancers.rows)
    kept = np.flatnonzero(np.isin(job, jobs) & (job >= 0) & (who >= 0))
    pairs = list(zip(job[kept].tolist(), who[kept].tolist(), strict=True))
    hires, looks = (table[name].to_numpy()[kept].tolist() for name in columns[2:])
    return TrueSeats(dict(zip(pairs, hires, strict=True)), dict(zip(pairs, looks, strict=True)))


def _rows(column: pa.ChunkedArray, known: Mapping[str, int]) -> Rows:
    """[n] row of each id; -1 where it is not known."""
    codes = column.combine_chunks()
    if isinstance(codes, pa.ChunkedArray):
        codes = pa.concat_arrays(codes.chunks)
    rows = np.array([known.get(id_, -1) for id_ in codes.dictionary.to_pylist()], np.int64)
    return rows[codes.indices.to_numpy()] if len(rows) else np.zeros(0, np.int64)

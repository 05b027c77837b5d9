"""The best order that anybody could give: by the simulator's true probabilities.

This module alone opens `truth.parquet`, and evaluation alone imports it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from matcher.candidates import Query
from matcher.ports import Rows
from matcher.snapshot import Snapshot
from training.systems import System, best

TRUTH = "truth.parquet"


def oracle_of(directory: Path, snapshot: Snapshot) -> System | None:
    """The oracle of a simulated marketplace; None where its truth is not at hand.

    A pair that the truth leaves out has a negligible probability.
    """
    path = directory / TRUTH
    if not path.is_file():
        return None
    table = pq.read_table(path, columns=["job_id", "freelancer_id", "p_hire"])
    jobs = table["job_id"].to_pandas().map(snapshot.jobs.rows).to_numpy(np.float64)
    who = table["freelancer_id"].to_pandas().map(snapshot.freelancers.rows).to_numpy(np.float64)
    chance = table["p_hire"].to_numpy()
    known = np.flatnonzero(np.isfinite(jobs) & np.isfinite(who))
    order = known[np.argsort(jobs[known], kind="stable")]
    job, freelancer = jobs[order].astype(np.int64), who[order].astype(np.int64)
    chance = chance[order]
    ends = np.searchsorted(job, np.arange(len(snapshot.jobs) + 1))

    def oracle(query: Query) -> Rows:
        row = snapshot.jobs.rows[query.job.job_id or ""]
        span = slice(int(ends[row]), int(ends[row + 1]))
        scores = np.zeros(len(snapshot.freelancers), np.float32)
        scores[freelancer[span]] = chance[span]
        return best(scores, query)

    return oracle

"""The true probability of a hire for every pair, kept as the market unfolds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from training.simulate.draws import Floats, Ints
from training.simulate.fit import NEGLIGIBLE
from training.simulate.people import People


class Truth:
    """Collects probabilities job by job; pairs below `NEGLIGIBLE` are left out."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._job_ids: list[str] = []
        self._rows: list[Ints] = []
        self._values: list[Floats] = []

    def note(self, job_id: str, p_hire: Floats) -> None:
        """Keep the probabilities of one job over its pool."""
        rows = np.flatnonzero(p_hire >= NEGLIGIBLE)
        self._job_ids.append(job_id)
        self._rows.append(rows)
        self._values.append(p_hire[rows])

    def frame(self) -> pd.DataFrame:
        """job_id, freelancer_id and p_hire (float32); by job in order of time, then by id."""
        sizes = np.array([len(rows) for rows in self._rows], dtype=np.int64)
        job = np.repeat(np.arange(len(sizes)), sizes)
        row = np.concatenate([*self._rows, np.zeros(0, np.int64)])
        value = np.concatenate([*self._values, np.zeros(0)]).astype(np.float32)
        ids = pd.array(list(self._people.ids), dtype="str")
        rank = np.argsort(np.argsort(np.array(self._people.ids, dtype=object)))
        order = np.lexsort((rank[row], job))
        return pd.DataFrame(
            {
                "job_id": pd.array(self._job_ids, dtype="str").take(job[order]),
                "freelancer_id": ids.take(row[order]),
                "p_hire": value[order],
            }
        )

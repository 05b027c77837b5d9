"""The events of the market, noted as they are decided and read out in order of time."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.simulate.draws import Floats, Ints
from training.simulate.frames import instants
from training.simulate.posts import Post

KINDS = (
    "shown",
    "viewed",
    "invited",
    "invite_accepted",
    "invite_declined",
    "applied",
    "shortlisted",
    "hired",
    "rejected",
    "completed",
    "cancelled",
    "paid",
    "rated_freelancer",
    "rated_client",
    "rated_private",
)
_CODES = {kind: code for code, kind in enumerate(KINDS)}
_DTYPE = np.dtype(
    [
        ("at", np.int64),
        ("kind", np.int8),
        ("job", np.int32),
        ("row", np.int32),
        ("position", np.int32),
        ("propensity", np.float64),
        ("value", np.float64),
    ]
)

Log = npt.NDArray[np.void]


class Journal:
    """Collects events; `frame` numbers them in order of time.

    A position of 0 stands for none; so does a NaN. An event with a position belongs to
    the decision of its job.
    """

    def __init__(self, posts: Iterable[Post]) -> None:
        self._number = {post.id: number for number, post in enumerate(posts)}
        self._blocks: list[Log] = []
        self._one: list[tuple[int, int, int, int, int, float, float]] = []

    def note(self, at: int, kind: str, post: Post, row: int, *, value: float | None = None) -> None:
        """Add one event, `at` seconds after the market's start."""
        amount = np.nan if value is None else value
        self._one.append((at, _CODES[kind], self._number[post.id], row, 0, np.nan, amount))

    def note_all(
        self,
        at: Ints,
        kind: str,
        post: Post,
        rows: Ints,
        *,
        position: Ints | None = None,
        propensity: Floats | None = None,
        value: Floats | None = None,
    ) -> None:
        """Add an event a row, of one kind and job."""
        block = np.empty(len(rows), _DTYPE)
        block["at"], block["kind"] = at, _CODES[kind]
        block["job"], block["row"] = self._number[post.id], rows
        block["position"] = 0 if position is None else position
        block["propensity"] = np.nan if propensity is None else propensity
        block["value"] = np.nan if value is None else value
        self._blocks.append(block)

    def frame(
        self,
        ids: npt.NDArray[np.object_],
        job_ids: npt.NDArray[np.object_],
        *,
        before: int | None = None,
    ) -> pd.DataFrame:
        """The events table, sorted by time, then kind, job and freelancer.

        Args:
            ids: [people] ids of the freelancers.
            job_ids: [posts] ids of the jobs.
            before: Leave out what happens at or after this instant.
        """
        log = self._log()
        if before is not None:
            log = log[log["at"] < before]
        rank = np.argsort(np.argsort(ids)) if len(ids) else np.zeros(0, np.int64)
        log = log[np.lexsort((rank[log["row"]], log["job"], log["kind"], log["at"]))]
        width = max(6, len(str(len(log))))
        jobs = pd.Series(job_ids, dtype="str").take(log["job"]).reset_index(drop=True)
        return pd.DataFrame(
            {
                "event_id": pd.Series(
                    [f"e{number:0{width}d}" for number in range(1, len(log) + 1)], dtype="str"
                ),
                "at": instants(log["at"]),
                "kind": pd.Series(np.array(KINDS, object), dtype="str").take(log["kind"]).array,
                "job_id": jobs,
                "freelancer_id": pd.Series(ids, dtype="str").take(log["row"]).array,
                "decision_id": ("d-" + jobs).where(log["position"] > 0),
                "position": np.where(log["position"] > 0, log["position"], np.nan),
                "propensity": log["propensity"],
                "value": log["value"],
            }
        )

    def _log(self) -> Log:
        self._blocks.append(np.array(self._one, dtype=_DTYPE))
        self._one = []
        self._blocks = [np.concatenate(self._blocks)]
        return self._blocks[0]

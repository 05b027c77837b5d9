"""What no platform can know, kept as the market unfolds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.simulate.contracts import expected_quality
from training.simulate.draws import Floats
from training.simulate.niches import niches
from training.simulate.opening import Course, Opening
from training.simulate.people import People
from training.simulate.posts import Post

KEPT = 200  # of the pairs of a job, the likeliest are kept
_PAIRS = np.dtype(
    [
        ("job", np.int32),
        ("row", np.int32),
        ("p_hire", np.float32),
        ("p_apply", np.float32),
        ("quality", np.float32),
        ("examination", np.float32),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTruth:
    """One job, as nobody sees it.

    Attributes:
        p_hires: Expected number of hires.
        p_hires_without_list: The same, had no list been shown.
        cost_of_declining: What an invitation's being declined takes off the chance of a hire.
    """

    job: int
    p_hires: float
    p_hires_without_list: float
    cost_of_declining: float | None


class Truth:
    """Collects probabilities job by job: the likeliest pairs, the list, and whoever was hired."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._pairs: list[npt.NDArray[np.void]] = []
        self._jobs: list[JobTruth] = []

    def note(
        self, job: int, opening: Opening, course: Course, *, p_hire: Floats, without_list: Floats
    ) -> None:
        """Keep what one opening was truly like.

        Args:
            p_hire: [n] true chance of each hire, beside the list.
            without_list: [n] the same without it.
        """
        examined = opening.examination()
        kept = np.argsort(-p_hire, kind="stable")[:KEPT]
        listed = np.flatnonzero(np.isin(opening.rows, opening.slate.rows))
        places = np.unique(np.concatenate([kept, listed, course.hired]))
        places = places[(p_hire[places] > 0) | np.isin(places, listed)]
        pairs = np.empty(len(places), _PAIRS)
        pairs["job"], pairs["row"] = job, opening.rows[places]
        pairs["p_hire"], pairs["p_apply"] = p_hire[places], opening.candidate()[places]
        pairs["quality"] = expected_quality(opening.post, self._people, opening.rows[places])
        pairs["examination"] = examined[places]
        self._pairs.append(pairs)
        self._jobs.append(
            JobTruth(
                job=job,
                p_hires=float(p_hire.sum()),
                p_hires_without_list=float(without_list.sum()),
                cost_of_declining=opening.cost_of_declining(course),
            )
        )

    def pairs(self, posts: Sequence[Post]) -> pd.DataFrame:
        """A row a pair, by job in order of time, then by id; probabilities are float32."""
        found = np.concatenate([np.zeros(0, _PAIRS), *self._pairs])
        ids = np.array(self._people.ids, dtype=object)
        rank = np.argsort(np.argsort(ids)) if len(ids) else np.zeros(0, np.int64)
        found = found[np.lexsort((rank[found["row"]], found["job"]))]
        names = [post.id for post in posts]
        return pd.DataFrame(
            {
                "job_id": _coded(found["job"], names),
                "freelancer_id": _coded(found["row"], self._people.ids),
                **{name: found[name] for name in ("p_hire", "p_apply", "quality", "examination")},
            }
        )

    def jobs(self, posts: Sequence[Post]) -> pd.DataFrame:
        """A row a job so far, in order of time."""
        return pd.DataFrame(
            {
                "job_id": pd.Series([posts[one.job].id for one in self._jobs], dtype="str"),
                "category": pd.Series(
                    [posts[one.job].category_name for one in self._jobs], dtype="str"
                ),
                "p_hires": np.array([one.p_hires for one in self._jobs], np.float64),
                "p_hires_without_list": np.array(
                    [one.p_hires_without_list for one in self._jobs], np.float64
                ),
                "cost_of_declining": np.array(
                    [
                        np.nan if one.cost_of_declining is None else one.cost_of_declining
                        for one in self._jobs
                    ],
                    np.float64,
                ),
            }
        )


def true_people(people: People) -> pd.DataFrame:
    """A row a freelancer: latent quality, drive and speciality, by id."""
    table = pd.DataFrame(
        {
            "freelancer_id": pd.Series(list(people.ids), dtype="str"),
            "quality": people.quality,
            "drive": people.drive,
            "niche": pd.Series([niches()[row].name for row in people.niche], dtype="str"),
        }
    )
    return table.sort_values("freelancer_id", ignore_index=True)


def _coded(codes: npt.NDArray[np.int32], names: Sequence[str]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=pd.Index(list(names)))

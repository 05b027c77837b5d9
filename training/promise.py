"""What a score promises: p_hire, fitted on all jobs that had time to hire.

The ranker learns from lists that hired somebody; a probability learned from those alone would
suppose that every job does. So it is fitted on whole lists of mature jobs, those that hired nobody
too, posted after everything that grew the ranker.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from matcher.ports import Ranker
from matcher.ranking.calibration import Isotonic, Untrained
from training.mature import Pairs


def fit_p_hire(
    ranker: Ranker, pairs: Pairs, *, since: int, pace: Callable[[int], float]
) -> Isotonic | Untrained:
    """Isotonic on the lists of jobs from row `since` on.

    Untrained where those lists hold no hire, or nothing else.

    Args:
        pairs: Whole lists, in the order of their jobs.
        since: The first job that the ranker has not seen.
        pace: Hires a job of late, as of the posting of a job.
    """
    start = int(np.searchsorted(pairs.jobs, since))
    hired = pairs.hired[start:].astype(np.float32)
    if len(hired) == 0 or hired.min() == hired.max():
        return Untrained()
    starts = np.flatnonzero(np.diff(pairs.jobs[start:])) + 1
    lists = np.split(pairs.matrix[start:], starts)
    jobs = pairs.jobs[start:][np.append(0, starts)].tolist()
    return Isotonic.fit(
        [ranker.score(one) for one in lists],
        np.split(hired, starts),
        paces=[pace(job) for job in jobs],
    )

"""What orders a bundle's lists: the ranker's score, or the expected value of a proposal.

Judged on the latest lists, which neither has seen, by graded NDCG@10: hired and done well above
hired. The ranker orders unless the expected value is better beyond doubt: it was made to order.

Source: Burges et al., ICML 2005, doi:10.1145/1102351.1102363 (graded gains); Efron & Tibshirani,
An Introduction to the Bootstrap, 1993 (paired percentile intervals).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from matcher.heads import Heads, Policy
from matcher.ports import Column, Ranker
from matcher.ranking.gbdt import Boosting
from matcher.run import Run
from training.labels import HIRED_GRADE, Labels
from training.mature import Pairs, slice_starts
from training.metrics import Floats, interval, mean

GAINS = np.array(Boosting().label_gain)
DEPTH = 10
LEAST_LISTS = 30


def choose(
    heads: Heads, pairs: Pairs, *, ranker: Ranker, labels: Labels, run: Run
) -> tuple[Policy, dict[str, float]]:
    """The policy that serves the latest lists better, and the figures that say so."""
    if run.heads.policy != "best":
        return ("ranker" if not heads.by_name else run.heads.policy), {}
    differences = compared(heads, pairs, ranker=ranker, labels=labels, run=run)
    if len(differences) < LEAST_LISTS:
        return "ranker", {}
    low, high = interval(differences)
    figures = {
        "value_minus_ranker": mean(differences),
        "value_minus_ranker_low": low,
        "value_minus_ranker_high": high,
    }
    return ("expected_value" if low > 0 else "ranker"), figures


def compared(heads: Heads, pairs: Pairs, *, ranker: Ranker, labels: Labels, run: Run) -> Floats:
    """[q] graded NDCG@10 by expected value less that by the ranker, one a list that hired."""
    if heads.willing or not heads.by_name:  # p_hire follows the ranker, and its steps tie
        return np.zeros(0)
    start = slice_starts(pairs, run)[1]
    jobs, starts = np.unique(pairs.jobs[start:], return_index=True)
    ends = np.append(starts[1:], len(pairs.jobs) - start)
    found = []
    for job, first, last in zip(jobs.tolist(), starts + start, ends + start, strict=True):
        span = slice(int(first), int(last))
        grades = labels.grades(job, pairs.rows[span])
        if grades.max(initial=0) < HIRED_GRADE:
            continue
        value = heads.value(pairs.matrix[span], {n: s[span] for n, s in pairs.starts.items()})
        ranked = ranker.score(pairs.matrix[span])
        found.append(graded_ndcg(value, grades) - graded_ndcg(ranked, grades))
    return np.array(found)


def graded_ndcg(scores: Column, grades: NDArray[np.int32]) -> float:
    """NDCG@10 with the gains that the ranker learns by; ties in the order given.

    >>> graded_ndcg(np.array([3, 2, 1], np.float32), np.array([4, 0, 0], np.int32))
    1.0
    """
    gains = GAINS[grades]
    discount = 1 / np.log2(np.arange(2, DEPTH + 2))
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    best = np.sort(gains)[::-1][:DEPTH]
    ideal = float(best @ discount[: len(best)])
    return float(gains[order] @ discount[: len(order)]) / ideal if ideal > 0 else 0.0

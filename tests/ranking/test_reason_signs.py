"""A reason says which way: without what it names, the score moves against its sign.

Source: the check is a counterfactual one; Molnar, Interpretable Machine Learning, 2022, ch. 9.
"""

from __future__ import annotations

import numpy as np

from features import FEATURES
from matcher.domain import instant_of
from matcher.ports import Column, Matrix
from matcher.ranking.reasons import Explainer
from tests.small_market import an_engine

FAMILIES = np.array([FEATURES.family(name) for name in FEATURES.names])
FAMILY_OF = {name: FEATURES.family(name) for name in FEATURES.names}


def medians(matrix: Matrix) -> Column:
    """[d] the lower median of what is known of each column; NaN where nothing is."""
    known = np.isfinite(matrix).sum(axis=0)
    middle = np.maximum(known - 1, 0) // 2
    return np.take_along_axis(np.sort(matrix, axis=0), middle[None], axis=0)[0]


def test_nine_reasons_of_ten_agree_with_the_score_once_their_feature_is_as_usual(
    trained, small_market
):
    """Usual is the median of the list; a family speaks as one, so it is set as one.

    Whoever is as usual already moves nothing, which has no sign to agree with.
    """
    engine = an_engine(trained, small_market)
    ranker, explainer = trained.model.ranker, Explainer(FEATURES)
    agreeing = []
    for job in engine.snapshot.jobs.records[270:]:
        matches = engine.match(engine.ask(job, as_of=instant_of(job.posted_at), k=10))
        usual = medians(matches.matrix)
        rows = matches.matrix[:10]
        for row, added in zip(rows, ranker.contributions(rows), strict=True):
            told = explainer.reasons(row, added)
            without = np.stack(
                [np.where(FAMILY_OF[one.feature] == FAMILIES, usual, row) for one in told]
            )
            moved = ranker.score(row[None])[0] - ranker.score(without.astype(np.float32))
            agreeing += [
                np.sign(apart) == np.sign(one.contribution)
                for one, apart in zip(told, moved, strict=True)
                if apart
            ]
    assert len(agreeing) > 500
    assert np.mean(agreeing) >= 0.9

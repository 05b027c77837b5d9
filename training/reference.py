"""What a training looked like: the reference that its bundle keeps.

Features are described on lists spread evenly over all that were drawn. What the ranker
answered is described on the latest lists, which it has not seen: on those that grew its
trees it is surer of itself than it will ever be again.
"""

from __future__ import annotations

import numpy as np

from matcher.model import Model
from matcher.ports import Calibrator, Column, Ranker, Rows
from matcher.ranking.calibration import log_shares
from matcher.ranking.gbdt import GbdtRanker
from matcher.reference import ANSWERS, NO_REFERENCE, Reference, Spread
from training.fit import Slices
from training.pairs import Drawn

MOST_LISTS = 1_000  # more would cost a training seconds and make a later sample no surer


def reference_of(model: Model, drawn: Drawn) -> Reference:
    """The spread of every column over the retrieved pairs of a training's lists.

    Without a trained ranker, of the features alone; of nothing where no list holds anybody.
    """
    full = np.flatnonzero(retrieved_by(drawn))
    if len(full) == 0:
        return NO_REFERENCE
    places = np.unique(np.linspace(0, len(full) - 1, MOST_LISTS).round().astype(np.int64))
    chosen = np.zeros(len(drawn.sizes), np.bool_)
    chosen[full[places]] = True
    rows = np.flatnonzero(np.repeat(chosen, drawn.sizes) & drawn.retrieved)
    columns = {
        name: Spread.of(drawn.matrix[rows, column], lists=len(places))
        for column, name in enumerate(model.features.names)
    }
    unseen = Slices.of(drawn, model.run).calibration
    lists = int(np.count_nonzero(retrieved_by(unseen)))
    if isinstance(model.ranker, GbdtRanker) and lists:
        answers = answered(model.ranker, model.calibrator, unseen)
        columns |= {name: Spread.of(values, lists=lists) for name, values in answers.items()}
    return Reference(columns)


def answered(ranker: Ranker, calibrator: Calibrator, drawn: Drawn) -> dict[str, Column]:
    """[n] what was answered of each retrieved pair.

    A score is told as the logarithm of its softmax share of its list, for raw ones mean nothing
    across lists.
    """
    shares, chances = [np.zeros(0, np.float32)], [np.zeros(0, np.float32)]
    for place in np.flatnonzero(retrieved_by(drawn)).tolist():
        one = drawn.part(place, place + 1)
        scores = ranker.score(one.matrix[one.retrieved])
        shares.append(log_shares(scores).astype(np.float32))
        chances.append(calibrator.probabilities(scores, pace=float(one.paces[0])))
    return dict(zip(ANSWERS, (np.concatenate(shares), np.concatenate(chances)), strict=True))


def retrieved_by(drawn: Drawn) -> Rows:
    """[q] how many pairs of each list retrieval found."""
    owner = np.repeat(np.arange(len(drawn.sizes)), drawn.sizes)
    return np.bincount(owner[drawn.retrieved], minlength=len(drawn.sizes)).astype(np.int64)

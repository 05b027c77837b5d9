"""Rankers learned from what clients clicked, with and without the seat taken out of it.

A list becomes one lesson a click: whoever was clicked, above all who were not. A click on a seat
that is seldom looked at stands for many that it never got, so each lesson counts with the inverse
of its seat's chance of a look; with equal chances that is the naive ranker, bit for bit. The other
way is LightGBM's own: every seat has a share in the score while trees grow, and none afterwards.

Nothing here knows any truth; `debiasing.py` holds the rankers to it.

Source: Joachims, Swaminathan & Schnabel, WSDM 2017, doi:10.1145/3018661.3018699 (weights);
Hu et al., WWW 2019, doi:10.1145/3308558.3313447 (Unbiased LambdaMART, whence LightGBM's positions)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from matcher.engine import Engine
from matcher.ports import Matrix
from matcher.ranking.columns import Columns
from matcher.ranking.gbdt import Boosting, GbdtRanker, Lists
from training.impressions import Impressions
from training.metrics import Floats
from training.pairs import pairs_of

TREES = 120  # for every ranker alike: a few hundred lessons cannot say when to stop
LEAF = 20  # pairs at least; a run file's many would leave few leaves on so few lists
HEAVIEST = 10.0  # no click counts for more than so many of the first seat's
CLICK = 3  # the grade of somebody hired, whose gain is 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Lists as they were shown, and every column of each seat as of the posting.

    Attributes:
        matrix: [n, d] float32; none of the columns knows the seat.
    """

    lists: Impressions
    matrix: Matrix

    @classmethod
    def of(
        cls, engine: Engine, lists: Impressions, *, advance: Callable[[int], None] | None = None
    ) -> Shown:
        """Through the live engine, so beside the very pool that it would have retrieved."""
        matrix = np.zeros((len(lists.rows), len(engine.features.names)), np.float32)
        place = np.full(len(engine.snapshot.freelancers), -1)
        for job, seats in lists.slices():
            frame, of_pool, _ = pairs_of(engine, job, also=lists.rows[seats])
            place[frame.rows] = np.arange(len(frame))
            matrix[seats] = of_pool[place[lists.rows[seats]]]
            if advance is not None:
                advance(1)
        return cls(lists=lists, matrix=matrix)


def lessons(shown: Shown, columns: Columns) -> Lists:
    """A list for each click: the clicked first, then those of the same list who were not.

    `seats` are known of every pair; lists without a click, or of nothing else, teach nothing.
    """
    lists, clicked = shown.lists, shown.lists.clicked
    taken, sizes = [np.zeros(0, np.int64)], []
    for _, seats in lists.slices():
        places = np.arange(seats.start, seats.stop)
        others = places[~clicked[seats]]
        for one in places[clicked[seats]] if len(others) else ():
            taken.append(np.append(one, others))
            sizes.append(len(others) + 1)
    rows = np.concatenate(taken)
    length = np.array(sizes, np.int64)
    grades = np.zeros(len(rows), np.int32)
    grades[np.cumsum(length) - length] = CLICK
    return Lists(
        matrix=columns.take(shown.matrix[rows]),
        grades=grades,
        sizes=length,
        seats=lists.seat[rows],
    )


def seated(shown: Shown, columns: Columns) -> Lists:
    """Whole lists with their seats, from which LightGBM takes out what a seat explains.

    Whole, because in lessons those not clicked stand as often as their list has clicks.
    """
    lists = shown.lists
    return Lists(
        matrix=columns.take(shown.matrix),
        grades=np.where(lists.clicked, CLICK, 0).astype(np.int32),
        sizes=lists.sizes,
        seats=lists.seat,
    )


def naive(taught: Lists) -> Lists:
    """A click is a click."""
    return replace(taught, seats=None)


def weighted(taught: Lists, curve: Floats) -> Lists:
    """Every lesson counts with the inverse of the chance that its click had of being made.

    Args:
        curve: [seats] chance of a look at each seat, beside the first.
    """
    seat = np.zeros(0, np.int64) if taught.seats is None else taught.seats
    first = np.cumsum(taught.sizes) - taught.sizes
    weight = np.minimum(1 / curve[seat[first] - 1], HEAVIEST)
    weight = weight / weight.mean() if len(weight) else weight
    return replace(taught, weights=np.repeat(weight, taught.sizes).astype(np.float32), seats=None)


def grown(taught: Lists, columns: Columns, *, boosting: Boosting, seed: int) -> GbdtRanker:
    """A ranker of so many trees, over whole matrices."""
    return GbdtRanker.grown(
        taught, names=columns.names, monotone=columns.monotone, boosting=boosting, seed=seed
    ).reading(columns)

"""How near a list comes to the best ten that could be shown, by what is true of each.

Source: Järvelin & Kekäläinen, ACM TOIS 2002, doi:10.1145/582415.582418
"""

from __future__ import annotations

import numpy as np

from training.simulate.draws import Floats, Ints

DEPTH = 10
_DISCOUNT = 1.0 / np.log2(np.arange(DEPTH) + 2.0)


def ndcg(chance: Floats, seats: Ints) -> float | None:
    """NDCG@10 of a list, where the gain of a seat is a true chance; None where all are 0.

    Args:
        chance: [n] of everybody who could sit there, 0 or above.
        seats: [k] their places, the first seat first; -1 for somebody without any chance.

    >>> ndcg(np.array([0.5, 0.0]), np.array([0, 1]))
    1.0
    """
    ideal = _discounted(np.sort(chance)[::-1])
    if ideal == 0:
        return None
    return _discounted(np.where(seats < 0, 0.0, chance[seats])) / ideal


def _discounted(gains: Floats) -> float:
    first = gains[:DEPTH]
    return float(first @ _DISCOUNT[: len(first)])

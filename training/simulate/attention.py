"""How a list is read, seat by seat.

A seat is looked at with a chance that fades with its number and falls below the
fold. Once looked at, somebody is invited for what they are or, trust in the list
being what it is, for the seat alone.

Source: Joachims, Swaminathan & Schnabel, WSDM 2017, doi:10.1145/3018661.3018699 (examination by
rank); Agarwal et al., WWW 2019, doi:10.1145/3308558.3313697 (trust in the rank).
"""

from __future__ import annotations

import numpy as np

from training.simulate.draws import Floats
from training.simulate.parameters import Attention


def examination(seats: int, attention: Attention) -> Floats:
    """[seats] chance that a client who reads the list looks at each seat, the first for certain."""
    number = np.arange(1, seats + 1)
    chance = number ** -float(attention.decay)
    return np.asarray(np.where(number > attention.fold, attention.below_fold, 1.0) * chance)


def trusted(liked: Floats, attention: Attention) -> Floats:
    """[seats] chance of an invitation once looked at, from the chance on the merits alone."""
    trust = attention.trust / np.arange(1, len(liked) + 1)
    return np.asarray((1.0 - trust) * liked + trust, dtype=np.float64)

"""The transparent rule that orders people where there is too little to learn from.

Three parts of equal worth, each between 0 and 1: how complete the profile is, how much the
skills are in demand beside those who offer them, and how like recent jobs the profile reads.
What is unknown counts 0.
"""

from __future__ import annotations

import numpy as np

from matcher.ports import Column, Matrix

PARTS = ("completeness", "skill_demand_to_supply", "near_similarity")


def parts(matrix: Matrix, names: tuple[str, ...]) -> Matrix:
    """[n, d] what each column adds; 0 for the columns that the rule does not read."""
    out = np.zeros(matrix.shape, np.float32)
    for name in PARTS:
        column = names.index(name)
        value = np.nan_to_num(matrix[:, column], nan=0.0)
        if name == "skill_demand_to_supply":
            value = value / (1 + value)
        out[:, column] = np.clip(value, 0, 1)
    return out


def scores(matrix: Matrix, names: tuple[str, ...]) -> Column:
    """[n] in 0..3, higher first."""
    return np.asarray(parts(matrix, names).sum(axis=1), np.float32)


def contributions(matrix: Matrix, names: tuple[str, ...], *, usual: Matrix) -> Matrix:
    """[n, d] what each part adds beyond its mean over `usual` people, these among them."""
    if len(matrix) == 0:
        return np.zeros(matrix.shape, np.float32)
    mean = parts(usual, names).mean(axis=0)
    return np.asarray(parts(matrix, names) - mean, np.float32)

"""LambdaRank on small lists with a known answer."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from matcher.errors import BundleError
from matcher.ranking.gbdt import Boosting, GbdtRanker, Lists

NAMES = ("useful", "noise")
SMALL = Boosting(rounds=20, patience=5, num_leaves=4, min_data_in_leaf=5, feature_fraction=1.0)
LISTS, LENGTH = 40, 10


def lists(seed: int, *, sign: float = 1.0) -> Lists:
    """In each list the pair of the highest useful value is hired."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(LISTS * LENGTH, 2)).astype(np.float32)
    best = (sign * matrix[:, 0]).reshape(LISTS, LENGTH).argmax(axis=1)
    grades = np.zeros((LISTS, LENGTH), np.int32)
    grades[np.arange(LISTS), best] = 3
    return Lists(matrix=matrix, grades=grades.ravel(), sizes=np.full(LISTS, LENGTH))


def fit(*, seed: int = 7, monotone=(0, 0), sign: float = 1.0, on_round=None) -> GbdtRanker:
    return GbdtRanker.fit(
        lists(1, sign=sign),
        lists(2, sign=sign),
        names=NAMES,
        monotone=monotone,
        boosting=SMALL,
        seed=seed,
        on_round=on_round,
    )


@cache
def ranker() -> GbdtRanker:
    return fit()


def test_learns_what_is_useful():
    unseen = lists(3)
    first = ranker().score(unseen.matrix).reshape(LISTS, LENGTH).argmax(axis=1)
    hired = unseen.grades.reshape(LISTS, LENGTH).argmax(axis=1)
    assert np.mean(first == hired) > 0.6
    useful, noise = ranker().importance()
    assert useful > noise
    assert useful + noise == pytest.approx(1)


def test_the_same_seed_grows_the_same_trees_and_another_others():
    assert fit().text == ranker().text
    assert fit(seed=8).text != ranker().text


def test_a_model_survives_as_text():
    matrix = lists(3).matrix
    again = GbdtRanker(ranker().text)
    assert again.score(matrix).tobytes() == ranker().score(matrix).tobytes()
    assert again.trees == ranker().trees > 0


def test_a_score_depends_on_its_own_row_alone():
    matrix = lists(3).matrix
    order = np.random.default_rng(0).permutation(len(matrix))
    scores = ranker().score(matrix)
    assert scores.dtype == np.float32
    assert ranker().score(matrix[order]).tobytes() == scores[order].tobytes()
    assert ranker().score(matrix[:1]).tobytes() == scores[:1].tobytes()


def test_a_signed_feature_moves_no_score_against_its_sign():
    """The outcomes say the higher the worse; the sign forbids to learn it."""
    stubborn = fit(monotone=(1, 0), sign=-1.0)
    rising = np.column_stack([np.linspace(-3, 3, 50), np.zeros(50)]).astype(np.float32)
    assert (np.diff(stubborn.score(rising)) >= 0).all()


def test_contributions_and_what_everybody_gets_add_up_to_the_score():
    matrix = lists(3).matrix
    parts = ranker().contributions(matrix)
    assert parts.shape == matrix.shape
    rest = ranker().score(matrix) - parts.sum(axis=1)
    assert rest == pytest.approx(np.full(len(matrix), rest[0]), abs=1e-5)


def test_an_unknown_value_is_no_error():
    assert np.isfinite(ranker().score(np.full((2, 2), np.nan, np.float32))).all()


def test_nobody_has_no_scores():
    nobody = np.zeros((0, 2), np.float32)
    assert ranker().score(nobody).shape == (0,)
    assert ranker().contributions(nobody).shape == (0, 2)


def test_progress_is_told_round_by_round():
    rounds: list[None] = []
    grown = fit(on_round=lambda: rounds.append(None))
    assert 2 * grown.trees <= len(rounds) <= 2 * SMALL.rounds


@pytest.mark.parametrize("text", ["", "weighted sum", "tree\nversion=v4\n"])
def test_text_that_is_no_model_is_refused(text):
    with pytest.raises(BundleError, match=r"not a LightGBM model .*; train the bundle again"):
        GbdtRanker(text)

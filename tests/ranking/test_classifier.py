"""Yes or no on rows whose true probability is known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from matcher.errors import BundleError
from matcher.ranking.classifier import GbdtClassifier, Outcomes
from matcher.ranking.gbdt import Boosting
from matcher.ranking.treetext import checked
from tests.ranking.test_gbdt import ranker

NAMES = ("useful", "noise")
SMALL = Boosting(
    rounds=80,
    patience=10,
    learning_rate=0.1,
    num_leaves=4,
    min_data_in_leaf=20,
    feature_fraction=1.0,
)


def true_chance(matrix: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(2 - 2 * matrix[:, 0]))


def outcomes(seed: int, rows: int = 1500) -> Outcomes:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(rows, 2)).astype(np.float32)
    return Outcomes(matrix=matrix, happened=rng.random(rows) < true_chance(matrix))


def fit(train=None, valid=None, *, seed=7, monotone=(0, 0), on_round=None) -> GbdtClassifier:
    return GbdtClassifier.fit(
        outcomes(1) if train is None else train,
        valid,
        names=NAMES,
        monotone=monotone,
        boosting=SMALL,
        seed=seed,
        on_round=on_round,
    )


@cache
def fitted() -> GbdtClassifier:
    return fit(valid=outcomes(2))


def test_a_probability_is_near_the_true_one():
    unseen = outcomes(3).matrix
    told = fitted().probabilities(unseen)
    assert told.dtype == np.float32
    assert ((told >= 0) & (told <= 1)).all()
    assert np.abs(told - true_chance(unseen)).mean() < 0.06
    assert np.corrcoef(told, true_chance(unseen))[0, 1] > 0.95


def test_what_is_useful_brings_the_gain():
    useful, noise = fitted().importance()
    assert useful > noise
    assert useful + noise == pytest.approx(1)


def test_probabilities_are_the_log_odds_squashed():
    unseen = outcomes(3).matrix
    odds = fitted().log_odds(unseen).astype(np.float64)
    assert fitted().probabilities(unseen) == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-6)


def test_contributions_and_what_everybody_gets_add_up_to_the_log_odds():
    unseen = outcomes(3).matrix
    parts = fitted().contributions(unseen)
    assert parts.shape == unseen.shape
    rest = fitted().log_odds(unseen) - parts.sum(axis=1)
    assert rest == pytest.approx(np.full(len(unseen), rest[0]), abs=1e-4)


def test_stops_where_later_rows_gain_nothing_more():
    """Later outcomes that contradict the earlier ones leave the fewest trees."""
    later = outcomes(2)
    opposite = replace(later, matrix=-later.matrix)
    assert fit(valid=opposite).trees == 1
    assert 1 < fitted().trees < SMALL.rounds
    assert fit().trees == SMALL.rounds


def test_without_later_rows_an_empty_slice_is_the_same_as_none():
    assert fit(valid=outcomes(2, rows=0)).text == fit().text


def test_the_same_seed_grows_the_same_trees_and_another_others():
    assert fit(valid=outcomes(2)).text == fitted().text
    assert fit(valid=outcomes(2), seed=8).text != fitted().text


def test_a_signed_column_moves_no_probability_against_its_sign():
    stubborn = fit(monotone=(-1, 0))
    rising = np.column_stack([np.linspace(-3, 3, 50), np.zeros(50)]).astype(np.float32)
    assert (np.diff(stubborn.probabilities(rising)) <= 0).all()


def test_a_row_that_weighs_nothing_teaches_nothing():
    """The odd rows say the opposite; weighed with zero, they are as good as absent."""
    even = outcomes(1)
    odd = Outcomes(matrix=even.matrix, happened=~even.happened, weights=np.zeros(len(even), "f4"))
    told = fit(even.followed_by(odd)).probabilities(outcomes(3).matrix)
    assert np.corrcoef(told, true_chance(outcomes(3).matrix))[0, 1] > 0.95


def test_joined_rows_keep_their_weights():
    plain, heavy = outcomes(1, rows=2), replace(outcomes(2, rows=1), weights=np.full(1, 3, "f4"))
    assert plain.followed_by(plain).weights is None
    assert plain.followed_by(heavy).weights.tolist() == [1, 1, 3]


@pytest.mark.parametrize("happens", [True, False])
def test_where_all_outcomes_are_alike_it_says_what_was_seen(happens):
    rows = outcomes(1, rows=50)
    sure = fit(replace(rows, happened=np.full(50, happens)))
    assert sure.probabilities(rows.matrix) == pytest.approx(np.full(50, float(happens)), abs=1e-6)
    assert not sure.contributions(rows.matrix).any()
    assert sure.importance().tolist() == [0, 0]


def test_a_single_row_can_be_learned_from():
    one = outcomes(1, rows=1)
    told = fit(one).probabilities(one.matrix)
    assert told == pytest.approx(one.happened.astype(float), abs=1e-6)


def test_an_unknown_value_is_no_error():
    assert np.isfinite(fitted().probabilities(np.full((2, 2), np.nan, np.float32))).all()


def test_nobody_has_no_probabilities():
    nobody = np.zeros((0, 2), np.float32)
    assert fitted().probabilities(nobody).shape == (0,)
    assert fitted().log_odds(nobody).shape == (0,)
    assert fitted().contributions(nobody).shape == (0, 2)


def test_a_model_survives_as_text():
    again = GbdtClassifier.opened(fitted().text, names=NAMES)
    unseen = outcomes(3).matrix
    assert again.probabilities(unseen).tobytes() == fitted().probabilities(unseen).tobytes()
    assert again.text == fitted().text


def test_progress_is_told_round_by_round():
    rounds: list[None] = []
    grown = fit(valid=outcomes(2), on_round=lambda: rounds.append(None))
    assert 2 * grown.trees <= len(rounds) <= 2 * SMALL.rounds


@pytest.mark.parametrize("text", ["", "weighted sum", "tree\nversion=v4\n"])
def test_text_that_is_no_model_is_refused(text):
    with pytest.raises(BundleError, match=r"classifier's text .*; train the bundle again"):
        GbdtClassifier.opened(text, names=NAMES)


def test_a_classifier_of_other_columns_is_refused():
    with pytest.raises(BundleError, match="this release's columns"):
        GbdtClassifier.opened(fitted().text, names=("useful", "other"))


def test_a_ranker_is_no_classifier_and_a_classifier_no_ranker():
    with pytest.raises(BundleError, match=r"classifier's text .* a head of"):
        GbdtClassifier.opened(ranker().text, names=NAMES)
    with pytest.raises(BundleError, match=r"ranker's text .* a head of"):
        checked(fitted().text, names=NAMES)

"""The first seat is always looked at, the last hardly ever."""

from __future__ import annotations

import numpy as np
import pytest

from training.simulate.attention import examination, trusted
from training.simulate.parameters import Attention


def test_the_first_seat_is_looked_at_for_certain_and_every_later_one_less():
    chance = examination(12, Attention(seats=12))
    assert chance[0] == 1
    assert np.all(np.diff(chance) < 0)


def test_above_the_fold_attention_is_a_power_of_the_seat():
    chance = examination(8, Attention(decay=0.7, fold=8))
    assert chance == pytest.approx(np.arange(1, 9) ** -0.7)


def test_below_the_fold_it_drops_by_the_factor():
    whole = examination(10, Attention(fold=10))
    folded = examination(10, Attention(fold=4, below_fold=0.25))
    assert folded / whole == pytest.approx([1] * 4 + [0.25] * 6)


def test_without_decay_every_seat_is_looked_at():
    assert examination(5, Attention(decay=0, fold=5)).tolist() == [1] * 5


def test_no_seats_need_no_attention():
    assert examination(0, Attention()).shape == (0,)


def test_a_seat_alone_may_bring_an_invitation():
    assert trusted(np.zeros(3), Attention(trust=0.3)) == pytest.approx([0.3, 0.15, 0.1])


def test_trust_never_takes_an_invitation_away():
    liked = np.linspace(0, 1, 12)
    invited = trusted(liked, Attention(trust=0.5))
    assert np.all((invited >= liked) & (invited <= 1))
    assert trusted(liked, Attention(trust=0)).tolist() == liked.tolist()

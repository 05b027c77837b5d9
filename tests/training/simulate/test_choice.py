"""The race between the candidates and nobody, against closed forms, enumeration and dice."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.simulate.choice import Field
from training.simulate.draws import Floats

CLOSE = 5e-4  # of a chance: "about four digits"
DRAWS = 40_000


def a_field(
    *weight: float,
    applies: float | list[float] = 0.0,
    comes: float | list[float] = 0.0,
    declines: float | list[float] = 0.0,
    nobody: float = 1.0,
    rebuff: float = 0.5,
    seats: int = 1,
) -> Field:
    n = len(weight)
    return Field(
        weight=np.array(weight, np.float64),
        applies=np.broadcast_to(np.array(applies, np.float64), n),
        comes=np.broadcast_to(np.array(comes, np.float64), n),
        declines=np.broadcast_to(np.array(declines, np.float64), n),
        boost=4.0,
        nobody=nobody,
        rebuff=rebuff,
        seats=seats,
    )


def a_mixed_field(*, seats: int = 1, seed: int = 0, n: int = 6, rebuff: float = 0.5) -> Field:
    """People who may apply, be invited and come, be invited and decline, or stay away."""
    rng = np.random.default_rng(seed)
    chance = rng.dirichlet(np.ones(4), size=n)
    return a_field(
        *rng.lognormal(0, 1.2, n),
        applies=list(chance[:, 0]),
        comes=list(chance[:, 1]),
        declines=list(chance[:, 2]),
        nobody=float(rng.lognormal(0.5)),
        rebuff=rebuff,
        seats=seats,
    )


def by_orders(rates: Floats, *, nobody: float, seats: int) -> Floats:
    """[n] chance of each to be among the first `seats` to ring and before nobody."""
    found = np.zeros(len(rates))
    for length in range(1, min(seats, len(rates)) + 1):
        for order in permutations(range(len(rates)), length):
            left, chance = float(rates.sum()) + nobody, 1.0
            for row in order:
                chance *= rates[row] / left
                left -= rates[row]
            found[order[-1]] += chance
    return found


def by_cases(field: Field) -> Floats:
    """[n] the same of a whole field: every way in which its people may come or stay away."""
    found = np.zeros(len(field.weight))
    away = 1 - field.applies - field.comes - field.declines
    chances = np.stack([field.applies, field.comes, field.declines, away])
    for case in product(range(4), repeat=len(field.weight)):
        kind = np.array(case)
        factor = np.array([1.0, field.boost, 0.0, 0.0])[kind]
        nobody = field.nobody * (1 + field.rebuff * (kind == 2).sum())
        chance = chances[kind, np.arange(len(kind))].prod()
        found += chance * by_orders(field.weight * factor, nobody=nobody, seats=field.seats)
    return found


def by_dice(field: Field, *, draws: int) -> Floats:
    """[n] share of races in which each was hired."""
    rng, n = np.random.default_rng(1), len(field.weight)
    kind, hired = rng.random((draws, n)), np.zeros(n)
    ends = np.cumsum([field.applies, field.comes, field.declines], axis=0)
    for luck in kind:
        applied, declined = luck < ends[0], (ends[1] <= luck) & (luck < ends[2])
        came = (ends[0] <= luck) & (luck < ends[1])
        rates = field.weight * (applied + field.boost * came)
        rings = rng.exponential(size=n) / np.maximum(rates, 1e-300)
        end = rng.exponential() / (field.nobody * (1 + field.rebuff * declined.sum()))
        first = np.argsort(rings)[: field.seats]
        hired[first[rings[first] < end]] += 1
    return hired / draws


@pytest.mark.parametrize("weight", [0.01, 1.0, 30.0, 1e4, 1e13])
def test_one_certain_candidate_competes_with_nobody_alone(weight):
    field = a_field(weight, applies=1.0, nobody=2.0)
    assert field.p_hire() == pytest.approx([weight / (weight + 2.0)], abs=CLOSE)


@pytest.mark.parametrize("p", [1.0, 0.5, 0.1])
def test_an_uncertain_candidate_has_that_share_of_it(p):
    field = a_field(3.0, applies=p, nobody=1.0)
    assert field.p_hire() == pytest.approx([p * 3.0 / 4.0], abs=CLOSE)


@pytest.mark.parametrize("p", [0.01, 0.005, 0.002])
def test_somebody_irresistible_who_hardly_ever_comes_is_hired_when_they_do(p):
    field = a_field(1e4, applies=p, nobody=1.0)
    assert field.p_hire() == pytest.approx([p], abs=CLOSE)


def test_an_invitation_that_is_accepted_boosts():
    field = a_field(1.0, comes=1.0, nobody=2.0)
    assert field.p_hire() == pytest.approx([field.boost / (field.boost + 2.0)], abs=CLOSE)


def test_certain_candidates_for_one_seat_are_a_conditional_logit():
    weight = np.array([0.2, 1.0, 5.0, 12.0])
    field = a_field(*weight, applies=1.0, nobody=3.0)
    assert field.p_hire() == pytest.approx(weight / (weight.sum() + 3.0), abs=CLOSE)


@pytest.mark.parametrize("seats", [1, 2, 3])
def test_certain_candidates_for_several_seats_are_hired_in_any_order(seats):
    weight = np.array([0.2, 1.0, 5.0, 12.0])
    field = a_field(*weight, applies=1.0, nobody=3.0, seats=seats)
    assert field.p_hire() == pytest.approx(by_orders(weight, nobody=3.0, seats=seats), abs=CLOSE)


@pytest.mark.parametrize("seats", [1, 2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_is_the_sum_over_all_cases(seats, seed):
    field = a_mixed_field(n=4, seats=seats, seed=seed)
    assert field.p_hire() == pytest.approx(by_cases(field), abs=CLOSE)


@pytest.mark.parametrize("seats", [1, 2, 3])
def test_is_how_often_somebody_wins_the_race(seats):
    field = a_mixed_field(n=6, seats=seats)
    p = field.p_hire()
    assert np.all(np.abs(by_dice(field, draws=DRAWS) - p) < 4 * np.sqrt(p * (1 - p) / DRAWS))


@given(seed=st.integers(0, 10_000), seats=st.integers(1, 3), n=st.integers(1, 40))
def test_are_chances_that_add_up_to_no_more_than_the_seats(seed, seats, n):
    p = a_mixed_field(n=n, seats=seats, seed=seed).p_hire()
    assert np.all((p >= 0) & (p <= 1 + CLOSE))
    assert p.sum() <= min(seats, n) + CLOSE


@given(seed=st.integers(0, 10_000), seats=st.integers(1, 3), factor=st.floats(1e-3, 1e3))
def test_only_the_ratio_of_the_attractions_counts(seed, seats, factor):
    field = a_mixed_field(seats=seats, seed=seed)
    scaled = Field(
        weight=factor * field.weight,
        applies=field.applies,
        comes=field.comes,
        declines=field.declines,
        boost=field.boost,
        nobody=factor * field.nobody,
        rebuff=field.rebuff,
        seats=seats,
    )
    assert scaled.p_hire() == pytest.approx(field.p_hire(), abs=1e-5)


@given(seed=st.integers(0, 1_000))
def test_one_more_seat_never_hurts(seed):
    one, two, three = (a_mixed_field(seats=seats, seed=seed).p_hire() for seats in (1, 2, 3))
    assert np.all(one <= two + CLOSE)
    assert np.all(two <= three + CLOSE)


def test_an_empty_field_hires_nobody():
    assert a_field().p_hire().shape == (0,)
    assert a_field(seats=3).p_hire().shape == (0,)


@pytest.mark.parametrize("seats", [1, 2])
def test_who_never_comes_is_never_hired_and_stands_in_nobodys_way(seats):
    field = a_field(1e6, 2.0, 1.0, applies=[0.0, 1.0, 0.5], seats=seats)
    without = a_field(2.0, 1.0, applies=[1.0, 0.5], seats=seats)
    assert field.p_hire()[0] == 0
    assert field.p_hire()[1:] == pytest.approx(without.p_hire(), abs=CLOSE)


def test_a_field_in_which_nobody_ever_comes_hires_nobody():
    assert a_field(1.0, 5.0).p_hire().tolist() == [0, 0]
    assert a_field(1.0, 5.0, declines=1.0).p_hire().tolist() == [0, 0]


@pytest.mark.parametrize("seats", [1, 2, 3])
def test_the_irresistible_share_the_seats(seats):
    field = a_field(1e13, 1e13, 1e13, 1.0, applies=1.0, nobody=1.0, seats=seats)
    shared = [seats / 3] * 3
    assert field.p_hire()[:3] == pytest.approx(shared, abs=CLOSE)
    assert field.p_hire()[3] == pytest.approx(0, abs=CLOSE)


@pytest.mark.parametrize("seats", [1, 2])
def test_a_declined_invitation_lowers_everybodys_chance(seats):
    kind = a_field(2.0, 1.0, 5.0, applies=0.5, declines=[0, 0, 0.4], rebuff=0.0, seats=seats)
    sore = a_field(2.0, 1.0, 5.0, applies=0.5, declines=[0, 0, 0.4], rebuff=1.0, seats=seats)
    assert np.all(sore.p_hire()[:2] < kind.p_hire()[:2] - 1e-3)
    # Whoever is hired has not declined, so the last one's own chance is untouched by it.
    assert sore.p_hire()[2] == pytest.approx(kind.p_hire()[2], abs=CLOSE)


def test_the_more_attractive_are_the_more_likely():
    p = a_field(1.0, 2.0, 4.0, 8.0, applies=0.3, comes=0.1, seats=2).p_hire()
    assert np.all(np.diff(p) > 0)

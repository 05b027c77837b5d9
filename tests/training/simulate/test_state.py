"""The state knows what happened strictly before an instant, and nothing else."""

from __future__ import annotations

import numpy as np

from training.simulate.contracts import Contract
from training.simulate.people import draw_people
from training.simulate.state import State


def a_state(*, rates: tuple[tuple[int, int, float], ...] = ()) -> State:
    return State(draw_people(3, np.random.default_rng(0)), rates=rates)


def a_contract(*, started_at: int, ended_at: int, is_completed: bool = True) -> Contract:
    return Contract(
        row=1,
        client_id="c1",
        started_at=started_at,
        ended_at=ended_at,
        weekly_hours=20.0,
        is_completed=is_completed,
        satisfaction=2.0,
    )


def test_a_contract_keeps_its_freelancer_busy_until_it_ends():
    state = a_state()
    state.expect(a_contract(started_at=10, ended_at=20))
    state.advance(10)
    assert state.busy_hours[1] == 0
    state.advance(11)
    assert state.busy_hours[1] == 20
    state.advance(21)
    assert state.busy_hours[1] == 0


def test_a_client_learns_at_the_end_of_a_contract():
    state = a_state()
    state.expect(a_contract(started_at=10, ended_at=20))
    state.advance(20)
    assert state.ties["c1"] == {}
    state.advance(21)
    assert state.ties["c1"] == {1: 2.0}
    assert state.completed[1] == 1


def test_a_broken_contract_counts_as_cancelled():
    state = a_state()
    state.expect(a_contract(started_at=10, ended_at=20, is_completed=False))
    state.advance(30)
    assert (state.completed[1], state.cancelled[1]) == (0, 1)


def test_a_new_rate_holds_after_its_instant():
    state = a_state(rates=((50, 2, 99.0),))
    before = state.rate[2]
    state.advance(50)
    assert state.rate[2] == before
    state.advance(51)
    assert state.rate[2] == 99.0

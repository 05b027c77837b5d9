"""The state knows what happened strictly before an instant, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.simulate.market_builders import a_contract
from training.simulate.agencies import Agencies
from training.simulate.people import DAY, draw_people
from training.simulate.state import State

Raise = tuple[int, int, float]


def a_state(*, agency: tuple[int, ...] = (), raises: list[Raise] | None = None) -> State:
    """Five freelancers; those in `agency` work together."""
    people = draw_people(5, days=9, founders=1.0, pay_gap=0.0, rng=np.random.default_rng(0))
    of = np.full(5, -1, np.int64)
    of[list(agency)] = 0
    agencies = Agencies(of=of, ids=("a001",), members={0: np.array(agency, np.int64)})
    heard = [] if raises is None else raises
    return State(people, agencies, on_raise=lambda *what: heard.append(what))


def test_a_contract_keeps_its_freelancer_busy_until_it_ends():
    state = a_state()
    state.expect(a_contract(started_at=10, ended_at=20, weekly_hours=20.0))
    state.advance(10)
    assert state.busy_hours[1] == 0
    state.advance(11)
    assert state.busy_hours.tolist() == [0, 20, 0, 0, 0]
    state.advance(20)
    assert state.busy_hours[1] == 20
    state.advance(21)
    assert state.busy_hours[1] == 0


def test_a_client_learns_at_the_end_of_a_contract():
    state = a_state()
    state.expect(a_contract(started_at=10, ended_at=20, satisfaction=2.0))
    state.advance(20)
    assert state.ties["c1"] == {}
    assert state.completed[1] == 0
    state.advance(21)
    assert state.ties["c1"] == {1: 2.0}
    assert state.completed[1] == 1


def test_the_latest_experience_is_what_counts():
    state = a_state()
    state.expect(a_contract(ended_at=20, satisfaction=2.0))
    state.expect(a_contract(started_at=30, ended_at=40, satisfaction=-3.0))
    state.advance(100)
    assert state.ties["c1"] == {1: -3.0}


def test_a_broken_contract_counts_as_cancelled_and_teaches_nothing():
    state = a_state()
    before = state.people.strength.copy()
    state.expect(a_contract(is_completed=False))
    state.advance(30)
    assert (state.completed[1], state.cancelled[1]) == (0, 1)
    assert state.people.strength.tolist() == before.tolist()


def test_work_teaches_the_skills_that_it_takes_and_no_others():
    state = a_state()
    state.people.strength[:, 1] = 0.5
    before = state.people.strength.copy()
    state.expect(a_contract(needs=np.array([3, 7])))
    state.advance(30)
    grown = np.argwhere(state.people.strength > before)
    assert grown.tolist() == [[3, 1], [7, 1]]
    assert not (state.people.strength < before).any()


def test_nobody_learns_beyond_mastery():
    state = a_state()
    for _ in range(100):
        state.expect(a_contract(needs=np.array([3])))
    state.advance(30)
    assert 0.9 < state.people.strength[3, 1] <= 1


def test_a_raise_holds_from_the_end_of_the_contract_on_and_is_told():
    raises: list[Raise] = []
    state = a_state(raises=raises)
    before = float(state.rate[1])
    state.expect(a_contract(ended_at=20, raises=1.1))
    state.advance(20)
    assert state.rate[1] == before
    state.advance(21)
    assert state.rate[1] >= 1.1 * before
    assert raises == [(1, 20, float(state.rate[1]))]


def test_without_a_raise_the_rate_stays():
    raises: list[Raise] = []
    state = a_state(raises=raises)
    before = state.rate.copy()
    state.expect(a_contract(raises=1.0))
    state.advance(30)
    assert state.rate.tolist() == before.tolist()
    assert raises == []


def test_stars_move_the_mean_of_those_who_got_some():
    state = a_state()
    usual = state.stars()[0]
    state.expect(a_contract(row=1, stars=1.0))
    state.expect(a_contract(row=2, stars=5.0))
    state.expect(a_contract(row=3, stars=None))
    state.advance(30)
    assert state.stars()[1] < usual < state.stars()[2]
    assert state.stars()[3] == usual


@pytest.mark.parametrize("satisfaction", [2.0, -3.0])
def test_a_colleague_gets_part_of_the_credit_and_part_of_the_blame(satisfaction):
    state = a_state(agency=(1, 2, 4))
    state.expect(a_contract(row=1, satisfaction=satisfaction))
    state.advance(30)
    standing = state.standing("c1")
    assert set(standing) == {1, 2, 4}
    assert standing[1] == satisfaction
    assert standing[2] == standing[4]
    assert 0 < standing[2] / satisfaction < 1


def test_the_own_past_counts_before_a_colleagues():
    state = a_state(agency=(1, 2))
    state.expect(a_contract(row=1, satisfaction=2.0))
    state.expect(a_contract(row=2, satisfaction=-3.0))
    state.advance(30)
    assert state.standing("c1") == {1: 2.0, 2: -3.0}


def test_who_works_alone_gives_nobody_credit_and_other_clients_do_not_know():
    state = a_state(agency=(2, 3))
    state.expect(a_contract(row=1, satisfaction=2.0))
    state.advance(30)
    assert state.standing("c1") == {1: 2.0}
    assert state.standing("c2") == {}


def test_renown_is_of_a_category_and_halves_in_half_a_year():
    state = a_state()
    state.expect(a_contract(category=2, started_at=10 * DAY, ended_at=11 * DAY))
    state.advance(20 * DAY)
    now, later = state.renown(2, 10 * DAY), state.renown(2, 190 * DAY)
    assert now == pytest.approx([0, 1, 0, 0, 0])
    assert later == pytest.approx([0, 0.5, 0, 0, 0])
    assert state.renown(3, 10 * DAY).sum() == 0
    assert state.renown(None, 10 * DAY) == pytest.approx(now)


def test_a_hire_counts_once_it_was_made():
    state = a_state()
    state.expect(a_contract(client_id="c1", started_at=10))
    state.advance(10)
    assert state.hires["c1"] == 0
    state.advance(11)
    assert state.hires["c1"] == 1
    assert state.hires["c2"] == 0


def test_whoever_finds_work_keeps_looking_for_longer():
    state = a_state()
    before = state.left_at.copy()
    end = int(before[1])
    state.expect(a_contract(row=1, ended_at=end))
    state.advance(end + 1)
    assert state.left_at[1] >= end + int(state.people.stamina_days[1] * DAY)
    assert np.delete(state.left_at, 1).tolist() == np.delete(before, 1).tolist()


@pytest.mark.parametrize("day", [5_000, 6_000, 10_000, 1_000_000])
def test_renown_stays_finite_however_late_it_is(day):
    state = a_state()
    state.expect(a_contract(row=1, started_at=10 * DAY, ended_at=11 * DAY))
    state.expect(a_contract(row=1, started_at=day * DAY, ended_at=(day + 1) * DAY))
    state.expect(a_contract(row=2, started_at=(day + 180) * DAY, ended_at=(day + 181) * DAY))
    state.advance((day + 181) * DAY)
    found = state.renown(0, (day + 360) * DAY)
    assert found[1:3] == pytest.approx([0.25, 0.5], rel=1e-5)
    assert state.renown(None, (day + 100 * 180_000) * DAY).tolist() == [0.0] * 5

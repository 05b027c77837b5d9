"""What happens at an opening is as likely as the opening says, and depends on what it should."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.simulate.market_builders import LATE, a_post, a_world, an_opening
from training.simulate.draws import Floats
from training.simulate.market import Market
from training.simulate.niches import category_of_niche
from training.simulate.opening import Course, Opening
from training.simulate.parameters import Applications, Hiring
from training.simulate.places import PLACES

DRAWS = 4_000


@pytest.fixture
def world() -> Market:
    return a_world(freelancers=40)


def courses(opening: Opening, *, draws: int = DRAWS) -> list[Course]:
    return [opening.draw(np.random.default_rng(seed)) for seed in range(draws)]


def agree(share: Floats, p: Floats, *, draws: int = DRAWS) -> bool:
    noise = np.sqrt(p * (1 - p) / draws)
    return bool(np.all(np.abs(share - p) <= 4.5 * noise + 5e-4))


def hired_share(opening: Opening, drawn: list[Course]) -> Floats:
    counts = np.zeros(len(opening.rows))
    for course in drawn:
        counts[course.hired] += 1
    return counts / len(drawn)


def keenest(world: Market) -> int:
    """The row most likely to be hired for the first post, unasked or by invitation."""
    return int(np.argmax(an_opening(world, a_post(world)).p_hire()))


@pytest.mark.parametrize("positions", [1, 3])
@pytest.mark.parametrize("number", [0, 1])
def test_hires_happen_as_often_as_they_are_likely(world, positions, number):
    post = a_post(world, number, positions=positions, crowd=12.0, keenness=2.0)
    opening = an_opening(world, post, 7, 3, 30, 11)
    drawn = courses(opening)
    assert agree(hired_share(opening, drawn), opening.p_hire())
    assert max(len(course.hired) for course in drawn) == positions


def test_declined_invitations_cost_as_many_hires_as_they_are_said_to():
    world = a_world(freelancers=40, hiring=Hiring(own_search=8.0, rebuff=2.0))
    opening = an_opening(world, a_post(world, crowd=12.0, keenness=1.0, offer=8.0), 7, 3)
    drawn = courses(opening)
    assert np.mean([(course.invited & ~course.accepted).sum() for course in drawn]) > 1
    assert agree(hired_share(opening, drawn), opening.p_hire())
    total = np.mean([len(course.hired) for course in drawn])
    p = opening.p_hire().sum()
    assert abs(total - p) < 4 * np.sqrt(p * (1 - p) / DRAWS)


def test_all_on_the_way_there_happens_as_often_as_it_is_likely(world):
    opening = an_opening(world, a_post(world, crowd=6.0), 7, 3, 30, 11)
    drawn = courses(opening)
    invited = np.mean([course.invited for course in drawn], axis=0)
    accepted = np.mean([course.accepted for course in drawn], axis=0)
    applied = np.mean([course.applied for course in drawn], axis=0)
    viewed = np.mean([course.viewed for course in drawn], axis=0)
    assert agree(invited, opening.invited)
    assert agree(accepted, opening.invited * opening.accepts)
    assert agree(applied, (1 - opening.invited) * opening.applies)
    assert agree(accepted + applied, opening.candidate())
    assert agree(viewed, opening.seen)


def test_only_candidates_are_hired_the_closest_first(world):
    opening = an_opening(world, a_post(world, positions=3), 7, 3)
    for course in courses(opening, draws=200):
        assert (course.accepted | course.applied)[course.hired].all()
        assert course.hired.tolist() == course.order[: len(course.hired)].tolist()
        assert not (course.accepted & ~course.invited).any()
        assert not (course.applied & course.invited).any()


def test_as_many_apply_as_the_crowd_says_but_never_most_of_the_trade(world):
    few = an_opening(world, a_post(world, crowd=5.0))
    many = an_opening(world, a_post(world, crowd=500.0))
    assert few.applies.sum() == pytest.approx(5.0, rel=0.02)
    assert many.applies.sum() < 0.5 * len(world.people)


def test_a_post_that_nobody_hears_of_gets_no_application(world):
    assert an_opening(world, a_post(world, crowd=0.0)).applies.sum() == 0


def test_a_market_without_applications_is_possible():
    world = a_world(applications=Applications(mean=0.0))
    assert an_opening(world, a_post(world)).applies.sum() == 0


def test_a_busy_freelancer_applies_and_accepts_less(world):
    post, row = a_post(world, crowd=2.0), keenest(world)
    free = an_opening(world, post)
    world.state.busy_hours[row] = world.people.weekly_hours[row]
    busy = an_opening(world, post)
    assert busy.applies[row] < free.applies[row]
    assert busy.accepts[row] < free.accepts[row]


def test_whoever_has_left_neither_applies_nor_accepts(world):
    post, row = a_post(world, crowd=2.0), keenest(world)
    world.state.left_at[:] = 2 * LATE
    there = an_opening(world, post)
    world.state.left_at[row] = LATE - 1
    gone = an_opening(world, post)
    assert gone.applies[row] < 1e-2 * there.applies[row]
    assert gone.accepts[row] < 1e-3 * there.accepts[row]


def test_a_list_raises_the_chance_of_whoever_is_on_it(world):
    post = a_post(world)
    without = an_opening(world, post)
    gladly = np.flatnonzero(without.accepts > without.applies)
    assert len(gladly) > 10
    for row in gladly:
        assert an_opening(world, post, int(row)).p_hire()[row] > without.p_hire()[row]


@pytest.mark.parametrize("changed", [{"reads_list": False}, {"is_inviting": False}])
def test_a_list_that_is_not_read_or_moves_nobody_changes_nothing(world, changed):
    post = a_post(world, **changed)
    listed, without = an_opening(world, post, 7, 3, 30), an_opening(world, post)
    assert listed.p_hire().tolist() == without.p_hire().tolist()
    assert listed.p_hire_without_list().tolist() == without.p_hire_without_list().tolist()
    assert listed.is_prompted is False


def test_what_would_happen_without_a_list_does_not_depend_on_it(world):
    post = a_post(world)
    listed, without = an_opening(world, post, 7, 3), an_opening(world, post)
    assert without.p_hire() == pytest.approx(without.p_hire_without_list())
    assert listed.p_hire_without_list().tolist() == without.p_hire_without_list().tolist()


def test_the_first_seat_is_looked_at_more_than_the_eighth_and_that_more_than_those_below(world):
    opening = an_opening(world, a_post(world), *range(12))
    viewed = np.mean([course.viewed for course in courses(opening, draws=1_000)], axis=0)
    assert viewed[0] == 1
    assert viewed[0] > viewed[7] > viewed[8]
    assert opening.examination()[:12].tolist() == opening.seen.tolist()
    assert opening.examination()[12:].sum() == 0


def test_a_client_that_does_not_read_looks_at_no_seat(world):
    opening = an_opening(world, a_post(world, reads_list=False), *range(12))
    assert not any(course.viewed.any() for course in courses(opening, draws=100))


def test_the_first_seat_brings_even_the_unattractive_an_invitation_now_and_then(world):
    post, trust = a_post(world), world.parameters.attention.trust
    last = int(np.argmin(an_opening(world, post).weight))
    opening = an_opening(world, post, last)
    assert opening.invited[last] >= trust * opening.seen[0]
    invited = np.mean([course.invited[last] for course in courses(opening)])
    assert invited > trust - 4 * np.sqrt(trust * (1 - trust) / DRAWS)


def test_people_of_another_trade_take_their_seats_and_nothing_else(world):
    post = a_post(world)
    trade = np.flatnonzero(category_of_niche()[world.people.niche] == post.category)
    others = np.setdiff1d(np.arange(len(world.people)), trade)
    own = int(trade[0])
    first = an_opening(world, post, int(others[0]), own, int(others[-1]), rows=trade)
    second = an_opening(world, post, int(others[1]), own, int(others[-2]), rows=trade)
    alone = an_opening(world, post, *others[:5].tolist(), rows=trade)
    nothing = an_opening(world, post, rows=trade)
    assert first.p_hire().tolist() == second.p_hire().tolist()
    assert first.examination()[0] == first.seen[1]
    assert alone.p_hire().tolist() == nothing.p_hire().tolist()
    assert len(alone.draw(np.random.default_rng(0)).viewed) == 5


@pytest.mark.parametrize("listed", [(), (3, 5)])
def test_an_empty_pool_comes_to_nothing(world, listed):
    opening = an_opening(world, a_post(world), *listed, rows=np.zeros(0, np.int64))
    course = opening.draw(np.random.default_rng(0))
    assert (
        opening.p_hire().shape == opening.candidate().shape == opening.examination().shape == (0,)
    )
    assert opening.p_hire_without_list().sum() == 0
    assert len(course.hired) == 0
    assert len(course.viewed) == len(listed)
    assert opening.cost_of_declining(course) is None


def test_the_same_generator_draws_the_same_luck_for_any_list(world):
    post = a_post(world)
    for seed in range(50):
        one = an_opening(world, post, 7, 3, 30).draw(np.random.default_rng(seed))
        two = an_opening(world, post, 11).draw(np.random.default_rng(seed))
        unasked = ~one.invited & ~two.invited
        assert one.applied[unasked].tolist() == two.applied[unasked].tolist()
        both = one.invited & two.invited
        assert one.accepted[both].tolist() == two.accepted[both].tolist()


def test_a_penalty_lowers_the_chances_of_just_those_people():
    fair = a_world(freelancers=300)
    harsh = a_world(freelancers=300, hiring=Hiring(country_penalty={"PH": 1.5}))
    meant = np.array([PLACES[place].country == "PH" for place in fair.people.place])
    before, after = (an_opening(world, a_post(world, positions=3)) for world in (fair, harsh))
    assert 3 < meant.sum() < 60
    assert after.weight[~meant].tolist() == before.weight[~meant].tolist()
    assert after.weight[meant] == pytest.approx(before.weight[meant] * np.exp(-1.5))
    assert np.all(after.p_hire()[meant] < before.p_hire()[meant])
    assert after.p_hire()[~meant].sum() > before.p_hire()[~meant].sum()
    assert after.accepts.tolist() == before.accepts.tolist()
    assert after.applies.tolist() == before.applies.tolist()


def test_a_client_that_was_pleased_invites_again_and_one_that_was_not_does_not(world):
    post = a_post(world)
    stranger = an_opening(world, post)
    world.state.ties[post.client.id] = {4: 2.5, 9: -3.0}
    known = an_opening(world, post)
    assert known.unprompted[4] > stranger.unprompted[4] + 0.05
    assert known.unprompted[9] < stranger.unprompted[9]
    assert known.weight[4] > stranger.weight[4]
    assert known.weight[9] < stranger.weight[9]


def test_declining_costs_something_where_somebody_was_invited(world):
    opening = an_opening(world, a_post(world), 7, 3)
    costs = [(course, opening.cost_of_declining(course)) for course in courses(opening, draws=100)]
    assert all((cost is None) == (not course.invited.any()) for course, cost in costs)
    assert all(0 < cost <= 1 for _, cost in costs if cost is not None)

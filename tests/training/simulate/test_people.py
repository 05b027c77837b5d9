"""The people as they truly are: good at something, and at little else."""

from __future__ import annotations

import numpy as np
import pytest

from training.simulate.niches import category_of_niche, niches
from training.simulate.people import DAY, People, draw_people
from training.simulate.places import PLACES
from training.simulate.vocabulary import skill_rows, skills


def some_people(n: int = 1_000, *, founders: float = 0.4, seed: int = 0) -> People:
    return draw_people(n, days=100, founders=founders, pay_gap=0.0, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("founders", [0.0, 0.4, 1.0])
def test_the_founders_join_on_the_first_day_and_the_others_later(founders):
    joined_at = some_people(founders=founders).joined_at
    assert (joined_at < DAY).sum() == founders * 1_000
    assert joined_at.max() < 100 * DAY
    assert np.all(np.diff(joined_at) >= 0)


def test_the_pool_is_whoever_joined_strictly_before():
    people = some_people(50)
    at = int(people.joined_at[30])
    assert people.pool_size(0) == 0
    assert people.pool_size(at) == (people.joined_at < at).sum()
    assert people.pool_size(at + 1) == (people.joined_at <= at).sum()


def test_a_specialist_is_best_at_the_speciality():
    people = some_people()
    own = people.affinity[people.niche, np.arange(1_000)]
    assert np.mean(own == people.affinity.max(axis=0)) > 0.9
    assert own.min() > 0.5
    far = category_of_niche()[:, None] != category_of_niche()[people.niche][None, :]
    second = np.arange(len(niches()))[:, None] == people.second[None, :]
    assert np.all(people.affinity[far & ~second] == 0)


def test_a_second_speciality_is_another_one():
    people = some_people()
    has_two = people.second >= 0
    assert 0 < has_two.mean() < 1
    assert np.all(people.second[has_two] != people.niche[has_two])


def test_whoever_masters_a_skill_masters_most_of_what_it_implies():
    strength, rows = some_people().strength.astype(np.float64), skill_rows()
    for name, skill in skills().items():
        for implied in skill.implies:
            assert np.all(strength[rows[implied]] >= 0.5 * strength[rows[name]])


def test_strengths_are_shares_and_the_core_is_mastered_by_most():
    people, rows = some_people(), skill_rows()
    assert np.all((people.strength >= 0) & (people.strength <= 1))
    core = [
        people.strength[[rows[name] for name in niches()[niche].core], who].mean()
        for who, niche in enumerate(people.niche)
    ]
    assert np.mean(core) > 0.5 > 2 * people.strength.mean()


def test_the_good_and_those_in_dear_places_ask_more():
    people = some_people(4_000)
    assert np.corrcoef(people.quality, np.log(people.rate))[0, 1] > 0.1
    countries = np.array([PLACES[place].country for place in people.place])
    assert np.median(people.rate[countries == "US"]) > np.median(people.rate[countries == "IN"])


def test_everybody_speaks_something_and_the_fluent_what_they_translate():
    people = some_people()
    assert all(people.languages)
    assert all(len(set(spoken)) == len(spoken) for spoken in people.languages)
    for row, skill in enumerate(skills().values()):
        for who in np.flatnonzero(people.strength[row] > 0.5) if skill.speaks else ():
            assert skill.speaks in people.languages[who]


def test_the_group_depends_on_nothing():
    people = some_people(4_000)
    for column in (people.quality, people.drive, np.log(people.rate)):
        assert abs(np.corrcoef(people.group, column)[0, 1]) < 4 / np.sqrt(4_000)

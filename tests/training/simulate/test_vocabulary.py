"""The words of the market: complete, consistent, and not giving themselves away."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from training.simulate.niches import category_of_niche, niches
from training.simulate.vocabulary import (
    Skill,
    categories,
    skill_rows,
    skills,
    technical,
    trades,
)

NICHES = [pytest.param(niche, id=niche.name) for niche in niches()]


def mentions(text: str, skill: Skill) -> bool:
    spellings = "|".join(re.escape(each) for each in skill.spellings)
    return re.search(rf"(?<!\w)({spellings})(?!\w)", text, re.IGNORECASE) is not None


def test_there_are_twelve_categories_of_about_forty_skills():
    assert len(categories()) == 12
    assert all(38 <= len(names) <= 42 for names in categories().values())
    assert all(len(set(names)) == len(names) for names in categories().values())


def test_every_skill_has_one_category_and_one_row():
    assert len(skills()) == sum(len(trade["skills"]) for trade in trades())
    assert list(skills()) == [name for names in categories().values() for name in names]
    assert list(skill_rows().values()) == list(range(len(skills())))
    assert all(skill.name in categories()[skill.category] for skill in skills().values())


def test_no_spelling_stands_for_two_skills():
    spellings = Counter(each.lower() for skill in skills().values() for each in skill.spellings)
    assert [spelling for spelling, count in spellings.items() if count > 1] == []


def test_some_categories_are_technical_and_some_are_not():
    assert technical() < set(categories())
    assert {"Web Development", "Cloud & DevOps"} <= technical()
    assert not {"Translation", "Marketing"} & technical()


def test_react_brings_javascript_along():
    assert "JavaScript" in skills()["React"].implies
    assert "JavaScript" in skills()["React Native"].implies


def test_whatever_is_implied_implies_in_turn():
    for skill in skills().values():
        for implied in skill.implies:
            assert set(skills()[implied].implies) <= set(skill.implies)


def test_a_third_of_the_skills_bring_others_along():
    assert np.mean([bool(skill.implies) for skill in skills().values()]) > 1 / 3


def test_who_translates_from_a_language_speaks_it():
    codes = [skill.speaks for skill in skills().values() if skill.speaks]
    assert len(codes) > 3
    assert all(re.fullmatch("[a-z]{2}", code) for code in codes)


def test_a_skill_implies_known_ones_and_never_itself():
    for skill in skills().values():
        assert set(skill.implies) <= set(skills())
        assert skill.name not in skill.implies
        assert len(set(skill.implies)) == len(skill.implies)


def test_a_clue_is_short_and_does_not_name_its_skill():
    for skill in skills().values():
        assert not mentions(skill.clue, skill), skill
        assert 3 <= len(skill.clue.split()) <= 8, skill
        assert not re.search(r"[\[\]{}|]", skill.clue), skill


def test_a_skill_has_other_spellings_its_name_first():
    for skill in skills().values():
        assert skill.spellings[0] == skill.name
        assert 2 <= len(skill.spellings) <= 4, skill
        assert min(map(len, skill.spellings)) >= 2, skill


def test_no_two_skills_share_a_clue():
    assert len({skill.clue for skill in skills().values()}) == len(skills())


def test_every_category_has_five_niches_and_no_two_share_a_name():
    assert Counter(niche.category for niche in niches()) == dict.fromkeys(categories(), 5)
    assert len({niche.name for niche in niches()}) == len(niches())


def test_niches_know_the_row_of_their_category():
    names = list(categories())
    assert [names[row] for row in category_of_niche()] == [niche.category for niche in niches()]


@pytest.mark.parametrize("niche", NICHES)
def test_titles_and_tasks_do_not_name_the_skills_they_take(niche):
    text = " ".join((*niche.titles, *niche.tasks))
    assert not [name for name in niche.core if mentions(text, skills()[name])]


@pytest.mark.parametrize("niche", NICHES)
def test_a_niche_takes_known_skills_mostly_of_its_category(niche):
    assert set(niche.core) <= set(skills())
    assert len(set(niche.core)) == len(niche.core) in {7, 8}
    assert len(set(niche.core) & set(categories()[niche.category])) > len(niche.core) / 2


@pytest.mark.parametrize("niche", NICHES)
def test_a_niche_has_ways_to_say_so_and_every_pattern_is_closed(niche):
    assert len(niche.titles) == 5
    assert len(niche.tasks) == 6
    assert len(niche.hints) == 2
    for pattern in (*niche.titles, *niche.tasks, *niche.hints):
        assert pattern.count("[") == pattern.count("]")
        assert not re.search(r"[|\[\]{}]", re.sub(r"\[[^\[\]{}]*\]", "", pattern))


def test_the_niches_of_a_category_touch_most_of_its_skills():
    for category, names in categories().items():
        used = {name for niche in niches() if niche.category == category for name in niche.core}
        assert len(used & set(names)) > len(names) / 2

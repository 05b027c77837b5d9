"""The words of the market: complete, consistent, and not giving themselves away."""

from __future__ import annotations

import re

import pytest

from training.simulate.niches import niches
from training.simulate.vocabulary import Skill, categories, skills


def mentions(text: str, skill: Skill) -> bool:
    spellings = "|".join(re.escape(each) for each in skill.spellings)
    return re.search(rf"(?<!\w)({spellings})(?!\w)", text, re.IGNORECASE) is not None


def test_there_are_ten_categories_of_a_dozen_skills():
    assert len(categories()) == 10
    assert min(len(names) for names in categories().values()) >= 12


def test_react_brings_javascript_along():
    assert "JavaScript" in skills()["React"].implies
    assert "JavaScript" in skills()["React Native"].implies


@pytest.mark.parametrize("skill", skills().values(), ids=lambda skill: skill.name)
def test_a_clue_does_not_name_its_skill(skill):
    assert not mentions(skill.clue, skill)
    assert set(skill.implies) <= set(skills())
    assert skill.name not in skill.implies


@pytest.mark.parametrize("niche", niches(), ids=lambda niche: niche.name)
def test_tasks_do_not_name_the_skills_they_take(niche):
    assert niche.category in categories()
    text = " ".join((*niche.titles, *niche.tasks))
    assert not [name for name in niche.core if mentions(text, skills()[name])]


def test_no_niche_is_written_twice():
    assert len({niche.name for niche in niches()}) == len(niches())

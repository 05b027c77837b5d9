"""Reasons on the real features, with contributions made up."""

from __future__ import annotations

import numpy as np
import pytest

from features import FEATURES
from matcher.candidates import Reason
from matcher.ranking.reasons import DOUBTS, STRENGTHS, Explainer

COLUMN = {name: place for place, name in enumerate(FEATURES.names)}


def reasons(*, values: dict[str, float] | None = None, **added: float) -> tuple[Reason, ...]:
    row, contributions = (np.zeros(len(COLUMN), np.float32) for _ in range(2))
    for name, value in (values or {}).items():
        row[COLUMN[name]] = value
    for name, value in added.items():
        contributions[COLUMN[name]] = value
    return Explainer(FEATURES).reasons(row, contributions)


def test_says_the_value_in_words():
    (reason,) = reasons(values={"skill_coverage": 0.5}, skill_coverage=1.5)
    assert reason == Reason(
        feature="skill_coverage",
        value=0.5,
        contribution=1.5,
        text=FEATURES.phrase("skill_coverage", 0.5),
    )


def test_a_family_speaks_once_through_its_strongest_column():
    found = reasons(values={"hires": 7}, hires=2, recent_hires_90d=1, days_since_hire=-0.5)
    assert [one.feature for one in found] == ["hires"]
    assert found[0].contribution == pytest.approx(2 + 1 - 0.5)


def test_a_comparison_speaks_for_the_feature_it_compares():
    (reason,) = reasons(values={"hires": 7, "hires_share": 0.5}, hires_share=2)
    assert (reason.feature, reason.value) == ("hires", 7)
    assert reason.text == FEATURES.phrase("hires", 7)


def test_strengths_come_first_the_strongest_first_then_doubts_the_gravest_first():
    found = reasons(
        values={"hires": 3, "skill_coverage": 1, "hourly_rate": 20, "stars": 5},
        hires=1,
        skill_coverage=4,
        hourly_rate=2,
        stars=3,
        weekly_hours=-1,
        memory_best=-3,
        lexical_best=-2,
    )
    signs = [one.contribution for one in found]
    assert signs == [4, 3, 2, -3, -2]
    assert len([sign for sign in signs if sign > 0]) == STRENGTHS
    assert len([sign for sign in signs if sign < 0]) == DOUBTS


def test_what_somebody_lacks_is_never_told_as_a_strength():
    found = reasons(values={"hires": 0, "stars": 5}, hires=3, memory_best=2, stars=1)
    assert [one.feature for one in found] == ["stars"]


def test_what_somebody_lacks_may_be_a_doubt():
    (doubt,) = reasons(values={"hires": 0}, hires=-1)
    assert doubt.text == "no hire yet"


def test_the_loudest_column_of_a_doubt_is_one_that_lowers_the_score():
    (reason,) = reasons(hires=1, days_since_joined=-3)
    assert reason.feature == "days_since_joined"
    assert reason.contribution == 1 - 3


def test_an_unknown_value_is_said_to_be_absent():
    (reason,) = reasons(values={"stars": np.nan}, stars=-1)
    assert reason.value is None
    assert reason.text == "not rated yet"


def test_nothing_counts_where_nothing_was_added():
    assert reasons(values={"hires": 7}) == ()


def test_every_family_says_what_it_added_the_loudest_first():
    row, added = (np.zeros(len(COLUMN), np.float32) for _ in range(2))
    row[COLUMN["hires"]] = 7
    for name, value in {"hires": 2, "recent_hires_90d": 1, "skill_coverage": -4}.items():
        added[COLUMN[name]] = value
    found = Explainer(FEATURES).families(row, added)
    assert set(found) == {FEATURES.family(name) for name in FEATURES.names}
    said = [one.contribution for one in found.values()]
    assert said[:2] == [-4, 3]
    assert set(said[2:]) == {0}
    assert found[FEATURES.family("hires")].text == FEATURES.phrase("hires", 7)
    assert sum(said) == added.sum()

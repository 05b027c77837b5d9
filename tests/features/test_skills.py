from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.skills import (
    listed_skills,
    missing_skills,
    named_skill_coverage,
    rare_skill_coverage,
    recent_skill_hires,
    skill_coverage,
    skill_hires,
)
from tests.builders import a_brief, a_frame, a_freelancer, a_job, an_event

skill_sets = st.sets(st.sampled_from(["go", "sql", "aws", "figma"]))


def frame_for(required, *offered, title: str = "work"):
    people = [a_freelancer(f"f{n}", skills=sorted(skills)) for n, skills in enumerate(offered)]
    return a_frame(a_brief(title, skills=tuple(sorted(required))), freelancers=people)


@pytest.mark.parametrize(
    ("required", "offered", "expected"),
    [
        ({"go", "sql"}, {"go", "sql", "aws"}, 1.0),
        ({"go", "sql"}, {"go"}, 1 / 2),
        ({"Go "}, {"gO"}, 1.0),
        ({"go"}, set(), 0.0),
        ({"go", "cobol"}, {"go"}, 1 / 2),
    ],
)
def test_counts_only_required_skills(required, offered, expected):
    frame = frame_for(required, offered)
    assert skill_coverage(frame).tolist() == [expected]
    assert missing_skills(frame).tolist() == [len(required) * (1 - expected)]


def test_is_unknown_when_the_job_requires_nothing():
    frame = frame_for(set(), {"go"})
    for feature in (
        skill_coverage,
        rare_skill_coverage,
        missing_skills,
        skill_hires,
        recent_skill_hires,
    ):
        assert np.isnan(feature(frame)).all()


@settings(max_examples=25, deadline=None)
@given(skill_sets.filter(bool), skill_sets, skill_sets)
def test_learning_a_skill_never_hurts(required, offered, learned):
    frame = frame_for(required, offered, offered | learned)
    for feature in (skill_coverage, rare_skill_coverage, named_skill_coverage):
        before, after = feature(frame)
        assert after >= before


def test_a_rare_skill_is_worth_more():
    frame = frame_for({"go", "sql"}, {"go"}, {"sql"}, {"sql"}, {"sql", "go"})
    rarity = {"go": log(1 + 4 / (1 + 2)), "sql": log(1 + 4 / (1 + 3))}
    total = sum(rarity.values())
    expected = [rarity["go"] / total, rarity["sql"] / total, rarity["sql"] / total, 1]
    assert rare_skill_coverage(frame) == pytest.approx(expected)


def test_a_skill_that_nobody_lists_is_the_rarest():
    frame = frame_for({"go", "cobol"}, {"go"})
    common, unseen = log(1 + 1 / (1 + 1)), log(1 + 1)
    assert rare_skill_coverage(frame) == pytest.approx([common / (common + unseen)])


def test_skills_named_in_the_text_count_beside_those_listed():
    frame = frame_for({"sql"}, {"go", "sql"}, {"go"}, {"figma"}, title="a Go backend")
    assert named_skill_coverage(frame).tolist() == [1, 1 / 2, 0]
    assert np.isnan(named_skill_coverage(frame_for(set(), {"go"}))).all()


def test_listing_no_skill_is_unknown():
    np.testing.assert_array_equal(
        listed_skills(frame_for({"go"}, set(), {"go", "sql"})), [np.nan, 2]
    )


def test_past_work_counts_for_each_required_skill_it_used():
    frame = a_frame(
        a_brief(skills=("go", "sql", "unseen")),
        freelancers=[a_freelancer("f1"), a_freelancer("f2")],
        jobs=[
            a_job("j1", posted=-400, skills=["GO", "sql"]),
            a_job("j2", posted=-400, skills=["figma"]),
        ],
        events=[an_event(job_id="j1", at=-180), an_event(job_id="j2", freelancer_id="f2")],
    )
    assert skill_hires(frame).tolist() == [2, 0]
    assert recent_skill_hires(frame) == pytest.approx([2 * (1 / 2), 0])

"""Advice: counts that are true of the jobs, fields that are unknown, and what nobody can know."""

from __future__ import annotations

import pytest

from matcher.details.advice import advice
from matcher.details.profile import Profile
from matcher.domain import Job
from tests.builders import NOW

WHOLE = Profile(
    title="Go developer",
    overview="APIs.",
    skills=("go", "sql"),
    hourly_rate_usd=60.0,
    country="PT",
    utc_offset_hours=0.0,
    languages=("en",),
    weekly_hours=30.0,
    joined_at=NOW,
)
NOBODY = Profile(
    title=None,
    overview=None,
    skills=(),
    hourly_rate_usd=None,
    country=None,
    utc_offset_hours=None,
    languages=(),
    weekly_hours=None,
    joined_at=NOW,
)


def test_nothing_is_made_up_where_there_is_no_job():
    assert [one.kind for one in advice(WHOLE, [])] == ["limits"]


def test_a_missing_skill_that_many_ask_for_is_named_with_its_count():
    best = [(Job(title="a"), ("go", "react"))] * 4 + [(Job(title="b"), ("figma",))] * 2
    found = [one for one in advice(WHOLE, best) if one.kind == "skill"]
    assert [(one.skill, one.jobs, one.of) for one in found] == [("react", 4, 6)]
    assert found[0].text == (
        "4 of the 6 open jobs that suit you best ask for react, which your profile does not list."
    )


@pytest.mark.parametrize(
    ("budget", "words", "jobs"),
    [
        ((20.0, 40.0), "You ask 60 USD an hour: more than the most that all 5 hourly jobs", 5),
        ((80.0, 90.0), "You ask 60 USD an hour: less than the least that all 5 hourly jobs", 5),
        ((50.0, 70.0), None, None),
        ((None, None), None, None),
    ],
)
def test_a_rate_is_set_against_what_hourly_jobs_say(budget, words, jobs):
    low, high = budget
    hourly = Job(title="a", payment="hourly", budget_usd_min=low, budget_usd_max=high)
    fixed = Job(title="b", payment="fixed", budget_usd_max=10.0)
    found = advice(WHOLE, [(hourly, ())] * 5 + [(fixed, ())] * 5)
    rates = [one for one in found if one.kind == "rate"]
    assert [one.jobs for one in rates] == ([] if jobs is None else [jobs])
    assert all(one.text.startswith(words) for one in rates)


def test_a_language_that_many_ask_for():
    best = [(Job(title="a", languages=("de", "en")), ())] * 3
    (found,) = [one for one in advice(WHOLE, best) if one.kind == "languages"]
    assert (found.jobs, found.of) == (3, 3)
    assert "'de'" in found.text


def test_every_unknown_field_that_clients_filter_by_is_named():
    found = advice(NOBODY, [])
    kinds = [one.kind for one in found]
    assert kinds == ["rate", "hours", "languages", *["profile"] * 4, "limits"]
    assert all("Your profile" in one.text for one in found[:-1])
    assert all((one.skill, one.jobs, one.of) == (None, None, None) for one in found)
    assert "no change of a profile promises a hire" in found[-1].text

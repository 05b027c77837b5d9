from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.text import TEXT_LIMIT, job_text, overview_in, profile_text, terms


def test_a_job_says_category_title_description_and_skills():
    text = job_text("Fix it", "It broke.", category="Web", skills=["go", "sql"])
    assert text == "Web: Fix it\nIt broke.\nSkills: go, sql"


@pytest.mark.parametrize(("title", "body"), [(None, None), ("", " \n"), (" ", "")])
def test_who_says_nothing_has_no_text(title, body):
    assert profile_text(title, body) == ""


def test_skills_alone_are_a_text():
    assert profile_text(None, None, skills=["go"]) == "Skills: go"


def test_a_long_text_is_cut():
    assert len(job_text("t", "x" * 2 * TEXT_LIMIT)) == TEXT_LIMIT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C# and c++", ["c#", "and", "c++"]),
        ("snake_case", ["snake", "case"]),
        ("HTMLParser", ["htmlparser", "html", "parser"]),
        ("iPhone15", ["iphone15", "i", "phone", "15"]),
        ("\uff21\uff30\uff29", ["api"]),
        ("Straße", ["strasse"]),
        ("… -- !", []),
        ("", []),
    ],
)
def test_words_are_folded_and_compounds_also_give_their_parts(text, expected):
    assert terms(text) == expected


@given(st.text())
def test_terms_are_folded_already(text):
    assert all(term == term.casefold() for term in terms(text))


lines = st.text(st.sampled_from("ab \n:,Skil"), max_size=12)


@given(st.none() | lines, st.none() | lines, st.lists(lines.filter(str.strip), max_size=2))
def test_an_overview_is_found_again_in_the_text_of_its_profile(title, overview, skills):
    text = profile_text(title, overview, skills=skills)
    said = overview if overview and overview.strip() else None
    assert overview_in(text, title, lists_skills=bool(skills)) == said


def test_an_overview_that_was_cut_is_found_as_far_as_it_goes():
    text = profile_text("A title", "x" * TEXT_LIMIT, skills=["ink"])
    found = overview_in(text, "A title", lists_skills=True)
    assert found == "x" * (TEXT_LIMIT - len("A title") - 1)

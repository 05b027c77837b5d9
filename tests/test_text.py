from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.text import TEXT_LIMIT, job_text, profile_text, terms


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

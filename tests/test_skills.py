from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.skills import SkillFinder

FINDER = SkillFinder.of(["c", "c++", "go", "node.js", "react", "react native", "a b c d e"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We need Go.", ("go",)),
        ("We need Google", ()),
        ("C++, not C", ("c", "c++")),
        ("NODE.JS please", ("node.js",)),
        ("React\nNative and React", ("react", "react native")),
        ("react native", ("react native",)),
        ("a b c d e", ("c",)),
        ("", ()),
    ],
)
def test_finds_whole_names_the_longest_first(text, expected):
    assert FINDER.find(text) == expected


@given(st.lists(st.sampled_from(["go", "react", "native", "x"]), max_size=8))
def test_finds_only_what_is_known_once_and_in_order(words):
    found = FINDER.find(" ".join(words))
    assert list(found) == sorted(set(found))
    assert set(found) <= {"go", "react", "react native"}
    assert ("go" in found) == ("go" in words)


def test_a_finder_that_knows_nothing_finds_nothing():
    assert SkillFinder.of([]).find("go") == ()

"""Skills in a brief: those of the market, and only where they are meant."""

from __future__ import annotations

import pytest

from matcher.reading.named import skills
from matcher.reading.prose import masked
from matcher.skills import SkillFinder

FINDER = SkillFinder.of(
    ["go", "c", "c++", "r", "react", "react native", "node.js", "postgresql", "sql", "swift",
     "excel", "php", "hr", "rest", "python", "spring", "word", "css", "machine learning"]
)  # fmt: skip


def named(text: str) -> list[str]:
    return [one.value for one in skills(text, FINDER)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Speed up PostgreSQL and our Node.JS API", ["postgresql", "node.js"]),
        ("React Native, not Angular", ["react native"]),
        ("\uff30\uff28\uff30 shop", ["php"]),
        ("C++ and C", ["c++", "c"]),
        ("a backend in Go", ["go"]),
        ("api server in go.", ["go"]),
        ("Go developer", ["go"]),
        ("Python, R and SQL", ["python", "r", "sql"]),
        ("statistics with R", ["r"]),
        ("We build it in Swift for phones", ["swift"]),
        ("a REST API", ["rest"]),
        ("know Excel well", ["excel"]),
        ("machine-learning", ["machine learning"]),
        ("we go live soon", []),
        ("Ready to Go Website", []),
        ("Python and go through the list", ["python"]),
        ("R&D, C-level, vitamin C, plan C", []),
        ("the rest of the site", []),
        ("excel at this, react to mails", []),
        ("in Spring 2025", []),
        ("a swift response", []),
        ("in a word", []),
        ("24 hr support", []),
        ("no PHP, without CSS", []),
        ("We use React. Native speakers only", ["react"]),
        ("https://php.net/css me@python.org", []),
        ("", []),
    ],
)
def test_what_is_meant(text, expected):
    assert named(masked(text)) == expected

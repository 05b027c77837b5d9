"""A list in a terminal says who, by what odds, and why; and nothing of what is not known."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from matcher.listing import print_matches, printable


@dataclass(frozen=True)
class Listed:
    freelancer_id: str = "Zoë [bold]"
    rank: int = 1
    score: float = 1.5
    p_hire: float | None = None
    reasons: tuple[object, ...] = field(default=())


@pytest.mark.parametrize(
    ("odds", "line"),
    [
        (
            {"p_accept": 0.41, "p_hire_given_accept": 0.284, "quality": 0.83},
            "comes 41%, hired then 28%, quality 83%",
        ),
        ({"p_accept": None, "p_hire_given_accept": 0.0}, "hired then 0%"),
        ({"quality": 1.0}, "quality 100%"),
    ],
)
def test_the_factors_that_are_known_are_printed(odds, line, capsys):
    print_matches(
        [Listed()],
        headlines={"Zoë [bold]": "writer"},
        factors={"Zoë [bold]": odds},
        excluded={},
    )
    printed = [row.strip() for row in capsys.readouterr().out.splitlines()]
    assert line in printed
    assert any("Zoë [bold]" in row for row in printed)


def test_without_factors_nothing_is_said_of_them(capsys):
    print_matches([Listed()], headlines={}, factors={"Zoë [bold]": {}}, excluded={})
    printed = capsys.readouterr().out
    assert "%" not in printed
    assert "None" not in printed


def test_an_empty_list_says_why(capsys):
    print_matches([], headlines={}, factors={}, excluded={"country": 1200})
    assert capsys.readouterr().out == "nobody matches\nexcluded: 1,200 by country\n"


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Zoë ☕ 日本\xa0語 👩\u200d💻", "Zoë ☕ 日本\xa0語 👩\u200d💻"),
        ("one\r\ntwo\tthree", "one\ntwo three"),
        ("\x1b]0;title\x07\x9b2J\rover", "?]0;title??2J?over"),
        ("\u202egnp.exe\u2066", "?gnp.exe?"),
        ("", ""),
    ],
)
def test_what_a_terminal_would_obey_is_not_printed(text, printed):
    assert printable(text) == printed

"""Numbers as people write them: 1,500 or 2k or two."""

from __future__ import annotations

DIGITS = r"(?:[0-9]{1,3}(?:[, \u00a0\u202f][0-9]{3}){1,3}|[0-9]{1,7})(?:\.[0-9]{1,2})?"
WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
WORD = "|".join(WORDS)
SMALL = rf"(?:[0-9]{{1,3}}|{WORD})"  # not a year, nor a sum


def number(text: str, *, thousands: bool = False) -> float:
    """The value of some digits, or of a word for a small number.

    >>> number("1,500"), number("2.5", thousands=True), number("two")
    (1500.0, 2500.0, 2.0)
    """
    word = WORDS.get(text.casefold())
    if word is not None:
        return float(word)
    for mark in (",", " ", "\u00a0", "\u202f"):
        text = text.replace(mark, "")
    return float(text) * (1000 if thousands else 1)


def written(value: float) -> str:
    """A number as a person reads it.

    >>> written(2000), written(8.7)
    ('2,000', '8.7')
    """
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"

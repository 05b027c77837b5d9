"""Slips of the pen.

A slip swaps two letters, drops one, doubles one or hits the key beside it, and leaves a word as
long as before, give or take one letter. Abbreviations, names with a digit, other words with a
capital inside and scripts without small letters stay whole. The keys are those of a QWERTY board;
a letter that it lacks is doubled instead.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")

_WORD = re.compile(r"\b[^\W\d_]{4,}\b")
_START = re.compile(r"(?:^|(?<=[.!?]\s))[^\W\d_]{2}")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    key: "".join(row[max(0, place - 1) : place] + row[place + 1 : place + 2])
    for row in _ROWS
    for place, key in enumerate(row)
}


def with_typos(text: str, rng: np.random.Generator, *, rate: float) -> str:
    """The text as a hasty hand types it.

    Args:
        text: Anything, in any script; empty text stays empty.
        rng: Makes the slips.
        rate: Share of the words of four letters and more that get one slip, never in their first
            letter, and of the sentences that begin with a small letter; 0..1.
    """
    spots = [found.start() for found in _START.finditer(text) if found[0].istitle()]
    for spot in reversed(_struck(spots, rng, rate=rate)):
        text = f"{text[:spot]}{text[spot].lower()}{text[spot + 1 :]}"
    words = [found for found in _WORD.finditer(text) if found[0][1:].islower()]
    for found in reversed(_struck(words, rng, rate=rate)):
        text = f"{text[: found.start()]}{_slip(found[0], rng)}{text[found.end() :]}"
    return text


def _struck(places: Sequence[T], rng: np.random.Generator, *, rate: float) -> list[T]:
    """The share of the places where a slip happens, in their order."""
    return [places[row] for row in np.flatnonzero(rng.random(len(places)) < rate).tolist()]


def _slip(word: str, rng: np.random.Generator) -> str:
    """The word with one slip after its first letter; always another word than before."""
    place = 1 + int(rng.random() * (len(word) - 1))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    kind = int(rng.random() * 4)
    if kind == 0 and letter in _BESIDE:
        beside = _BESIDE[letter]
        return before + beside[int(rng.random() * len(beside))] + after
    if kind == 1 and after and after[0] != letter:
        return before + after[0] + letter + after[1:]
    return before + after if kind == 2 else before + 2 * letter + after

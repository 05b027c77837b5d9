"""Skills that a text names without listing them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from matcher.codes import skill_name
from matcher.text import WORD

LONGEST = 4
JOINT = re.compile(r"[ \t\u00a0]{1,2}|[ \t]?[-/&'\u2019_+][ \t]?|\.")  # never the end of a sentence


class Named(NamedTuple):
    """A skill, and where a text names it."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SkillFinder:
    """Knows the skills that anybody lists and finds them in free text."""

    _by_words: dict[tuple[str, ...], str]
    _first: frozenset[str]

    @classmethod
    def of(cls, names: Iterable[str]) -> SkillFinder:
        """From normalised names; one longer than four words is not looked for."""
        split = {name: tuple(WORD.findall(name)) for name in sorted(set(names))}
        known = {words: name for name, words in split.items() if 0 < len(words) <= LONGEST}
        return cls(known, frozenset(words[0] for words in known))

    def find(self, text: str) -> tuple[str, ...]:
        """The skills named, in alphabetical order; the longest name wins where several begin.

        >>> SkillFinder.of(["react", "react native", "go"]).find("React Native, not Google Go")
        ('go', 'react native')
        """
        words = WORD.findall(skill_name(text))
        found: set[str] = set()
        place = 0
        while place < len(words):
            for size in range(min(LONGEST, len(words) - place), 0, -1):
                name = self._by_words.get(tuple(words[place : place + size]))
                if name is not None:
                    found.add(name)
                    place += size - 1
                    break
            place += 1
        return tuple(sorted(found))

    def named(self, text: str) -> Iterator[Named]:
        """Every place that names a skill, in order, in words that follow each other closely.

        >>> [*SkillFinder.of(["node.js", "go"]).named("Go, Node. JS, Node.js")]
        [Named(name='go', start=0, end=2), Named(name='node.js', start=14, end=21)]
        """
        words = [one.span() for one in WORD.finditer(text)]
        said = [_word(text[start:end]) for start, end in words]
        place = 0
        while place < len(words):
            size = self._longest(text, words, said, place) if said[place] in self._first else 0
            if size:
                start, end = words[place][0], words[place + size - 1][1]
                yield Named(self._by_words[tuple(said[place : place + size])], start, end)
            place += size or 1

    def _longest(self, text: str, words: list[tuple[int, int]], said: list[str], place: int) -> int:
        """How many words from a place on name a skill; 0 where they name none."""
        most = min(LONGEST, len(words) - place)
        for size in range(2, most + 1):
            if not JOINT.fullmatch(text, words[place + size - 2][1], words[place + size - 1][0]):
                most = size - 1
                break
        sizes = range(most, 0, -1)
        return next((n for n in sizes if tuple(said[place : place + n]) in self._by_words), 0)


def _word(text: str) -> str:
    """One word as names are compared; ASCII has one width."""
    return text.casefold() if text.isascii() else skill_name(text)

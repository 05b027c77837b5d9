"""Skills that a text names without listing them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.codes import skill_name
from matcher.text import WORD

LONGEST = 4


@dataclass(frozen=True, slots=True)
class SkillFinder:
    """Knows the skills that anybody lists and finds them in free text."""

    _by_words: dict[tuple[str, ...], str]

    @classmethod
    def of(cls, names: Iterable[str]) -> SkillFinder:
        """From normalised names; one longer than four words is not looked for."""
        split = {name: tuple(WORD.findall(name)) for name in sorted(set(names))}
        return cls({words: name for name, words in split.items() if 0 < len(words) <= LONGEST})

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

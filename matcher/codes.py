"""Names as small integers, so that columns can be compared at once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from matcher.ports import Rows


def skill_name(name: str) -> str:
    """A skill as it is compared: case, width and spacing do not matter.

    >>> skill_name("  Node.JS ") == skill_name("node.js")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(frozen=True, slots=True)
class Codes:
    """A closed list of names and the number of each.

    Numbers serve to compare, never to order or to measure: adding a name may
    renumber others and must change no result.
    """

    names: tuple[str, ...]
    _numbers: dict[str, int]

    @classmethod
    def of(cls, names: Iterable[str]) -> Codes:
        """Number the distinct names in alphabetical order."""
        unique = tuple(sorted(set(names)))
        return cls(unique, {name: number for number, name in enumerate(unique)})

    def __len__(self) -> int:
        return len(self.names)

    def grown(self, names: Iterable[str]) -> Codes:
        """The same numbers, and further ones for the names that have none."""
        new = sorted(set(names) - self._numbers.keys())
        if not new:
            return self
        more = {name: number for number, name in enumerate(new, start=len(self.names))}
        return Codes((*self.names, *new), self._numbers | more)

    def since(self, number: int) -> Iterator[tuple[int, str]]:
        """The names numbered from `number` on, each with its number."""
        yield from enumerate(self.names[number:], start=number)

    def code(self, name: str | None) -> int:
        """The number of a name; -1 where it is unknown."""
        return -1 if name is None else self._numbers.get(name, -1)

    def column(self, names: Iterable[str | None]) -> Rows:
        """[n] int64 numbers; -1 where unknown."""
        return np.array([self.code(name) for name in names], np.int64)

    def wanted(self, names: Iterable[str]) -> Rows:
        """[w] distinct numbers of names asked for; an unlisted one gets a number nobody has."""
        unique = sorted(set(names))
        return np.array(
            [self._numbers.get(name, len(self.names) + i) for i, name in enumerate(unique)],
            np.int64,
        )

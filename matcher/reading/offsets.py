"""Offsets as JavaScript counts them: in UTF-16 code units."""

from __future__ import annotations

from collections.abc import Iterable


def in_utf16(text: str, places: Iterable[int]) -> dict[int, int]:
    """The offset in UTF-16 code units of some offsets in characters.

    >>> in_utf16("🦊 go", [0, 2, 4])
    {0: 0, 2: 3, 4: 5}
    """
    found, units, last = {}, 0, 0
    for place in sorted(set(places)):
        units += sum(2 if ord(one) > 0xFFFF else 1 for one in text[last:place])
        found[place], last = units, place
    return found

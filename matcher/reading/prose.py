"""How every reader looks at a brief: what stands around a place, and what is not prose."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NO_PROSE = re.compile(
    r"https?://\S{1,2000}|\bwww\.\S{1,2000}|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}",
    re.IGNORECASE,
)
_NEW_SENTENCE = re.compile(r"[.!?]\s|\n")
_ABSENT = re.compile(
    r"\b(?:no|not|non|without|never|don'?t|isn'?t|than)[\s-]{1,2}(?:a |an )?$", re.IGNORECASE
)
_OPENS = re.compile(r"(?:[\n,;:(|•\u2013\u2014]|[.!?]\s|^-|\s-|^)\s{0,3}$")
_CLOSES = re.compile(r"\s{0,3}(?:[\n,;.!)|•\u2013\u2014]|$)")
REACH = 60
MOST_PLACES = 200  # that one reader looks at: a text that says it more often says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A place of a text that was understood.

    Attributes:
        field: What of a brief it tells.
        value: The same in a few plain characters.
        start: Offset of its first character; `end`: of the one after its last.
    """

    field: str
    value: str
    start: int
    end: int

    def overlaps(self, other: Found) -> bool:
        """Whether two places share a character."""
        return self.start < other.end and other.start < self.end


def masked(text: str) -> str:
    """The text with addresses blanked out, every character where it was.

    >>> masked("see https://go.dev now")
    'see                now'
    """
    return _NO_PROSE.sub(lambda one: " " * len(one.group()), text)


def before(text: str, at: int, *, reach: int = REACH) -> str:
    """What precedes a place in its own sentence."""
    return _NEW_SENTENCE.split(text[max(at - reach, 0) : at])[-1]


def after(text: str, at: int, *, reach: int = REACH) -> str:
    """What follows a place in its own sentence, its end included."""
    following = text[at : at + reach]
    stop = _NEW_SENTENCE.search(following)
    return following if stop is None else following[: stop.start() + 1]


def is_denied(text: str, at: int) -> bool:
    """Whether the word before a place denies what stands there."""
    return _ABSENT.search(before(text, at, reach=16)) is not None


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a span is a line, or a part between commas, of its own."""
    ahead, behind = text[max(start - 4, 0) : start], text[end : end + 4]
    return _OPENS.search(ahead) is not None and _CLOSES.match(behind) is not None

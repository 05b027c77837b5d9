"""How many people a brief looks for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.reading.numbers import WORD, number
from matcher.reading.prose import Found, before

MOST = 50
_HEAD = 60  # characters in which a text may open with a mark or a picture
_PEOPLE = (
    "developer|engineer|designer|writer|programmer|freelancer|translator|editor|illustrator|"
    "copywriter|assistant|animator|tester|consultant|marketer|artist|expert|specialist|coder|"
    "interpreter|proofreader|analyst|photographer|researcher|bookkeeper|accountant|tutor|person"
)
_TEAM = re.compile(
    rf"(?<![\w.,$%-])(?P<count>[0-9]{{1,2}}(?![0-9])|{WORD}) ?(?:x |\u00d7 ?)?"
    r"(?P<between>(?:(?!years?|yrs?|months?|weeks?|days?|hours?|hrs?|for|from|by|with|of|and|to|in|on|"
    rf"or|per|a|the)[\w+#./-]{{1,30}} ){{0,3}}?)(?P<who>(?:{_PEOPLE})s?|people)\b",
    re.IGNORECASE,
)
_WANTED = re.compile(
    r"\b(?:need(?:s|ed|ing)?|looking (?:for|to hire)|hir(?:e|ing)|seeking|seek|want(?:s|ed)?|"
    r"requires?|find|search(?:ing)? for|recruit(?:ing)?|wanted:?)\b"
    r"(?: (?:about|around|up|at least|us|me|to|have|another|a team of))* ?$",
    re.IGNORECASE,
)


def positions(text: str) -> tuple[int, Found] | None:
    """How many people are looked for, and where it is said; None unsaid."""
    found = list(_teams(text))
    return found[0] if len({count for count, _ in found}) == 1 else None


def _teams(text: str) -> Iterator[tuple[int, Found]]:
    for one in _TEAM.finditer(text):
        count, who = int(number(one["count"])), one["who"].casefold()
        is_plural = who == "people" or who.endswith("s")
        opens = one.start() < _HEAD and not re.search(r"\w", text[: one.start()])
        wanted = opens or _WANTED.search(before(text, one.start()))
        if wanted and 1 <= count <= MOST and is_plural == (count > 1):
            value = "1 person" if count == 1 else f"{count} people"
            start, end = one.span("count")
            yield count, Found(field="positions", value=value, start=start, end=end)

"""The time zone that a brief names, as the hours from UTC that it keeps in winter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.reading.prose import Found

LEAST, MOST = -12.0, 14.0
_OTHER = re.compile(r" ?(?:/|,|\bto\b|\bor\b) ?[+\u2212-][0-9]")  # UTC+1/+2
_OFFSET = re.compile(
    r"(?<!\w)(?:UTC|GMT) ?(?P<sign>[+\u2212\u2013-]) ?(?P<hours>[0-9]{1,2})"
    r"(?::?(?P<minutes>00|15|30|45))?(?![0-9:])"
)
_LETTERS = {
    "CET": 1.0,
    "CEST": 2.0,
    "EET": 2.0,
    "EEST": 3.0,
    "EST": -5.0,
    "EDT": -4.0,
    "PST": -8.0,
    "PDT": -7.0,
    "MDT": -6.0,
    "CDT": -5.0,
    "AKST": -9.0,
    "JST": 9.0,
    "KST": 9.0,
    "SGT": 8.0,
    "HKT": 8.0,
    "AEST": 10.0,
    "AEDT": 11.0,
    "NZST": 12.0,
    "NZDT": 13.0,
}  # CST, IST, BST and MST each name several zones
_LETTER = re.compile(
    rf"(?<![\w.])(?:{'|'.join(_LETTERS)})(?![\w])(?!\.? ?(?:[12][0-9]{{3}}|files?\b))"
)
_NAMES = {
    **dict.fromkeys(("eastern", "east coast", "new york", "toronto"), -5.0),
    "central european": 1.0,
    **dict.fromkeys(("pacific", "west coast", "california", "los angeles"), -8.0),
    "mountain": -7.0,
    **dict.fromkeys(("london", "uk"), 0.0),
    **dict.fromkeys(("berlin", "paris", "madrid", "amsterdam", "rome", "warsaw"), 1.0),
    **dict.fromkeys(("indian", "india"), 5.5),
    "singapore": 8.0,
    "tokyo": 9.0,
    "sydney": 10.0,
}
_NAME = re.compile(
    rf"\b(?:US |U\.S\. )?(?P<name>{'|'.join(_NAMES)})(?:(?: standard)? time(?:[ -]?zone)?|"
    r" (?:business |working |office )?hours)\b(?! (?:job|position|role))",
    re.IGNORECASE,
)
_US = re.compile(
    r"\bUS[ -](?P<name>Eastern|Pacific|Mountain|East Coast|West Coast)\b", re.IGNORECASE
)
_CLOCK = re.compile(r"(?:[0-9] ?[ap]\.?m\.?|[0-9]:[0-9]{2}) (?P<name>ET|PT)\b")
_PLAIN = re.compile(
    r"(?:time ?zone:? ?(?:is )?(?P<named>UTC|GMT)|(?P<kept>UTC|GMT) (?:time ?zone|working hours|"
    r"business hours))\b(?! ?[+\u2212-])"
)


def zone(text: str) -> tuple[float, Found] | None:
    """The offset that the text names and where; None without one, or with several."""
    found = list(_zones(text))
    return found[0] if len({offset for offset, _ in found}) == 1 else None


def _zones(text: str) -> Iterator[tuple[float, Found]]:
    for one in _OFFSET.finditer(text):
        hours = int(one["hours"]) + int(one["minutes"] or 0) / 60
        offset = hours if one["sign"] == "+" else -hours
        if LEAST <= offset <= MOST and not _OTHER.match(text, one.end()):
            yield _found(offset, one)
    for one in _LETTER.finditer(text):
        yield _found(_LETTERS[one.group()], one)
    for one in _NAME.finditer(text):
        yield _found(_NAMES[one["name"].casefold()], one)
    for one in _US.finditer(text):
        yield _found(_NAMES[one["name"].casefold()], one)
    for one in _CLOCK.finditer(text):
        yield _found(-5.0 if one["name"] == "ET" else -8.0, one)
    for one in _PLAIN.finditer(text):
        yield _found(0.0, one)


def _found(offset: float, one: re.Match[str]) -> tuple[float, Found]:
    start = one.start("name") if "name" in one.re.groupindex else one.start()
    hours, minutes = divmod(round(abs(offset) * 60), 60)
    sign = "-" if offset < 0 else "+"
    value = f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
    return offset, Found(field="utc_offset_hours", value=value, start=start, end=one.end())

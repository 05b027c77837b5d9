"""How many hours a week a brief asks for, and for how many weeks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.reading.numbers import SMALL, number, written
from matcher.reading.prose import Found, after, before, is_denied, stands_alone

FULL_TIME, PART_TIME = 40.0, 20.0
MOST_HOURS = 80.0
MOST_WEEKS = 260.0
WEEKS = {"day": 1 / 7, "week": 1.0, "wk": 1.0, "month": 52 / 12}

_HOURS = re.compile(
    rf"(?<![\w.,$-])(?P<low>{SMALL})(?: ?(?:-|\u2013|to) ?(?P<high>{SMALL}))?(?P<more>\+)? ?-?"
    r"(?:hours?|hrs?|h)(?: of work| of your time)? ?"
    r"(?:/ ?(?:week|wk|w)\b|(?:per|a|each|every) (?:week|wk)\b|weekly\b)",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\b(?:up to|max(?:imum)?|at most|no more than|under)(?: of)? ?$", re.IGNORECASE
)
_KIND = re.compile(r"\b(?P<kind>full|part)[ -]?time\b", re.IGNORECASE)
_NOT_ASKED = re.compile(
    r"(?:\b(?:have|has|had|employs?|of|with|my|our|their|his|her|from)|[0-9])(?: an?| \w+)? ?$",
    re.IGNORECASE,
)
_NOT_ASKED_AFTER = re.compile(
    r" ?(?:employees?|staff|students?|team|workers?|mom|mum|dad|parents?|is not|not)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(
    rf"(?<![\w.,$-])(?P<low>{SMALL})(?: ?(?:-|\u2013|to) ?(?P<high>{SMALL}))?[ -]"
    r"(?P<unit>day|week|wk|month)s?\b",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"(?:\b(?:for|duration|lasts?|lasting|takes?|taking|timeline|timeframe|within|length|estimated|"
    r"over|(?:done|finish(?:ed)?|complet(?:e|ed|ion)|deliver(?:ed|y)?|ready)(?: it| this)? in|"
    r"(?:project|contract|engagement) (?:of|is))\b:?)"
    r"(?: (?:about|around|approx(?:imately)?\.?|roughly|the next|next|a|up to|at least|is|of|"
    r"would be|should be|will be|~))* ?~?$",
    re.IGNORECASE,
)
_LASTS_AFTER = re.compile(
    r"[ -](?:(?:\w+ )?(?:project|contract|engagement|gig|job|assignment|duration|timeline)|"
    r"of work|long|in total)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:last|past|previous|first|every|each|since|ago|old|experience|been|start\w*|begin\w*|"
    r"after|before|notice|trial|sprints?|spent|worked|running|business|free|warranty|support|"
    r"vacation|holiday|average|launch\w*)\b",
    re.IGNORECASE,
)


def weekly_hours(text: str) -> tuple[float, Found] | None:
    """Hours a week that a freelancer must have at least, and where it is said; None unsaid."""
    for found in (list(_told(text)), list(_implied(text))):
        if found:
            return found[0] if len({hours for hours, _ in found}) == 1 else None
    return None


def weeks(text: str) -> tuple[float, Found] | None:
    """How long the work lasts, at the most, and where it is said; None unsaid."""
    found = list(_spans(text))
    return found[0] if len({span for span, _ in found}) == 1 else None


def _told(text: str) -> Iterator[tuple[float, Found]]:
    for one in _HOURS.finditer(text):
        hours = number(one["low"])
        if 1 <= hours <= MOST_HOURS and not _AT_MOST.search(before(text, one.start())):
            yield hours, _hours(hours, one)


def _implied(text: str) -> Iterator[tuple[float, Found]]:
    for one in _KIND.finditer(text):
        ahead, behind = before(text, one.start()), after(text, one.end())
        spoken_of = _NOT_ASKED.search(ahead) or _NOT_ASKED_AFTER.match(behind)
        if not spoken_of and not is_denied(text, one.start()):
            hours = FULL_TIME if one["kind"].casefold() == "full" else PART_TIME
            yield hours, _hours(hours, one)


def _hours(hours: float, one: re.Match[str]) -> Found:
    value = f"{written(hours)} hours/week"
    return Found(field="weekly_hours", value=value, start=one.start(), end=one.end())


def _spans(text: str) -> Iterator[tuple[float, Found]]:
    for one in _SPAN.finditer(text):
        ahead, behind = before(text, one.start()), after(text, one.end())
        lasts = (
            _LASTS.search(ahead)
            or _LASTS_AFTER.match(behind)
            or stands_alone(text, one.start(), one.end())
        )
        if not lasts or _ELSEWHERE.search(ahead) or _ELSEWHERE.search(behind[:24]):
            continue
        span = number(one["high"] or one["low"]) * WEEKS[one["unit"].casefold()]
        if 0 < span <= MOST_WEEKS:
            span = round(span, 1)
            value = "1 week" if span == 1 else f"{written(span)} weeks"
            yield span, Found(field="weeks", value=value, start=one.start(), end=one.end())

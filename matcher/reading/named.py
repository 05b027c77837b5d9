"""The skills that a brief names, where it is sure that it means them.

Some skills are everyday words: Go, R, Swift, Excel. Those count where the words around them say
so: "in Go", "Swift developer", "Python, R and SQL". "Ready to go" names no language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from matcher.reading.prose import Found, after, before, is_denied
from matcher.skills import Named, SkillFinder

MOST = 300  # places of a text
EVERYDAY = frozenset(
    [
        "access",
        "basic",
        "beam",
        "billing",
        "blender",
        "bottle",
        "buffer",
        "canvas",
        "captions",
        "chef",
        "consul",
        "crystal",
        "dart",
        "drive",
        "echo",
        "editing",
        "elm",
        "ember",
        "excel",
        "express",
        "falcon",
        "fiber",
        "flask",
        "flow",
        "fusion",
        "gin",
        "go",
        "helm",
        "hive",
        "hr",
        "hub",
        "ionic",
        "julia",
        "keynote",
        "later",
        "linear",
        "maya",
        "meteor",
        "mixing",
        "motion",
        "node",
        "notion",
        "numbers",
        "outlook",
        "pages",
        "phoenix",
        "pig",
        "pony",
        "premiere",
        "processing",
        "puppet",
        "rails",
        "reels",
        "research",
        "resolve",
        "rest",
        "rhino",
        "ruby",
        "rust",
        "salt",
        "scheme",
        "scratch",
        "segment",
        "sheets",
        "shell",
        "sketch",
        "slack",
        "spark",
        "spring",
        "square",
        "storm",
        "stripe",
        "swift",
        "teams",
        "typing",
        "unity",
        "unreal",
        "vault",
        "word",
        "zoom",
    ]
)
NEVER_BY_CAPITAL = frozenset(
    {"go", "rest", "hr", "research", "editing", "later", "pages", "numbers"}
)
_VERBS = {
    "go": "to|live|through|ahead|for|with|over|back|on|viral|beyond|and",
    "react": "to|quickly|fast|immediately",
    "access": "to",
    "excel": "at",
    "rest": "of|is|are|will|assured",
    "express": "delivery|shipping|checkout|interest|your",
    "spring": "[12][0-9]{3}|break|collection|season|summer|campaign",
    "word": "of|count|by|for|counts|documents? from",
    "swift": "response|delivery|turnaround|reply|codes?|payment",
    "notion": "of|that",
    "node": "in|of",
    "c": "major|minor|level|suite|section|cup",
    "d": "major|minor|day",
}
_NOT_AFTER = {
    name: re.compile(rf"[ ]+(?:{words})\b", re.IGNORECASE) for name, words in _VERBS.items()
}
_CUE_BEFORE = re.compile(
    r"\b(?:in|with|using|uses?|know(?:s|ing)?|knowledge of|experience (?:in|with|of)|expertise in|"
    r"proficien\w+ (?:in|with)|fluent in|skilled in|master of|built on|based on|skills?:|stack:|"
    r"technolog(?:y|ies):|requirements:|tools:) $",
    re.IGNORECASE,
)
_CUE_AFTER = re.compile(
    r"[ -](?:developers?|devs?|engineers?|programmers?|programming|coders?|experts?|specialists?|"
    r"consultants?|freelancers?|code|codebase|back-?end|microservices?|apis?|servers?|scripts?|"
    r"language|lang|sdk|framework|spreadsheets?|macros?|formulas?|workbooks?|skills|experience|"
    r"knowledge|endpoints?|services?|apps?)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r" ?(?:[.,;:!?)/|&+\n]|$)| (?:and|or) ")
_LINKED = re.compile(r"\s?(?:[,/;|&+•·]|,? ?\band\b|,? ?\bor\b|\n[-*•])\s?")


def skills(text: str, finder: SkillFinder, *, taken: Sequence[Found] = ()) -> list[Found]:
    """Every place that names a skill, in order.

    Args:
        taken: What was understood as something else: an hour is no human resources.
    """
    spans = [(one.start, one.end) for one in taken]
    places = [
        one
        for one in finder.named(text)
        if not any(one.start < end and start < one.end for start, end in spans)
        and not is_denied(text, one.start)
    ][:MOST]
    sure = [_is_sure(text, one) for one in places]
    for at in (*range(1, len(places)), *range(len(places) - 2, -1, -1)):
        sure[at] = sure[at] or _is_listed(text, places, sure, at)
    return [
        Found(field="skills", value=one.name, start=one.start, end=one.end)
        for one, certain in zip(places, sure, strict=True)
        if certain
    ]


def _is_sure(text: str, one: Named) -> bool:
    """Whether a skill is no everyday word, or its neighbours in the text say what is meant."""
    behind = after(text, one.end, reach=24)
    if _is_verb(one, behind) or _is_initial(text, one):
        return False
    everyday = len(one.name) == 1 or one.name in EVERYDAY
    if not everyday or _CUE_AFTER.match(behind):
        return True
    ahead, capital = before(text, one.start), text[one.start].isupper()
    if _CUE_BEFORE.search(ahead):
        return capital or (one.name in {"go", "c", "r"} and bool(_ENDS.match(behind)))
    if len(one.name) == 1 or one.name in NEVER_BY_CAPITAL or not capital:
        return False
    inside = ahead.strip(" \t-*•(\"'")  # of a sentence, and not of a headline
    return re.search(r"\b[a-z]{2,}", inside) is not None


def _is_initial(text: str, one: Named) -> bool:
    """Whether a letter is part of something else: R&D, C-level."""
    behind = text[one.end : one.end + 3]
    return len(one.name) == 1 and bool(re.match(r"[-&'\u2019.][^\W_]| [&-] ", behind))


def _is_listed(text: str, places: Sequence[Named], sure: Sequence[bool], at: int) -> bool:
    """Whether an uncertain name stands in a list beside a certain one."""
    one = places[at]
    behind = after(text, one.end, reach=24)
    if _is_verb(one, behind) or (len(one.name) == 1 and not text[one.start].isupper()):
        return False
    if not text[one.start].isupper() and not _ENDS.match(behind):
        return False
    left = at > 0 and sure[at - 1] and _LINKED.fullmatch(text, places[at - 1].end, one.start)
    right = (
        at + 1 < len(places)
        and sure[at + 1]
        and _LINKED.fullmatch(text, one.end, places[at + 1].start)
    )
    return bool(left or right)


def _is_verb(one: Named, behind: str) -> bool:
    pattern = _NOT_AFTER.get(one.name)
    return pattern is not None and pattern.match(behind) is not None

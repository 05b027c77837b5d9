"""The languages that a brief asks people to speak or write, by their English names.

A language is asked for where a word says so: fluent German, a French speaker, English required.
An English breakfast, a Swiss watch or customers who speak Spanish ask for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.reading.prose import Found, after, before, is_denied

LANGUAGES = {
    "arabic": "ar",
    "bengali": "bn",
    "bulgarian": "bg",
    "cantonese": "zh",
    "catalan": "ca",
    "chinese": "zh",
    "croatian": "hr",
    "czech": "cs",
    "danish": "da",
    "dutch": "nl",
    "english": "en",
    "estonian": "et",
    "farsi": "fa",
    "filipino": "tl",
    "finnish": "fi",
    "french": "fr",
    "german": "de",
    "greek": "el",
    "hebrew": "he",
    "hindi": "hi",
    "hungarian": "hu",
    "indonesian": "id",
    "italian": "it",
    "japanese": "ja",
    "korean": "ko",
    "latvian": "lv",
    "lithuanian": "lt",
    "malay": "ms",
    "mandarin": "zh",
    "norwegian": "no",
    "persian": "fa",
    "polish": "pl",
    "portuguese": "pt",
    "romanian": "ro",
    "russian": "ru",
    "serbian": "sr",
    "slovak": "sk",
    "slovenian": "sl",
    "spanish": "es",
    "swahili": "sw",
    "swedish": "sv",
    "tagalog": "tl",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "urdu": "ur",
    "vietnamese": "vi",
}
_NAME = rf"(?:{'|'.join(LANGUAGES)})"
_LEVEL = r"(?:fluent|native|good|business|conversational)"
_LIST = re.compile(
    rf"\b{_NAME}\b(?:(?:, and|, or|,| and| or| &|/| /) ?(?:{_LEVEL} )?{_NAME}\b){{0,9}}",
    re.IGNORECASE,
)
_ONE = re.compile(rf"\b{_NAME}\b", re.IGNORECASE)
_SPEAKS = re.compile(
    r"(?:\b(?:fluent|fluency|native|proficien\w+|bilingual|conversational|speak(?:s|ing)?|spoken|"
    r"written|excellent|perfect|flawless|strong|good|great|solid|advanced|professional|"
    r"business[ -]level|native[ -]level|communicat\w+|mother tongue|languages?|c1|c2|b2)"
    r"(?: (?:in|level|command of|knowledge of|skills in|is|are|required))?:?(?: both)?) $",
    re.IGNORECASE,
)
_WRITES = re.compile(
    r"\b(?:writ(?:e|es|ing|ten)|communicat\w+|calls?|meetings?|articles?|posts?|texts?|copy|support)"
    r"(?: [\w-]+){0,2} in $",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"(?: ?[.,;:!?)(/\n|\u2013\u2014]|$| (?:and|is|are|required|must|needed|mandatory|a must|"
    r"skills?|language|level|communication|fluency|proficiency|speak\w*|native\w*|for|to|with|at|on|in|as|who|that|"
    r"developers?|designers?|writers?|copywriters?|translators?|editors?|voice|teachers?|tutors?|"
    r"assistants?|freelancers?|person|people|only|please|both|c1|c2|b2)\b|-)",
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"(?:[ -]speak(?:ers?|ing)\b(?! (?:customers?|clients?|audiences?|markets?|countr\w+|users?|"
    r"communit\w+|world|people|visitors?|guests?|children|kids))| (?:language )?(?:is |are )?"
    r"(?:required|mandatory|needed|a must|necessary|is a must)\b| \(?(?:fluent|native|c1|c2|b2)\b|"
    r" (?:language skills|fluency|proficiency|native speakers?)\b)",
    re.IGNORECASE,
)
_NOT_ASKED = re.compile(
    r"[^.!?\n]{0,30}\b(?:not (?:required|needed|necessary|important|a must)|a plus|optional|"
    r"nice to have|bonus|advantage|helpful|preferred|welcome|desirable)\b",
    re.IGNORECASE,
)
_TRANSLATES = re.compile(
    rf"\b(?:translat\w+|locali[sz]\w+)[^.!?\n]{{0,40}}\bfrom (?P<one>{_NAME}) (?:in)?to "
    rf"(?P<other>{_NAME})\b|\b(?P<first>{_NAME})(?: to |-to-|[-\u2013>→/]| → )(?P<second>{_NAME}) "
    r"translat\w+",
    re.IGNORECASE,
)


def languages(text: str) -> list[tuple[str, Found]]:
    """Codes of the languages that are asked for, each with where; the same code may come twice."""
    found = {one.start: (code, one) for code, one in (*_asked(text), *_translated(text))}
    return [found[start] for start in sorted(found)]


def _asked(text: str) -> Iterator[tuple[str, Found]]:
    for group in _LIST.finditer(text):
        ahead, behind = before(text, group.start()), after(text, group.end())
        asked = _SPEAKER.match(behind) or (
            _GOES_ON.match(behind) and (_SPEAKS.search(ahead) or _WRITES.search(ahead))
        )
        either = re.search(r"\bor\b", group.group(), re.IGNORECASE)
        if not asked or either or _NOT_ASKED.match(behind) or is_denied(text, group.start()):
            continue
        for one in _ONE.finditer(text, group.start(), group.end()):
            yield _named(one.group(), *one.span())


def _translated(text: str) -> Iterator[tuple[str, Found]]:
    for pair in _TRANSLATES.finditer(text):
        for name in ("one", "other", "first", "second"):
            if pair[name]:
                yield _named(pair[name], *pair.span(name))


def _named(name: str, start: int, end: int) -> tuple[str, Found]:
    code = LANGUAGES[name.casefold()]
    return code, Found(field="languages", value=code, start=start, end=end)

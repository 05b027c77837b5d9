"""The grammar of posts and overviews, in three registers.

A pattern is a sentence in which `[a|b]` stands for one of a and b and `{name}` for a word handed
in. Texts name some of what they mean, hint at some of it and say the rest in words that every
other text uses too. The stock sentences lie in `words/phrases.toml`; slips of the pen are made
elsewhere, in `noise.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import cycle, islice
from typing import Literal, TypeVar

import numpy as np

from training.simulate.niches import Niche
from training.simulate.spellings import spelling
from training.simulate.vocabulary import Skill

Register = Literal["formal", "casual", "terse"]
REGISTERS: tuple[Register, ...] = ("formal", "casual", "terse")

T = TypeVar("T")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def expand(pattern: str, rng: np.random.Generator, **words: str) -> str:
    """`pattern` with every choice made and every word filled in."""
    chosen = "".join([_one(options, rng) for options in _parsed(pattern)])
    return chosen.format_map(words) if words else chosen


def about_client(*, industry: str, city: str, rng: np.random.Generator) -> str:
    """What a client says of itself in every post."""
    people = str(3 + int(rng.random() * 57))
    trade = expand(industry, rng)
    return expand(_one(_phrases().about, rng), rng, industry=trade, city=city, people=people)


def post_title(
    niche: Niche, *, named: Sequence[Skill], register: Register, rng: np.random.Generator
) -> str:
    """A headline: the task, now and then a skill; seldom nothing that helps."""
    manner = _phrases().manners[register]
    if rng.random() < 0.06:
        title = expand(_one(manner.empty_titles, rng), rng)
    else:
        task = expand(_one(niche.titles, rng), rng)
        if named and rng.random() < 0.35:
            skill = spelling(named[0], rng)
            title = expand(_one(manner.skill_titles, rng), rng, task=task, skill=skill)
        else:
            title = expand(_one(manner.titles, rng), rng, task=task)
    headed = register != "terse" and title.partition(" ")[0].islower()  # not "iOS"
    return title[0].upper() + title[1:] if headed else title


def post_description(
    niche: Niche,
    *,
    named: Sequence[Skill],
    hinted: Sequence[Skill],
    words: dict[str, str],
    register: Register,
    rng: np.random.Generator,
) -> str:
    """What is to be done: tasks, skills named and skills hinted at, among stock sentences.

    Args:
        niche: Gives the tasks.
        named: Skills called by one of their spellings, all of them.
        hinted: Skills given away by their clue alone, all of them.
        words: about, industry, city, hours and headcount of the client and the post.
        register: How the client writes.
        rng: Makes the choices.
    """
    manner = _phrases().manners[register]
    room = _room(manner.post_words, rng)
    body = _body(niche, named=named, hinted=hinted, room=room, manner=manner, rng=rng)
    loose = _length(body) < room
    front = [_one(manner.openers, rng)] if loose and rng.random() < 0.75 else []
    plate = [_one(manner.boilerplate, rng)] if loose and rng.random() < 0.35 else []
    end = [_one(manner.endings, rng)] if loose and rng.random() < 0.6 else []
    front, plate, end = (
        [expand(text, rng, **words) for text in part] for part in (front, plate, end)
    )
    left = room - _length([*front, *body, *plate, *end])
    terms = _filled(_in_any_order(manner.conditions, rng), room=left, words=words, rng=rng)
    middle = terms + body if rng.random() < 0.2 else body + terms
    whole = front + plate + middle + end if rng.random() < 0.3 else front + middle + plate + end
    return _joined(whole, manner=manner, rng=rng)


def profile_title(
    trade: str, *, listed: Sequence[Skill], register: Register, rng: np.random.Generator
) -> str:
    """A freelancer's headline: the trade, a listed skill or both."""
    manner = _phrases().manners[register]
    words = _trade_words(trade)
    if len(listed) < 2:
        return expand(_one(manner.trade_titles, rng), rng, **words)
    skill, other = spelling(listed[0], rng), spelling(listed[1], rng)
    return expand(_one(manner.profile_titles, rng), rng, skill=skill, other=other, **words)


def overview(
    trade: str,
    *,
    listed: Sequence[Skill],
    hints: Sequence[str],
    city: str,
    register: Register,
    rng: np.random.Generator,
) -> str:
    """What a freelancer says: a pitch, listed skills, praise, and the true niche only if hinted.

    Args:
        trade: Name of the category.
        listed: Skills the profile claims, real or not; the first five are written down at most.
        hints: Patterns that own up to a niche, all of them; mostly empty.
        city: Where the freelancer lives.
        register: How the freelancer writes.
        rng: Makes the choices.
    """
    manner = _phrases().manners[register]
    room = _room(manner.overview_words, rng)
    words = {**_trade_words(trade), "city": city, "years": str(2 + int(rng.random() * 19))}
    pitch = expand(_one(manner.pitches, rng), rng, **words)
    said = [expand(hint, rng) for hint in hints]
    if listed and rng.random() < 0.8:
        skills = _listed(listed[:5], links=manner.links, rng=rng)
        said.append(expand(_one(manner.listing, rng), rng, skills=skills))
    left = room - _length([pitch, *said])
    said += _filled(_in_any_order(manner.praise, rng), room=left, words=words, rng=rng)
    return _joined([pitch, *_in_any_order(said, rng)], manner=manner, rng=rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Manner:
    """How one register speaks, in patterns.

    Attributes:
        post_words: From how many words to how many a post aims at.
        overview_words: The same for an overview.
        joints: What stands between two sentences; repeated ones are likelier.
        links: What stands before the last of several skills.
    """

    post_words: tuple[int, int]
    overview_words: tuple[int, int]
    joints: tuple[str, ...]
    links: tuple[str, ...]
    openers: tuple[str, ...]
    telling: tuple[str, ...]
    naming: tuple[str, ...]
    hinting: tuple[str, ...]
    conditions: tuple[str, ...]
    boilerplate: tuple[str, ...]
    endings: tuple[str, ...]
    empty_titles: tuple[str, ...]
    titles: tuple[str, ...]
    skill_titles: tuple[str, ...]
    pitches: tuple[str, ...]
    listing: tuple[str, ...]
    praise: tuple[str, ...]
    profile_titles: tuple[str, ...]
    trade_titles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrases:
    """All of `words/phrases.toml`."""

    about: tuple[str, ...]
    manners: dict[Register, _Manner]


@lru_cache(maxsize=1)
def _phrases() -> _Phrases:
    text = files("training.simulate").joinpath("words", "phrases.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return _Phrases(
        about=tuple(table["client"]["about"]),
        manners={
            register: _Manner(**{key: tuple(each) for key, each in table[register].items()})
            for register in REGISTERS
        },
    )


@lru_cache(maxsize=8192)
def _parsed(pattern: str) -> tuple[tuple[str, ...], ...]:
    """The pattern as a row of choices; plain text is a choice of one."""
    return tuple(
        tuple(piece.split("|")) if inside else (piece,)
        for inside, piece in zip(cycle((False, True)), _CHOICE.split(pattern), strict=False)
    )


def _body(
    niche: Niche,
    *,
    named: Sequence[Skill],
    hinted: Sequence[Skill],
    room: int,
    manner: _Manner,
    rng: np.random.Generator,
) -> list[str]:
    """One to three tasks, all named skills and all clues, at times in any order."""
    tasks = _in_any_order(niche.tasks, rng)
    parts = [expand(_one(manner.telling, rng), rng, task=expand(next(tasks), rng))]
    if named:
        skills = _listed(named, links=manner.links, rng=rng)
        parts.append(expand(_one(manner.naming, rng), rng, skills=skills))
    ways = _in_any_order(manner.hinting, rng)
    parts += [expand(next(ways, manner.hinting[0]), rng, clue=skill.clue) for skill in hinted]
    more = islice(tasks, int(rng.random() * 3))
    parts[1:1] = _filled(more, room=room // 2 - _length(parts), words={}, rng=rng)
    return list(_in_any_order(parts, rng)) if rng.random() < 0.4 else parts


def _filled(
    patterns: Iterator[str], *, room: int, words: dict[str, str], rng: np.random.Generator
) -> list[str]:
    """Sentences until there are `room` words of them; the last one may go over."""
    parts: list[str] = []
    while room > 0 and (pattern := next(patterns, None)) is not None:
        parts.append(expand(pattern, rng, **words))
        room -= _length(parts[-1:])
    return parts


def _joined(parts: Sequence[str], *, manner: _Manner, rng: np.random.Generator) -> str:
    """The sentences as one text; what a joint divides needs no full stop."""
    joint = _one(manner.joints, rng)
    if joint == " ":
        return " ".join([f"{part}." if part[-1].isalnum() else part for part in parts])
    return joint.join([part.removesuffix(".") for part in parts])


def _listed(skills: Sequence[Skill], *, links: Sequence[str], rng: np.random.Generator) -> str:
    """Skills in one breath: "a, b and c"."""
    *written, last = [spelling(skill, rng) for skill in skills]
    return f"{', '.join(written)}{_one(links, rng)}{last}" if written else last


def _trade_words(trade: str) -> dict[str, str]:
    """The trade as a heading and inside a sentence, where "CAD" and "DevOps" stay as they are."""
    inside = " ".join([word.lower() if word.istitle() else word for word in trade.split()])
    return {"Trade": trade, "trade": inside}


def _length(parts: Sequence[str]) -> int:
    return sum([part.count(" ") + 1 for part in parts])


def _room(words: tuple[int, int], rng: np.random.Generator) -> int:
    """How long a text is to be, anywhere from the one to the other."""
    low, high = words
    return low + int(rng.random() * (high - low + 1))


def _one(options: Sequence[T], rng: np.random.Generator) -> T:
    """One of the options; several times faster than `rng.integers`, and called twenty a text."""
    return options[int(rng.random() * len(options))] if len(options) > 1 else options[0]


def _in_any_order(options: Sequence[T], rng: np.random.Generator) -> Iterator[T]:
    """The options in random order, drawn as they are asked for."""
    left = list(options)
    while left:
        place = int(rng.random() * len(left))
        left[place], left[-1] = left[-1], left[place]
        yield left.pop()

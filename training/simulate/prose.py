"""The grammar of posts and overviews.

A pattern is a sentence in which `[a|b]` stands for one of a and b and `{name}` for a word handed
in. Texts name some of what they mean, hint at some of it and say the rest in words that every
other text uses too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from training.simulate.draws import chance, pick, shuffled, some
from training.simulate.niches import Niche
from training.simulate.vocabulary import Skill

_CHOICE = re.compile(r"\[([^\[\]]*)\]")

_POST_OPENERS = (
    "[Hello|Hi] everyone,",
    "[We are|This is] a {industry} in {city}.",
    "{about}",
    "{about}",
    "[Looking|We are looking] for [somebody|a freelancer|a pro] who has done this before.",
    "[Urgent|Short version]: read to the end, please.",
)
_NAMING = (
    "[You know|You should know|Experience with] {skills}[.| is a must.| required.]",
    "[We use|Our stack is|Tools:] {skills}.",
    "[Must have|Needed|Required]: {skills}.",
    "[Somebody fluent in|Good command of] {skills} [would be ideal|is expected].",
)
_HINTING = (
    "[Expect|There will be|It involves] {clue}.",
    "You [feel at home with|are not afraid of] {clue}.",
    "[It is|This is] all about {clue}.",
    "[Think|Imagine] {clue}.",
)
_CONDITIONS = (
    "[About|Roughly] {hours} hours a week[, flexible|].",
    "We work in [short|weekly] steps and talk [daily|twice a week].",
    "[More work follows|A long cooperation is possible] if we get along.",
    "[Our budget is small but we pay on time.|Money is fine for the right person.]",
    "Please overlap at least [two|three|four] hours with our day.",
    "An NDA [must be signed|is part of the deal].",
    "[Agencies, please do not apply.|Individuals only.]",
)
_POST_ENDINGS = (
    "[Send|Show us] two [examples|samples] of [similar|past] work.",
    'Start your [answer|message] with "[lemon|pebble|naïve|façade]" so we know you read this.',
    "Tell us your [rate|price] and when you can [start|begin].",
    "Thank you! ☺",
    "",
)
_PITCHES = (
    "[Freelance|Independent] {trade} [specialist|person], {years} years of [work|practice].",
    "{years} years in {trade}[, still curious|, and counting|].",
    "I help [firms|companies|small teams] with {trade}.",
    "[Reliable|Careful|Fast and friendly] help with {trade} from {city}.",
    "[¡Hola!|Olá!|Hello from {city}!|Добрий день!] {years} years in {trade} [so far|by now].",
)
_LISTING = (
    "[I work with|My tools are|Daily companions:] {skills}.",
    "[Skilled in|Strong in|Trained in] {skills}.",
    "[Most projects|Recent projects] [needed|asked for] {skills}.",
)
_SELF_PRAISE = (
    "[Deadlines|Dates] [are sacred to me|are kept].",
    "I [answer|reply] within [a day|hours] and [say so|tell you] when something is wrong.",
    "Your satisfaction is my [first|highest] [goal|priority].",
    "[Let's talk|Write to me] about your [project|plans].",
    "100% [quality|commitment], always ★★★",
    "I can [start|begin] right away.",
    "[Communication|Honesty] matters [most|more than tools].",
    "[Degree|Diploma] from the [university|technical school] of {city}.",
)
_PROFILE_TITLES = (
    "{skill} [expert|specialist|freelancer]",
    "{skill} and {other}",
    "{trade} [specialist|freelancer|pro]",
    "[Senior|Experienced|Certified] {skill} [freelancer|consultant]",
    "{skill} | {other} | {trade}",
)
_ABOUT = (
    "We are a [small|young|family-run|growing] {industry} [near|in] {city}.",
    "Our {industry} in {city} has [{people} people|a team of {people}].",
    "[I run|My wife and I run|Two friends run] a {industry} in {city}.",
)


def expand(pattern: str, rng: np.random.Generator, **words: str) -> str:
    """`pattern` with every choice made and every word filled in."""
    chosen = _CHOICE.sub(lambda found: pick(found.group(1).split("|"), rng), pattern)
    return chosen.format(**words) if words else chosen


def about_client(*, industry: str, city: str, rng: np.random.Generator) -> str:
    """What a client says of itself in every post."""
    trade = expand(industry, rng)
    return expand(
        pick(_ABOUT, rng), rng, industry=trade, city=city, people=str(rng.integers(3, 60))
    )


def post_title(niche: Niche, *, named: Sequence[Skill], rng: np.random.Generator) -> str:
    """A headline: the task, now and then a skill; seldom nothing that helps."""
    if chance(0.06, rng):
        return expand("[Help|Freelancer|Expert] [needed|wanted] for [a project|ongoing work]", rng)
    task = expand(pick(niche.titles, rng), rng)
    title = task[0].upper() + task[1:]
    if named and chance(0.35, rng):
        title += expand(" [(|- ]", rng) + spelling(named[0], rng)
        title += ")" if "(" in title and not title.endswith(")") else ""
    return title


def post_description(
    niche: Niche,
    *,
    named: Sequence[Skill],
    hinted: Sequence[Skill],
    words: dict[str, str],
    rng: np.random.Generator,
) -> str:
    """What is to be done: tasks, skills named and skills hinted at, between stock sentences.

    Args:
        niche: Gives the tasks.
        named: Skills called by one of their spellings.
        hinted: Skills given away by their clue alone.
        words: about, industry, city and hours of the client and the post.
        rng: Makes the choices.
    """
    parts = [expand(pick(_POST_OPENERS, rng), rng, **words)] if chance(0.8, rng) else []
    middle = [expand(task, rng) for task in some(niche.tasks, rng, low=1, high=2)]
    if named:
        middle.append(expand(pick(_NAMING, rng), rng, skills=_listed(named, rng)))
    middle += [expand(pick(_HINTING, rng), rng, clue=skill.clue) for skill in hinted]
    if chance(0.4, rng):
        middle = shuffled(middle, rng)
    parts += middle
    parts += [expand(text, rng, **words) for text in some(_CONDITIONS, rng, low=0, high=2)]
    parts.append(expand(pick(_POST_ENDINGS, rng), rng))
    return " ".join(part for part in parts if part)


def profile_title(trade: str, *, listed: Sequence[Skill], rng: np.random.Generator) -> str:
    """A freelancer's headline: the trade, a listed skill or both."""
    if len(listed) < 2:
        return expand("{trade} [freelancer|pro]", rng, trade=trade)
    skill, other = spelling(listed[0], rng), spelling(listed[1], rng)
    return expand(pick(_PROFILE_TITLES, rng), rng, skill=skill, other=other, trade=trade)


def overview(
    trade: str,
    *,
    listed: Sequence[Skill],
    hints: Sequence[str],
    city: str,
    rng: np.random.Generator,
) -> str:
    """What a freelancer says: a pitch, listed skills, praise, and the true niche only if hinted.

    Args:
        trade: Name of the category.
        listed: Skills the profile claims, real or not.
        hints: Patterns that own up to a niche; mostly empty.
        city: Where the freelancer lives.
        rng: Makes the choices.
    """
    words = {"trade": trade.lower(), "city": city, "years": str(rng.integers(1, 21))}
    middle = [expand(hint, rng) for hint in hints]
    if listed and chance(0.8, rng):
        middle.append(expand(pick(_LISTING, rng), rng, skills=_listed(listed[:5], rng)))
    middle += [expand(text, rng, **words) for text in some(_SELF_PRAISE, rng, low=1, high=3)]
    return " ".join([expand(pick(_PITCHES, rng), rng, **words), *shuffled(middle, rng)])


def spelling(skill: Skill, rng: np.random.Generator) -> str:
    """The skill as somebody may write it: mostly by its name."""
    return skill.name if chance(0.6, rng) else pick(skill.spellings, rng)


def _listed(skills: Sequence[Skill], rng: np.random.Generator) -> str:
    """Skills in one breath: "a, b and c"."""
    written = [spelling(skill, rng) for skill in skills]
    if len(written) == 1:
        return written[0]
    return f"{', '.join(written[:-1])} {pick(('and', '&', 'plus'), rng)} {written[-1]}"

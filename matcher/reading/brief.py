"""A brief in a person's words, read as a job: rules alone, and silence where they are not sure.

Nothing is learned or guessed. What one rule understands and another contradicts (two budgets, two
time zones) is left out, for a wrong filter costs more than a missing one.
"""

from __future__ import annotations

from dataclasses import dataclass

from matcher.domain import Job
from matcher.reading.effort import weekly_hours, weeks
from matcher.reading.money import pay
from matcher.reading.named import skills
from matcher.reading.places import country
from matcher.reading.prose import Found, masked
from matcher.reading.team import positions
from matcher.reading.tongues import languages
from matcher.reading.zones import zone
from matcher.skills import SkillFinder

LONGEST_TITLE = 200
MOST_SKILLS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What was understood of a text.

    Attributes:
        job: Its fields are unknown where nothing was understood; a text without words has no title.
        weekly_hours: That a freelancer must have at least; None unsaid.
        found: Every place that says something, in order; none overlaps another.
    """

    job: Job
    weekly_hours: float | None
    found: tuple[Found, ...]


def read(text: str, finder: SkillFinder) -> Brief:
    """What a brief asks for.

    Args:
        finder: Knows the skills of the market.
    """
    prose = masked(text)
    offer, place, zoned = pay(prose), country(prose), zone(prose)
    hours, span, team = weekly_hours(prose), weeks(prose), positions(prose)
    spoken = languages(prose)
    told = [one[1] for one in (place, zoned, hours, span, team) if one is not None]
    told += [offer.found] if offer else []
    named = skills(prose, finder, taken=told)
    told += [one for _, one in spoken if not any(one.overlaps(other) for other in named)]
    title, description = titled(text)
    job = Job(
        title=title,
        description=description,
        skills=tuple(dict.fromkeys(one.value for one in named))[:MOST_SKILLS],
        payment=offer.payment if offer else None,
        budget_usd_min=offer.low if offer else None,
        budget_usd_max=offer.high if offer else None,
        weeks=span[0] if span else None,
        country=place[0] if place else None,
        utc_offset_hours=zoned[0] if zoned else None,
        languages=tuple(dict.fromkeys(code for code, _ in spoken)),
        positions=team[0] if team else None,
    )
    found = tuple(sorted((*told, *named), key=lambda one: (one.start, one.end)))
    return Brief(job=job, weekly_hours=hours[0] if hours else None, found=found)


def titled(text: str) -> tuple[str, str | None]:
    r"""The first line that says anything, cut at a word, and the rest; None where there is none.

    >>> titled("\n Fix the checkout \n\nIt fails on phones.")
    ('Fix the checkout', 'It fails on phones.')
    """
    whole = text.strip()
    line, _, rest = whole.partition("\n")
    head = shortened(line.strip(), most=LONGEST_TITLE)
    rest = f"{line.strip()[len(head) :].strip()}\n{rest}".strip()
    return head, rest or None


def shortened(text: str, *, most: int) -> str:
    """The first words of a text, at most so many characters.

    >>> shortened("ink and watercolour", most=10)
    'ink and'
    """
    if len(text) <= most:
        return text
    words = text[: most + 1].rsplit(maxsplit=1)[0] if not text[most].isspace() else text[:most]
    return words.rstrip()[:most]

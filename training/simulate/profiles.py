"""What freelancers say of themselves: broader, vaguer and rosier than what they are.

Skills are listed that are hardly known, mastered ones and implied ones are forgotten, the true
speciality is owned up to by the keen rather than by all, and any field may be missing. Some edit
their profile later: a higher rate, more skills, another overview.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from training.simulate.draws import chance, kept, pick, shuffled, some
from training.simulate.niches import niches
from training.simulate.people import DAY, SPAN, People
from training.simulate.places import PLACES
from training.simulate.prose import overview, profile_title, spelling
from training.simulate.vocabulary import Skill, categories, skills

_KNOWN_WELL = 0.5
_PLATFORMS = ("platform-a", "platform-b", "platform-c")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """Profile rows, and what they change in the market.

    Attributes:
        rows: Values of the freelancers table, sorted by id and valid_from; times are seconds
            since the market's start.
        rates: (at, row of `People`, new rate in USD an hour) for every raise.
    """

    rows: tuple[Mapping[str, object], ...]
    rates: tuple[tuple[int, int, float], ...]


def write_profiles(people: People, rng: np.random.Generator) -> Profiles:
    """One profile for everybody, and up to two later editions for some."""
    rows: list[Mapping[str, object]] = []
    rates: list[tuple[int, int, float]] = []
    for i in range(len(people)):
        listed = _claims(people, i, rng)
        row = _first_edition(people, i, listed=listed, rng=rng)
        rows.append(row)
        rate = float(people.rate[i])
        for at in _edit_times(people, i, rng):
            rate = float(np.ceil(rate * rng.uniform(1.04, 1.25)))
            listed = _longer(listed, rng)
            row = _next_edition(row, people, i, at=at, rate=rate, listed=listed, rng=rng)
            rows.append(row)
            rates.append((at, i, rate))
    rows.sort(key=lambda row: (str(row["freelancer_id"]), row["valid_from"]))
    return Profiles(rows=tuple(rows), rates=tuple(sorted(rates)))


def _claims(people: People, i: int, rng: np.random.Generator) -> list[Skill]:
    """The skills somebody will list: most that are mastered, some that are not."""
    table = skills()
    strong = [
        skill
        for skill, strength in zip(table.values(), people.strength[:, i], strict=True)
        if strength > _KNOWN_WELL
    ]
    brought_along = {name for skill in strong for name in skill.implies}
    said = [skill for skill in strong if chance(0.4 if skill.name in brought_along else 0.85, rng)]
    trade = categories()[niches()[int(people.niche[i])].category]
    padding = [table[name] for name in some(trade, rng, low=1, high=3) if table[name] not in said]
    return shuffled(said + padding, rng)


def _first_edition(
    people: People, i: int, *, listed: list[Skill], rng: np.random.Generator
) -> dict[str, object]:
    place = PLACES[int(people.place[i])]
    joined_at = int(people.joined_at[i])
    return {
        "freelancer_id": people.ids[i],
        "joined_at": joined_at,
        "valid_from": joined_at,
        "country": None if chance(0.05, rng) else place.country,
        "utc_offset_hours": None if chance(0.06, rng) else place.utc_offset_hours,
        "languages": None if chance(0.15, rng) else people.languages[i],
        "weekly_hours": None if chance(0.2, rng) else float(people.weekly_hours[i]),
        "portable_ratings": _portable_ratings(float(people.quality[i]), rng),
        "hourly_rate_usd": None if chance(0.07, rng) else float(people.rate[i]),
        **_words(people, i, listed=listed, rng=rng),
    }


def _next_edition(
    row: Mapping[str, object],
    people: People,
    i: int,
    *,
    at: int,
    rate: float,
    listed: list[Skill],
    rng: np.random.Generator,
) -> dict[str, object]:
    """The profile after an edit; a rate that was hidden stays hidden."""
    written = tuple(dict.fromkeys(spelling(skill, rng) for skill in listed))
    edited = {
        **row,
        "valid_from": at,
        "hourly_rate_usd": None if row["hourly_rate_usd"] is None else rate,
        "skills": written or None,
    }
    return edited | _words(people, i, listed=listed, rng=rng) if chance(0.4, rng) else edited


def _words(
    people: People, i: int, *, listed: list[Skill], rng: np.random.Generator
) -> dict[str, object]:
    """Title, overview and skills of one edition, each of them missing now and then."""
    own = niches()[int(people.niche[i])]
    candour = float(np.clip(0.45 + 0.3 * people.drive[i], 0, 1))
    past = (f"[Lately|Recently done]: {title}." for title in own.titles)
    hints = kept((own.hint, *past), rng, share=candour)
    city = PLACES[int(people.place[i])].city
    said = overview(own.category, listed=listed, hints=hints, city=city, rng=rng)
    written = tuple(dict.fromkeys(spelling(skill, rng) for skill in listed))
    return {
        "title": None if chance(0.03, rng) else profile_title(own.category, listed=listed, rng=rng),
        "overview": None if chance(0.08, rng) else said,
        "skills": None if chance(0.08, rng) else written or None,
    }


def _edit_times(people: People, i: int, rng: np.random.Generator) -> list[int]:
    """When somebody edits the profile, in order, at least a day apart from joining."""
    first, last = int(people.joined_at[i]) + DAY, min(int(people.left_at[i]), SPAN)
    count = pick((0, 0, 0, 0, 0, 0, 0, 1, 1, 2), rng)
    if last <= first:
        return []
    return sorted({int(at) for at in rng.integers(first, last, size=count)})


def _longer(listed: list[Skill], rng: np.random.Generator) -> list[Skill]:
    """The list with what its skills imply, and one more of the same trade."""
    table = skills()
    names = {skill.name for skill in listed}
    implied = [table[name] for skill in listed for name in skill.implies if name not in names]
    trade = [table[name] for skill in listed[:1] for name in categories()[skill.category]]
    fresh = some([skill for skill in trade if skill.name not in names], rng, low=0, high=1)
    return list(
        {skill.name: skill for skill in (*listed, *kept(implied, rng, share=0.6), *fresh)}.values()
    )


def _portable_ratings(
    quality: float, rng: np.random.Generator
) -> tuple[dict[str, object], ...] | None:
    """Stars brought along from one or two other platforms; most bring none."""
    if not chance(0.3, rng):
        return None
    return tuple(
        {
            "platform": platform,
            "mean": round(
                float(np.clip(4.6 + 0.2 * quality + 0.15 * rng.standard_normal(), 1, 5)), 2
            ),
            "count": int(rng.geometric(0.08)),
        }
        for platform in sorted(some(_PLATFORMS, rng, low=1, high=2))
    )

"""What freelancers say of themselves: broader, vaguer and rosier than what they are.

Skills are listed that are hardly known, mastered ones and implied ones are forgotten, the true
speciality is owned up to by the keen rather than by all, and any field may be missing. Some edit
their profile later: a higher rate, more skills, another overview.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from training.simulate.agencies import Agencies
from training.simulate.draws import chance, kept, shuffled, some
from training.simulate.niches import niches
from training.simulate.noise import with_typos
from training.simulate.people import People
from training.simulate.places import PLACES
from training.simulate.prose import REGISTERS, overview, profile_title
from training.simulate.spellings import picked
from training.simulate.vocabulary import Skill, categories, skill_rows, skills

_KNOWN_WELL = 0.5
_TYPOS = 0.008  # share of words
_PLATFORMS = ("platform-a", "platform-b", "platform-c")


class Profiles:
    """Every edition of every profile so far.

    Attributes:
        editions: Row of `People` -> values of the freelancers table, the first edition first; times
            are seconds since the market's start.
        claims: [skills, people] whether the latest edition lists each skill.
    """

    def __init__(self, people: People, agencies: Agencies, rng: np.random.Generator) -> None:
        self._people = people
        self._listed = [_claims(people, i, rng) for i in range(len(people))]
        self.editions: list[list[Mapping[str, object]]] = [
            [_first_edition(people, agencies, i, listed=self._listed[i], rng=rng)]
            for i in range(len(people))
        ]
        self.claims = np.zeros((len(skills()), len(people)), np.bool_)
        for i in range(len(people)):
            self._claim(i)

    def edit(self, i: int, at: int, rate: float, rng: np.random.Generator) -> None:
        """Somebody raises the rate, lists more skills and, at times, rewrites the overview."""
        latest = self.editions[i][-1]
        if at <= int(str(latest["valid_from"])):
            return
        self._listed[i] = _longer(self._listed[i], rng)
        self.editions[i].append(
            _next_edition(
                latest, self._people, i, at=at, rate=rate, listed=self._listed[i], rng=rng
            )
        )
        self._claim(i)

    def _claim(self, i: int) -> None:
        self.claims[:, i] = False
        if self.editions[i][-1]["skills"] is not None:
            self.claims[[skill_rows()[skill.name] for skill in self._listed[i]], i] = True

    def rows(self, before: int) -> list[Mapping[str, object]]:
        """Editions of those who joined before an instant, valid before it, by id and time."""
        found = [
            row
            for editions in self.editions[: self._people.pool_size(before)]
            for row in editions
            if int(str(row["valid_from"])) < before
        ]
        return sorted(found, key=lambda row: (str(row["freelancer_id"]), row["valid_from"]))


def _claims(people: People, i: int, rng: np.random.Generator) -> list[Skill]:
    """The skills somebody will list: most that are mastered, some that are not."""
    table = skills()
    names = tuple(table)
    strong = [table[names[row]] for row in np.flatnonzero(people.strength[:, i] > _KNOWN_WELL)]
    brought_along = {name for skill in strong for name in skill.implies}
    said = [skill for skill in strong if chance(0.4 if skill.name in brought_along else 0.85, rng)]
    trade = categories()[niches()[int(people.niche[i])].category]
    padding = [table[name] for name in some(trade, rng, low=1, high=3) if table[name] not in said]
    return shuffled(said + padding, rng)


def _first_edition(
    people: People, agencies: Agencies, i: int, *, listed: list[Skill], rng: np.random.Generator
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
        "agency_id": agencies.id_of(i),
        "group": "ab"[people.group[i]],
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
    written = picked(listed, rng)
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
    candour = float(np.clip(0.3 + 0.2 * people.drive[i], 0, 0.8))
    past = (f"[Lately|Recently done]: {title}." for title in own.titles)
    hints = kept((*own.hints, *past), rng, share=candour)
    city = PLACES[int(people.place[i])].city
    register = REGISTERS[i % len(REGISTERS)]
    said = overview(own.category, listed=listed, hints=hints, city=city, register=register, rng=rng)
    headline = profile_title(own.category, listed=listed, register=register, rng=rng)
    written = picked(listed, rng)
    return {
        "title": None if chance(0.03, rng) else headline,
        "overview": None if chance(0.08, rng) else with_typos(said, rng, rate=_TYPOS),
        "skills": None if chance(0.08, rng) else written or None,
    }


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

"""The freelancers as they truly are; what they say of themselves is in `profiles.py`.

Everything here is hidden from the tables: how well each skill is mastered, which kinds of work
somebody is really good at, quality, how keenly work is looked for, and when it stops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from training.simulate.draws import Floats, Ints, chance, pick, shares
from training.simulate.niches import Niche, niches
from training.simulate.places import INDUSTRIES, PLACES
from training.simulate.vocabulary import categories, skills

DAY = 86_400
SPAN = 730 * DAY  # seconds between the start and the last posting

_MEDIAN_RATE_USD = 28.0
_FOUNDERS = 0.4
_INDUSTRY_KNOWN = 0.15
_PATCHY = 0.4
_MASTERED = 0.65
_FLUENT = 0.5
_WEEKLY_HOURS = (10.0, 15.0, 20.0, 30.0, 40.0, 45.0)
_SPOKEN_BY_SKILL = {
    "German translation": "de",
    "Spanish translation": "es",
    "French translation": "fr",
    "Portuguese translation": "pt",
    "Japanese translation": "ja",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Freelancers as columns, in order of joining; times are seconds since the market's start.

    Attributes:
        ids: Freelancer ids; their order says nothing about who joined first.
        joined_at: [n] sorted.
        left_at: [n] when somebody stops looking for work; no table tells.
        place: [n] rows of `PLACES`.
        niche: [n] row of the true speciality in `niches()`.
        second: [n] row of the second speciality, or -1.
        strength: [skills, n] 0..1, in the order of `skills()`.
        affinity: [niches, n] 0..1.
        industry: [industries, n] 0 or 1.
        quality: [n] standard normal.
        drive: [n] standard normal; how keenly work is looked for.
        rate: [n] USD an hour asked on joining.
        weekly_hours: [n] hours on offer a week.
        languages: Two-letter codes spoken by each.
    """

    ids: tuple[str, ...]
    joined_at: Ints
    left_at: Ints
    place: Ints
    niche: Ints
    second: Ints
    strength: Floats
    affinity: Floats
    industry: Floats
    quality: Floats
    drive: Floats
    rate: Floats
    weekly_hours: Floats
    languages: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        return len(self.ids)

    def pool_size(self, at: int) -> int:
        """How many have joined strictly before `at`; they are the first rows."""
        return int(np.searchsorted(self.joined_at, at, side="left"))


def draw_people(n: int, rng: np.random.Generator) -> People:
    """`n` freelancers; about 40% of them are there on the first day."""
    joined_at = _joining(n, rng)
    place = rng.choice(len(PLACES), size=n, p=shares([place.supply for place in PLACES]))
    niche = rng.integers(len(niches()), size=n)
    second = _second_niches(niche, rng)
    quality = rng.standard_normal(n)
    strength = _strengths(niche, second, rng)
    width = max(4, len(str(n)))
    return People(
        ids=tuple(f"f{number + 1:0{width}d}" for number in rng.permutation(n)),
        joined_at=joined_at,
        left_at=joined_at + (rng.exponential(1_200, size=n) * DAY).astype(np.int64) + 20 * DAY,
        place=place,
        niche=niche,
        second=second,
        strength=strength,
        affinity=_affinities(niche, second, rng),
        industry=(rng.random((len(INDUSTRIES), n)) < _INDUSTRY_KNOWN).astype(np.float64),
        quality=quality,
        drive=rng.standard_normal(n),
        rate=_rates(place, quality, rng),
        weekly_hours=rng.choice(_WEEKLY_HOURS, size=n, p=(0.12, 0.1, 0.2, 0.2, 0.3, 0.08)),
        languages=tuple(_languages(int(place[i]), strength[:, i], rng) for i in range(n)),
    )


def _joining(n: int, rng: np.random.Generator) -> Ints:
    """[n] sorted: the founders within the first day, the others all through the span."""
    founders = math.ceil(_FOUNDERS * n)
    early = rng.integers(0, DAY - 1, size=founders)
    late = rng.integers(DAY, SPAN, size=n - founders)
    return np.sort(np.concatenate([early, late]))


def _second_niches(niche: Ints, rng: np.random.Generator) -> Ints:
    """[n] another niche, mostly of the same category, for a third of the people; else -1."""
    table = niches()
    near = [
        [j for j, other in enumerate(table) if other.category == own.category and other != own]
        for own in table
    ]
    chosen = np.full(len(niche), -1, np.int64)
    for i, own in enumerate(niche):
        if chance(0.35, rng):
            chosen[i] = pick(near[own], rng) if chance(0.8, rng) else rng.integers(len(table))
    return np.where(chosen == niche, -1, chosen)


def _affinities(niche: Ints, second: Ints, rng: np.random.Generator) -> Floats:
    """[niches, n]: near 1 for the speciality, less for the second, little beside them."""
    table = niches()
    category = np.array([list(categories()).index(each.category) for each in table])
    everyone = np.arange(len(niche))
    same = category[:, None] == category[niche][None, :]
    values = np.where(same, rng.uniform(0, 0.35, (len(table), len(niche))), 0.0)
    with_second = second >= 0
    values[second[with_second], everyone[with_second]] = rng.uniform(0.5, 0.9, with_second.sum())
    values[niche, everyone] = rng.uniform(0.8, 1.0, len(niche))
    return values


def _strengths(niche: Ints, second: Ints, rng: np.random.Generator) -> Floats:
    """[skills, n]: high in most of the niches' core, patchy around it, implied ones included."""
    index = {name: row for row, name in enumerate(skills())}
    values = np.zeros((len(index), len(niche)))
    for i, (own, other) in enumerate(zip(niche, second, strict=True)):
        column = values[:, i]
        _master(column, niches()[own], index, rng, level=1.0)
        if other >= 0:
            _master(column, niches()[other], index, rng, level=0.75)
    for name, skill in skills().items():
        for implied in skill.implies:
            np.maximum(
                values[index[implied]], 0.85 * values[index[name]], out=values[index[implied]]
            )
    return values


def _master(
    column: Floats, niche: Niche, index: dict[str, int], rng: np.random.Generator, *, level: float
) -> None:
    """Raise one person's strengths to what the niche and its category ask for."""
    trade = [index[name] for name in categories()[niche.category]]
    patchy = np.where(rng.random(len(trade)) < _PATCHY, rng.uniform(0.1, 0.55, len(trade)), 0.0)
    column[trade] = np.maximum(column[trade], level * patchy)
    core = [index[name] for name in niche.core]
    mastered = rng.random(len(core)) < _MASTERED
    known = np.where(mastered, rng.uniform(0.7, 1.0, len(core)), rng.uniform(0.0, 0.3, len(core)))
    column[core] = np.maximum(column[core], level * known)


def _rates(place: Ints, quality: Floats, rng: np.random.Generator) -> Floats:
    """[n] USD an hour: log-normal around 28, dearer in dear places and for the good."""
    cost = np.log([each.cost for each in PLACES])
    supply = shares([each.supply for each in PLACES])
    level = 0.8 * (cost - cost @ supply)[place]
    noise = 0.35 * rng.standard_normal(len(place))
    raw = _MEDIAN_RATE_USD * np.exp(level + 0.12 * quality + noise)
    return np.clip(np.round(raw), 4.0, 250.0)


def _languages(place: int, strength: Floats, rng: np.random.Generator) -> tuple[str, ...]:
    """What somebody speaks: mostly English, the local tongues, and those translated from."""
    spoken = ["en"] if chance(0.95, rng) or not PLACES[place].languages else []
    spoken += PLACES[place].languages
    index = {name: row for row, name in enumerate(skills())}
    spoken += [
        code
        for name, code in _SPOKEN_BY_SKILL.items()
        if strength[index[name]] > _FLUENT and code not in spoken
    ]
    return tuple(spoken)

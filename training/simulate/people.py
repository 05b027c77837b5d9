"""The freelancers as they truly are; what they say of themselves is in `profiles.py`.

Everything here but the agency and the group is hidden from the tables: how well each skill is
mastered, which kinds of work somebody is really good at, quality, how keenly work is looked for,
and when it stops.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.simulate.draws import Floats, Ints, chance, shares
from training.simulate.niches import Niche, category_of_niche, niches
from training.simulate.places import INDUSTRIES, PLACES, rate_level
from training.simulate.vocabulary import categories, skill_rows, skills

DAY = 86_400

_INDUSTRY_KNOWN = 0.15
_PATCHY = 0.35
_MASTERED = 0.7
_FLUENT = 0.5
_SECOND_NICHE = 0.3
_SAME_CATEGORY = 0.8
_WEEKLY_HOURS = (10.0, 15.0, 20.0, 30.0, 40.0, 45.0)
_HOURS_SHARES = (0.12, 0.1, 0.2, 0.2, 0.3, 0.08)

Halves = npt.NDArray[np.float16]
Singles = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Freelancers as columns, in order of joining; times are seconds since the market's start.

    Attributes:
        ids: Freelancer ids; their order says nothing about who joined first.
        joined_at: [n] sorted.
        place: [n] rows of `PLACES`.
        niche: [n] row of the true speciality in `niches()`.
        second: [n] row of the second speciality, or -1.
        strength: [skills, n] 0..1, in the order of `skills()`; it grows with work done.
        affinity: [niches, n] 0..1.
        industry: [industries, n] whether somebody knows it.
        quality: [n] standard normal.
        drive: [n] standard normal; how keenly work is looked for.
        stamina_days: [n] how long somebody looks for work without finding any.
        rate: [n] USD an hour asked on joining.
        weekly_hours: [n] hours on offer a week.
        languages: Two-letter codes spoken by each.
        group: [n] 0 for "a", 1 for "b": a trait that no work depends on.
    """

    ids: tuple[str, ...]
    joined_at: Ints
    place: Ints
    niche: Ints
    second: Ints
    strength: Halves
    affinity: Singles
    industry: npt.NDArray[np.bool_]
    quality: Floats
    drive: Floats
    stamina_days: Floats
    rate: Floats
    weekly_hours: Floats
    languages: tuple[tuple[str, ...], ...]
    group: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def pool_size(self, at: int) -> int:
        """How many have joined strictly before `at`; they are the first rows."""
        return int(np.searchsorted(self.joined_at, at, side="left"))


def draw_people(
    n: int, *, days: int, founders: float, pay_gap: float, rng: np.random.Generator
) -> People:
    """`n` freelancers; a share of them, the founders, are there on the first day."""
    joined_at = _joining(n, days=days, founders=founders, rng=rng)
    place = rng.choice(len(PLACES), size=n, p=shares([place.supply for place in PLACES]))
    niche = rng.integers(len(niches()), size=n)
    second = _second_niches(niche, rng)
    quality = rng.standard_normal(n)
    strength = _strengths(niche, second, rng)
    group = rng.integers(2, size=n)
    width = max(4, len(str(n)))
    return People(
        ids=tuple(f"f{number + 1:0{width}d}" for number in rng.permutation(n)),
        joined_at=joined_at,
        place=place,
        niche=niche,
        second=second,
        strength=strength,
        affinity=_affinities(niche, second, rng),
        industry=rng.random((len(INDUSTRIES), n)) < _INDUSTRY_KNOWN,
        quality=quality,
        drive=rng.standard_normal(n),
        stamina_days=60 + rng.exponential(500, size=n),
        rate=_rates(place, quality, group, pay_gap=pay_gap, rng=rng),
        weekly_hours=rng.choice(_WEEKLY_HOURS, size=n, p=_HOURS_SHARES),
        languages=_languages(place, strength, rng),
        group=group,
    )


def _joining(n: int, *, days: int, founders: float, rng: np.random.Generator) -> Ints:
    """[n] sorted: the founders within the first day, the others all through the span."""
    early = math.ceil(founders * n)
    first = rng.integers(0, DAY - 1, size=early)
    return np.sort(np.concatenate([first, rng.integers(DAY, days * DAY, size=n - early)]))


def _second_niches(niche: Ints, rng: np.random.Generator) -> Ints:
    """[n] another niche, mostly of the same category, for some; else -1."""
    category = category_of_niche()
    near = [np.flatnonzero(category == own) for own in range(len(categories()))]
    close = np.array([rng.choice(near[category[own]]) for own in niche], np.int64)
    far = rng.integers(len(niches()), size=len(niche))
    other = np.where(rng.random(len(niche)) < _SAME_CATEGORY, close.reshape(-1), far)
    has_two = (rng.random(len(niche)) < _SECOND_NICHE) & (other != niche)
    return np.where(has_two, other, -1)


def _affinities(niche: Ints, second: Ints, rng: np.random.Generator) -> Singles:
    """[niches, n]: near 1 for the speciality, less for the second, little beside them."""
    category = category_of_niche()
    everyone = np.arange(len(niche))
    shape = (len(category), len(niche))
    same = category[:, None] == category[niche][None, :]
    values = np.where(same, 0.35 * rng.random(shape, dtype=np.float32), np.float32(0))
    with_second = second >= 0
    values[second[with_second], everyone[with_second]] = rng.uniform(0.5, 0.8, with_second.sum())
    values[niche, everyone] = rng.uniform(0.8, 1.0, len(niche))
    return np.asarray(values, np.float32)


def _strengths(niche: Ints, second: Ints, rng: np.random.Generator) -> Halves:
    """[skills, n]: high in most of the niches' core, patchy around it, implied ones included."""
    values = np.zeros((len(skills()), len(niche)), np.float16)
    for number, kind in enumerate(niches()):
        _master(values, kind, np.flatnonzero(niche == number), level=1.0, rng=rng)
        _master(values, kind, np.flatnonzero(second == number), level=0.75, rng=rng)
    rows = skill_rows()
    for name, skill in skills().items():
        for implied in skill.implies:
            brought = np.float16(0.85) * values[rows[name]]
            np.maximum(values[rows[implied]], brought, out=values[rows[implied]])
    return values


def _master(
    values: Halves, niche: Niche, who: Ints, *, level: float, rng: np.random.Generator
) -> None:
    """Raise the strengths of some people to what a niche and its category ask for."""
    rows = skill_rows()
    trade = [rows[name] for name in categories()[niche.category]]
    shape = (len(trade), len(who))
    patchy = np.where(rng.random(shape) < _PATCHY, rng.uniform(0.1, 0.55, shape), 0.0)
    core = [rows[name] for name in niche.core]
    shape = (len(core), len(who))
    mastered = rng.random(shape) < _MASTERED
    known = np.where(mastered, rng.uniform(0.7, 1.0, shape), rng.uniform(0.0, 0.3, shape))
    for kinds, found in ((trade, patchy), (core, known)):
        place = (np.array(kinds, np.int64)[:, None], who[None, :])
        values[place] = np.maximum(values[place], (level * found).astype(np.float16))


def _rates(
    place: Ints, quality: Floats, group: Ints, *, pay_gap: float, rng: np.random.Generator
) -> Floats:
    """[n] USD an hour: log-normal, dearer in dear places and for the good."""
    noise = 0.30 * rng.standard_normal(len(place))
    raw = rate_level()[place] * np.exp(0.12 * quality + noise) * np.where(group, 1 - pay_gap, 1.0)
    return np.clip(np.round(raw), 3.0, 250.0)


def _languages(
    place: Ints, strength: Halves, rng: np.random.Generator
) -> tuple[tuple[str, ...], ...]:
    """What each speaks: mostly English, the local tongues, and those translated from."""
    fluent = [
        (skill.speaks, strength[row] > _FLUENT)
        for row, skill in enumerate(skills().values())
        if skill.speaks is not None
    ]
    spoken = []
    for i, home in enumerate(place):
        local = PLACES[home].languages
        own = ["en", *local] if chance(0.95, rng) or not local else list(local)
        own += [code for code, speaks in fluent if speaks[i] and code not in own]
        spoken.append(tuple(own))
    return tuple(spoken)

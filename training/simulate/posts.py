"""The posts: what a job truly takes, and the little of it that its client writes down."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from training.simulate.clients import Client, Clients
from training.simulate.draws import Ints, chance, kept, pick, some
from training.simulate.niches import Niche, niches
from training.simulate.people import DAY, SPAN
from training.simulate.places import INDUSTRIES, PLACES
from training.simulate.prose import expand, post_description, post_title, spelling
from training.simulate.vocabulary import Skill, categories, skills

_HOME = 0.75  # share of a client's posts that are about what it mostly buys
_MEDIAN_OFFER_USD = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A job: the truth about it, and its row in the jobs table.

    Attributes:
        at: When it was posted, in seconds since the market's start.
        niche: Row of `niches()`.
        needs: Rows of `skills()` that the work takes.
        offer: USD an hour that the client is willing to pay.
        weeks: How long the work lasts.
        weekly_hours: How much of somebody's week it takes.
        language: What its freelancer should speak, or None.
        intent: Chance that the client hires at all, given a good choice; 0..1.
        closes_after: Seconds from posting to closing, or None.
        row: Values of the jobs table.
    """

    id: str
    at: int
    client: Client
    niche: int
    needs: Ints
    offer: float
    weeks: float
    weekly_hours: float
    language: str | None
    positions: int
    intent: float
    closes_after: int | None
    row: Mapping[str, object]

    @property
    def is_hourly(self) -> bool:
        """Whether pay is by the hour; an unknown payment counts as one price in all."""
        return self.row["payment"] == "hourly"


def draw_posts(jobs: int, clients: Clients, rng: np.random.Generator) -> tuple[Post, ...]:
    """So many posts in order of time, from the second day on, denser towards the end."""
    days = np.sqrt(rng.uniform(0.25, 1.0, size=jobs)) * 2 - 1
    times = np.sort((DAY + days * (SPAN - DAY)).astype(np.int64))
    buyers = rng.choice(len(clients.each), size=jobs, p=clients.demand)
    width = max(4, len(str(jobs)))
    return tuple(
        _post(f"j{number + 1:0{width}d}", at=int(at), client=clients.each[int(buyer)], rng=rng)
        for number, (at, buyer) in enumerate(zip(times, buyers, strict=True))
    )


def _post(id_: str, *, at: int, client: Client, rng: np.random.Generator) -> Post:
    own = pick(client.niches, rng) if chance(_HOME, rng) else int(rng.integers(len(niches())))
    needs = _needs(niches()[own], rng)
    weeks = float(math.ceil(rng.lognormal(1.0, 0.8)))
    weekly_hours = float(rng.choice((5.0, 10.0, 20.0, 30.0)))
    noise = 0.3 * rng.standard_normal() + 0.35 * math.log(PLACES[client.place].cost)
    offer = _MEDIAN_OFFER_USD * math.exp(client.generosity + noise)
    positions = pick((None,) * 17 + (1,) * 2 + (2, 2, 3), rng)
    closes_after = int(rng.uniform(7, 30) * DAY) if chance(0.25, rng) else None
    language = _language(client, rng)
    index = list(skills())
    return Post(
        id=id_,
        at=at,
        client=client,
        niche=own,
        needs=np.array([index.index(skill.name) for skill in needs], np.int64),
        offer=offer,
        weeks=weeks,
        weekly_hours=weekly_hours,
        language=language,
        positions=positions or 1,
        intent=float(rng.beta(2.6, 1.5)),
        closes_after=closes_after,
        row={
            "job_id": id_,
            "posted_at": at,
            "client_id": client.id,
            "category": None if chance(0.1, rng) else niches()[own].category,
            **_text(niches()[own], needs=needs, words=_words(client, weekly_hours, rng), rng=rng),
            **_money(offer, hours=weeks * weekly_hours, rng=rng),
            **_place(client, rng),
            "weeks": None if chance(0.25, rng) else weeks,
            "languages": None if language is None else (language,),
            "positions": positions,
            "closes_at": None if closes_after is None else at + closes_after,
        },
    )


def _text(
    niche: Niche, *, needs: list[Skill], words: dict[str, str], rng: np.random.Generator
) -> dict[str, object]:
    """Title, description and skills; much of what is needed is never named."""
    named = kept(needs, rng, share=0.6)
    column = kept(named, rng, share=0.85) if chance(0.8, rng) else []
    told = kept(named, rng, share=0.75)
    hinted = [skill for skill in needs if skill not in named and chance(0.5, rng)]
    said = post_description(niche, named=told, hinted=hinted, words=words, rng=rng)
    return {
        "title": post_title(niche, named=told, rng=rng),
        "description": None if chance(0.04, rng) else said,
        "skills": tuple(dict.fromkeys(spelling(skill, rng) for skill in column)) or None,
    }


def _place(client: Client, rng: np.random.Generator) -> dict[str, object]:
    place = PLACES[client.place]
    return {
        "country": None if chance(0.1, rng) else place.country,
        "utc_offset_hours": None if chance(0.15, rng) else place.utc_offset_hours,
    }


def _needs(niche: Niche, rng: np.random.Generator) -> list[Skill]:
    """Two to four core skills of the niche, and up to one more of its category."""
    core = some(niche.core, rng, low=2, high=4)
    beside = some(categories()[niche.category], rng, low=0, high=1)
    return [skills()[name] for name in dict.fromkeys((*core, *beside))]


def _words(client: Client, weekly_hours: float, rng: np.random.Generator) -> dict[str, str]:
    return {
        "about": client.about,
        "industry": expand(list(INDUSTRIES.values())[client.industry], rng),
        "city": PLACES[client.place].city,
        "hours": f"{weekly_hours:.0f}",
    }


def _language(client: Client, rng: np.random.Generator) -> str | None:
    """English mostly, the client's own tongue at times, and often no word about it."""
    local = PLACES[client.place].languages
    if local and chance(0.25, rng):
        return local[0]
    return "en" if chance(0.5, rng) else None


def _money(offer: float, *, hours: float, rng: np.random.Generator) -> dict[str, object]:
    """Payment and budget around what the client would truly pay."""
    payment = pick(("hourly", "hourly", "fixed", "fixed", None), rng)
    whole = offer * (1.0 if payment == "hourly" else hours)
    step = 1.0 if payment == "hourly" else 10.0
    low, high = sorted(
        max(step, step * round(whole * factor / step))
        for factor in (rng.uniform(0.6, 0.95), rng.uniform(0.95, 1.3))
    )
    if payment is None or chance(0.2, rng):
        return {"payment": payment, "budget_usd_min": None, "budget_usd_max": None}
    return {
        "payment": payment,
        "budget_usd_min": None if chance(0.3, rng) else low,
        "budget_usd_max": high,
    }

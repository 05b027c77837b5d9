"""The posts: what a job truly takes, and the little of it that its client writes down."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from training.simulate.clients import Client, Clients
from training.simulate.draws import Ints, chance, kept, pick, some
from training.simulate.niches import Niche, category_of_niche, niches
from training.simulate.noise import with_typos
from training.simulate.parameters import Parameters
from training.simulate.people import DAY
from training.simulate.places import INDUSTRIES, PLACES, cost_level
from training.simulate.prose import expand, post_description, post_title
from training.simulate.spellings import picked
from training.simulate.vocabulary import Skill, categories, skill_rows, skills, technical

_HOME = 0.8  # share of a client's posts that are about what it mostly buys
_MEDIAN_OFFER_USD = 29.0
_TYPOS = 0.012  # share of words


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
        keenness: Log factor on the client's wish to hire at all.
        is_inviting: Whether the client is ready to invite.
        reads_list: Whether the client reads the list it is shown.
        crowd: Applications to expect; gamma, so that their number is negative-binomial.
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
    keenness: float
    is_inviting: bool
    reads_list: bool
    crowd: float
    closes_after: int | None
    row: Mapping[str, object]

    @property
    def is_hourly(self) -> bool:
        """Whether pay is by the hour; an unknown payment counts as one price in all."""
        return self.row["payment"] == "hourly"

    @property
    def category(self) -> int:
        """Row of `categories()`."""
        return int(category_of_niche()[self.niche])

    @property
    def category_name(self) -> str:
        """What the category is called, also where the post does not say."""
        return niches()[self.niche].category


def draw_posts(
    clients: Clients, parameters: Parameters, rng: np.random.Generator
) -> tuple[Post, ...]:
    """The posts of the whole span in order of time, from the second day on, ever denser."""
    jobs = parameters.jobs
    share = np.sqrt(rng.uniform(0.25, 1.0, size=jobs)) * 2 - 1
    span = (parameters.days - 1) * DAY
    times = np.sort((DAY + share * span).astype(np.int64))
    buyers = rng.choice(len(clients.each), size=jobs, p=clients.demand)
    width = max(4, len(str(jobs)))
    return tuple(
        _post(
            f"j{number + 1:0{width}d}",
            at=int(at),
            client=clients.each[int(buyer)],
            parameters=parameters,
            rng=rng,
        )
        for number, (at, buyer) in enumerate(zip(times, buyers, strict=True))
    )


def _post(
    id_: str, *, at: int, client: Client, parameters: Parameters, rng: np.random.Generator
) -> Post:
    own = pick(client.niches, rng) if chance(_HOME, rng) else int(rng.integers(len(niches())))
    niche = niches()[own]
    needs = _needs(niche, rng)
    weeks = float(math.ceil(client.scale * rng.lognormal(0.9, 0.7)))
    weekly_hours = float(pick((5.0, 10.0, 20.0, 30.0), rng))
    noise = 0.3 * rng.standard_normal() + 0.35 * math.log(cost_level()[client.place])
    offer = _MEDIAN_OFFER_USD * math.exp(client.generosity + noise)
    positions = _positions(client, rng)
    closes_after = int(rng.uniform(7, 30) * DAY) if chance(0.25, rng) else None
    language = _language(client, rng)
    attention, applications = parameters.attention, parameters.applications
    reading = attention.technical if niche.category in technical() else attention.other
    return Post(
        id=id_,
        at=at,
        client=client,
        niche=own,
        needs=np.array([skill_rows()[skill.name] for skill in needs], np.int64),
        offer=offer,
        weeks=weeks,
        weekly_hours=weekly_hours,
        language=language,
        positions=positions or 1,
        keenness=float(rng.standard_normal()),
        is_inviting=chance(parameters.hiring.inviting, rng),
        reads_list=chance(reading, rng),
        crowd=float(
            rng.gamma(applications.dispersion, applications.mean / applications.dispersion)
        ),
        closes_after=closes_after,
        row={
            "job_id": id_,
            "posted_at": at,
            "client_id": client.id,
            "category": None if chance(0.1, rng) else niche.category,
            **_text(
                niche,
                needs=needs,
                client=client,
                hours=weekly_hours,
                positions=positions or 1,
                rng=rng,
            ),
            **_money(offer, hours=weeks * weekly_hours, rng=rng),
            **_place(client, rng),
            "weeks": None if chance(0.25, rng) else weeks,
            "languages": None if language is None else (language,),
            "positions": positions,
            "closes_at": None if closes_after is None else at + closes_after,
        },
    )


def _positions(client: Client, rng: np.random.Generator) -> int | None:
    """A client that works with teams mostly looks for its team; unsaid means one."""
    if client.team > 1 and chance(0.6, rng):
        return client.team
    return 1 if chance(0.1, rng) else None


def _text(
    niche: Niche,
    *,
    needs: list[Skill],
    client: Client,
    hours: float,
    positions: int,
    rng: np.random.Generator,
) -> dict[str, object]:
    """Title, description and skills; much of what is needed is never named."""
    named = kept(needs, rng, share=0.6)
    column = kept(named, rng, share=0.85) if chance(0.8, rng) else []
    told = kept(named, rng, share=0.75)
    hinted = [skill for skill in needs if skill not in named and chance(0.5, rng)]
    register = client.register
    said = post_description(
        niche,
        named=told,
        hinted=hinted,
        words=_words(client, hours, positions, rng),
        register=register,
        rng=rng,
    )
    return {
        "title": post_title(niche, named=told, register=register, rng=rng),
        "description": None if chance(0.04, rng) else with_typos(said, rng, rate=_TYPOS),
        "skills": picked(column, rng) or None,
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


def _words(
    client: Client, weekly_hours: float, positions: int, rng: np.random.Generator
) -> dict[str, str]:
    return {
        "about": client.about,
        "industry": expand(list(INDUSTRIES.values())[client.industry], rng),
        "city": PLACES[client.place].city,
        "hours": f"{weekly_hours:.0f}",
        "headcount": "one person" if positions == 1 else f"{positions} people",
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

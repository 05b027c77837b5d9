"""The clients: what they are, what they like, and how often they come back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.simulate.draws import Floats, Ints, chance, pick, shares, spread_out
from training.simulate.niches import category_of_niche, niches
from training.simulate.places import INDUSTRIES, PLACES
from training.simulate.prose import REGISTERS, Register, about_client

_JOBS_A_CLIENT = 5.0
_DEMAND_SPREAD = 1.8  # of the logarithm: a fifth of the clients do most of the buying
_SCALE_SPREAD = 0.6  # likewise
_TEAM_SIZES = (1,) * 9 + (2, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client; all but the id, the country and the words about itself stay hidden.

    Attributes:
        place: Row of `PLACES`.
        industry: Row of `INDUSTRIES`.
        niches: Rows of the work it mostly buys, foremost first.
        about: What it says of itself in post after post.
        price: Weight of the rate asked.
        quality: Weight of a freelancer's quality.
        overlap: Weight of every hour the time zones are apart.
        loyalty: Weight of having worked together well.
        compatriots: What the same country is worth.
        generosity: Log factor on what it is willing to pay.
        scale: Factor on how much work a post of it holds.
        team: How many people it hires for a post that takes a team.
        severity: How hard it is to please, in standard deviations of delivered quality.
        register: How it writes.
    """

    id: str
    place: int
    industry: int
    niches: tuple[int, ...]
    about: str
    price: float
    quality: float
    overlap: float
    loyalty: float
    compatriots: float
    generosity: float
    scale: float
    team: int
    severity: float
    register: Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Clients:
    """All clients, and how much of the demand is theirs.

    Attributes:
        each: The clients.
        demand: [clients] shares of the posts; a few clients post a lot.
    """

    each: tuple[Client, ...]
    demand: Floats


def draw_clients(jobs: int, *, severity: float, rng: np.random.Generator) -> Clients:
    """Enough clients for so many jobs, at least one.

    Args:
        severity: Standard deviation of how hard they are to please.
    """
    count = max(1, round(jobs / _JOBS_A_CLIENT))
    places: Ints = rng.choice(len(PLACES), size=count, p=shares([p.demand for p in PLACES]))
    width = max(3, len(str(count)))
    demand = np.exp(_DEMAND_SPREAD * spread_out(count, rng))
    scale = np.exp(_SCALE_SPREAD * spread_out(count, rng))
    return Clients(
        each=tuple(
            _client(
                f"c{number + 1:0{width}d}",
                place=int(places[number]),
                scale=float(scale[number]),
                spread=severity,
                rng=rng,
            )
            for number in range(count)
        ),
        demand=shares(list(demand)),
    )


def _client(
    id_: str, *, place: int, scale: float, spread: float, rng: np.random.Generator
) -> Client:
    table = niches()
    home = int(rng.integers(len(table)))
    near = np.flatnonzero(category_of_niche() == category_of_niche()[home])
    also = (int(rng.choice(near)),) if chance(0.5, rng) else ()
    industry = int(rng.integers(len(INDUSTRIES)))
    return Client(
        id=id_,
        place=place,
        industry=industry,
        niches=(home, *(other for other in also if other != home)),
        about=about_client(
            industry=list(INDUSTRIES.values())[industry], city=PLACES[place].city, rng=rng
        ),
        price=float(rng.uniform(0.3, 1.0)),
        quality=float(rng.uniform(0.2, 0.8)),
        overlap=float(rng.uniform(0.02, 0.2)),
        loyalty=float(rng.uniform(0.5, 1.2)),
        compatriots=float(rng.choice((0.0, 0.0, 0.6, 1.2))),
        generosity=float(0.3 * rng.standard_normal()),
        scale=scale,
        team=pick(_TEAM_SIZES, rng),
        severity=float(spread * rng.standard_normal()),
        register=pick(REGISTERS, rng),
    )

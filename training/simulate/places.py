"""Where the market's people live, what an hour costs there and what they speak."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from training.simulate.draws import Floats, shares

_SPREAD = 0.32  # standard deviation of the logarithm of the rates at one place


@dataclass(frozen=True, slots=True)
class Place:
    """A city, standing for its country.

    Attributes:
        region: Part of the world, as the statistics of pay divide it.
        cost: Price level within the region; 1 is its mean.
        supply: Relative number of freelancers.
        demand: Relative number of clients.
    """

    country: str
    city: str
    utc_offset_hours: float
    region: str
    cost: float
    languages: tuple[str, ...]
    supply: float
    demand: float


PLACES: tuple[Place, ...] = (
    Place("US", "Austin", -6, "North America", 1.7, (), 8, 26),
    Place("CA", "Montréal", -5, "North America", 1.5, ("fr",), 3, 6),
    Place("MX", "Mérida", -6, "Latin America", 0.85, ("es",), 4, 2),
    Place("CO", "Bogotá", -5, "Latin America", 0.8, ("es",), 4, 1),
    Place("BR", "São Paulo", -3, "Latin America", 0.85, ("pt",), 6, 3),
    Place("AR", "Córdoba", -3, "Latin America", 0.85, ("es",), 4, 1),
    Place("GB", "Leeds", 0, "Europe", 1.6, (), 5, 12),
    Place("PT", "Porto", 0, "Europe", 1.1, ("pt",), 2, 2),
    Place("ES", "Málaga", 1, "Europe", 1.2, ("es",), 3, 3),
    Place("FR", "Lyon", 1, "Europe", 1.4, ("fr",), 3, 4),
    Place("DE", "Köln", 1, "Europe", 1.6, ("de",), 4, 8),
    Place("CH", "Zürich", 1, "Europe", 2.0, ("de", "fr"), 1, 3),
    Place("PL", "Kraków", 1, "Europe", 1.1, ("pl",), 5, 2),
    Place("RS", "Niš", 1, "Europe", 1.0, ("sr",), 3, 1),
    Place("NG", "Lagos", 1, "Africa", 0.7, (), 5, 1),
    Place("UA", "Львів", 2, "Europe", 1.0, ("uk",), 6, 1),
    Place("EG", "Alexandria", 2, "Africa", 0.7, ("ar",), 3, 1),
    Place("ZA", "Durban", 2, "Africa", 1.0, (), 2, 1),
    Place("KE", "Kisumu", 3, "Africa", 0.7, ("sw",), 4, 1),
    Place("TR", "İzmir", 3, "Europe", 0.85, ("tr",), 3, 1),
    Place("PK", "Lahore", 5, "Asia", 0.65, ("ur",), 6, 1),
    Place("IN", "Pune", 5.5, "Asia", 0.7, ("hi",), 12, 4),
    Place("BD", "Khulna", 6, "Asia", 0.6, ("bn",), 5, 1),
    Place("VN", "Đà Nẵng", 7, "Asia", 0.75, ("vi",), 4, 1),
    Place("PH", "Cebu", 8, "Asia", 0.7, ("tl",), 8, 1),
    Place("SG", "Singapore", 8, "Asia", 1.5, ("zh",), 1, 3),
    Place("JP", "Ōsaka", 9, "Asia", 1.3, ("ja",), 1, 2),
    Place("AU", "Adelaide", 9.5, "Oceania", 1.6, (), 2, 6),
)

# Mean USD an hour. North America and Europe are Payoneer's; the others bring the whole market
# to its 28.
REGIONS: dict[str, float] = {
    "North America": 44.0,
    "Europe": 31.0,
    "Latin America": 26.0,
    "Africa": 22.0,
    "Asia": 22.0,
    "Oceania": 40.0,
}

INDUSTRIES: dict[str, str] = {
    "health": "[clinic|medical practice]",
    "food": "[restaurant|bakery|café]",
    "learning": "[school|training provider]",
    "money": "[lender|insurance broker]",
    "travel": "[hotel|tour operator]",
    "homes": "[estate agency|builder]",
    "sport": "[gym|sports club]",
    "games": "games studio",
    "goods": "[retailer|workshop|maker of small things]",
    "giving": "[charity|foundation]",
    "software": "[software firm|start-up]",
    "farming": "[farm|garden centre]",
}


@lru_cache(maxsize=1)
def rate_level() -> Floats:
    """[places] median USD an hour, such that each region's freelancers ask its mean on average."""
    cost = np.array([place.cost for place in PLACES])
    supply = shares([place.supply for place in PLACES])
    level = np.zeros(len(PLACES))
    for region, mean in REGIONS.items():
        here = np.array([place.region == region for place in PLACES])
        level[here] = cost[here] * mean * supply[here].sum() / (cost[here] @ supply[here])
    return np.asarray(level / np.exp(_SPREAD**2 / 2), dtype=np.float64)


@lru_cache(maxsize=1)
def cost_level() -> Floats:
    """[places] what an hour costs there, in units of the whole market's mean."""
    supply = shares([place.supply for place in PLACES])
    return np.asarray(rate_level() / (rate_level() @ supply), dtype=np.float64)

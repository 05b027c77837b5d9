"""Where the market's people live, what an hour costs there and what they speak."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A city, standing for its country.

    Attributes:
        cost: Price level; multiplies what freelancers ask.
        supply: Relative number of freelancers.
        demand: Relative number of clients.
    """

    country: str
    city: str
    utc_offset_hours: float
    cost: float
    languages: tuple[str, ...]
    supply: float
    demand: float


PLACES: tuple[Place, ...] = (
    Place("US", "Austin", -6, 1.7, (), 8, 26),
    Place("CA", "Montréal", -5, 1.5, ("fr",), 3, 6),
    Place("MX", "Mérida", -6, 0.85, ("es",), 4, 2),
    Place("CO", "Bogotá", -5, 0.8, ("es",), 4, 1),
    Place("BR", "São Paulo", -3, 0.85, ("pt",), 6, 3),
    Place("AR", "Córdoba", -3, 0.85, ("es",), 4, 1),
    Place("GB", "Leeds", 0, 1.6, (), 5, 12),
    Place("PT", "Porto", 0, 1.1, ("pt",), 2, 2),
    Place("ES", "Málaga", 1, 1.2, ("es",), 3, 3),
    Place("FR", "Lyon", 1, 1.4, ("fr",), 3, 4),
    Place("DE", "Köln", 1, 1.6, ("de",), 4, 8),
    Place("CH", "Zürich", 1, 2.0, ("de", "fr"), 1, 3),
    Place("PL", "Kraków", 1, 1.1, ("pl",), 5, 2),
    Place("RS", "Niš", 1, 1.0, ("sr",), 3, 1),
    Place("NG", "Lagos", 1, 0.7, (), 5, 1),
    Place("UA", "Львів", 2, 1.0, ("uk",), 6, 1),
    Place("EG", "Alexandria", 2, 0.7, ("ar",), 3, 1),
    Place("ZA", "Durban", 2, 1.0, (), 2, 1),
    Place("KE", "Kisumu", 3, 0.7, ("sw",), 4, 1),
    Place("TR", "İzmir", 3, 0.85, ("tr",), 3, 1),
    Place("PK", "Lahore", 5, 0.65, ("ur",), 6, 1),
    Place("IN", "Pune", 5.5, 0.7, ("hi",), 12, 4),
    Place("BD", "Khulna", 6, 0.6, ("bn",), 5, 1),
    Place("VN", "Đà Nẵng", 7, 0.75, ("vi",), 4, 1),
    Place("PH", "Cebu", 8, 0.7, ("tl",), 8, 1),
    Place("SG", "Singapore", 8, 1.5, ("zh",), 1, 3),
    Place("JP", "Ōsaka", 9, 1.3, ("ja",), 1, 2),
    Place("AU", "Adelaide", 9.5, 1.6, (), 2, 6),
)

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

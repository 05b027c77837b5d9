"""The columns of the three tables: their names, order, and what a cell means.

Physical types are the readers' concern; a column here says only what its values
are. `matcher.checks` says which values are allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

EVENT_KINDS = (
    "shown",
    "viewed",
    "invited",
    "invite_accepted",
    "invite_declined",
    "applied",
    "shortlisted",
    "rejected",
    "hired",
    "completed",
    "cancelled",
    "paid",
    "rated_freelancer",
    "rated_client",
    "rated_private",
)
PAYMENTS = ("hourly", "fixed")


class Meaning(Enum):
    """What the cells of a column are."""

    ID = auto()  # a string without blanks
    TEXT = auto()  # a string
    TIME = auto()  # an instant, UTC
    NUMBER = auto()  # a float64, NaN when unknown
    LIST = auto()  # a tuple of strings, None when unknown
    RATINGS = auto()  # a tuple of {platform, mean, count}, None when unknown
    KIND = auto()  # one of EVENT_KINDS, categorical


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """One column of a table; `required` says that the column must be present."""

    name: str
    meaning: Meaning
    required: bool = False


def _column(name: str, meaning: Meaning) -> ColumnSpec:
    return ColumnSpec(name=name.rstrip("*"), meaning=meaning, required=name.endswith("*"))


FREELANCER_COLUMNS = (
    _column("freelancer_id*", Meaning.ID),
    _column("joined_at*", Meaning.TIME),
    _column("valid_from", Meaning.TIME),
    _column("title", Meaning.TEXT),
    _column("overview", Meaning.TEXT),
    _column("skills", Meaning.LIST),
    _column("hourly_rate_usd", Meaning.NUMBER),
    _column("country", Meaning.TEXT),
    _column("utc_offset_hours", Meaning.NUMBER),
    _column("languages", Meaning.LIST),
    _column("weekly_hours", Meaning.NUMBER),
    _column("portable_ratings", Meaning.RATINGS),
)
JOB_COLUMNS = (
    _column("job_id*", Meaning.ID),
    _column("posted_at*", Meaning.TIME),
    _column("title*", Meaning.TEXT),
    _column("description", Meaning.TEXT),
    _column("client_id", Meaning.ID),
    _column("category", Meaning.TEXT),
    _column("skills", Meaning.LIST),
    _column("payment", Meaning.TEXT),
    _column("budget_usd_min", Meaning.NUMBER),
    _column("budget_usd_max", Meaning.NUMBER),
    _column("weeks", Meaning.NUMBER),
    _column("country", Meaning.TEXT),
    _column("utc_offset_hours", Meaning.NUMBER),
    _column("languages", Meaning.LIST),
    _column("positions", Meaning.NUMBER),
    _column("closes_at", Meaning.TIME),
)
EVENT_COLUMNS = (
    _column("event_id*", Meaning.ID),
    _column("at*", Meaning.TIME),
    _column("kind*", Meaning.KIND),
    _column("job_id*", Meaning.ID),
    _column("freelancer_id*", Meaning.ID),
    _column("decision_id", Meaning.ID),
    _column("position", Meaning.NUMBER),
    _column("propensity", Meaning.NUMBER),
    _column("value", Meaning.NUMBER),
)
TABLES = {"freelancers": FREELANCER_COLUMNS, "jobs": JOB_COLUMNS, "events": EVENT_COLUMNS}

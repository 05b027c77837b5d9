"""The kinds of work inside a category: narrower than any list of skills.

A freelancer is truly good at one or two niches. A post gives its niche away by the task it
describes; a profile mostly does not, so the surest sign of a specialist is whom past clients of
that niche have hired. The table itself lies in `niches.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Niche:
    """A kind of work.

    Attributes:
        core: Names of the skills it takes, most needed first.
        titles: What posts call it, as patterns of `prose.expand`.
        tasks: Sentences that describe it and name no skill, as patterns.
        hint: A sentence of a profile that owns up to it, as a pattern.
    """

    name: str
    category: str
    core: tuple[str, ...]
    titles: tuple[str, ...]
    tasks: tuple[str, ...]
    hint: str


@lru_cache(maxsize=1)
def niches() -> tuple[Niche, ...]:
    """Every niche, in a fixed order."""
    text = files("training.simulate").joinpath("niches.toml").read_text(encoding="utf-8")
    return tuple(
        Niche(
            name=row["name"],
            category=category,
            core=tuple(row["core"]),
            titles=tuple(row["titles"]),
            tasks=tuple(row["tasks"]),
            hint=row["hint"],
        )
        for category, table in tomllib.loads(text).items()
        for row in table
    )

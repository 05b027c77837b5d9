"""The kinds of work inside a category: narrower than any list of skills.

A freelancer is truly good at one or two niches. A post gives its niche away by the task it
describes; a profile mostly does not, so the surest sign of a specialist is whom past clients of
that niche have hired. The tables lie in `words/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from training.simulate.draws import Ints
from training.simulate.vocabulary import categories, trades


@dataclass(frozen=True, slots=True, kw_only=True)
class Niche:
    """A kind of work.

    Attributes:
        core: Names of the skills it takes, most needed first.
        titles: What posts call it, as patterns of `prose.expand`.
        tasks: Sentences that describe it and name no skill, as patterns.
        hints: Sentences of a profile that own up to it, as patterns.
    """

    name: str
    category: str
    core: tuple[str, ...]
    titles: tuple[str, ...]
    tasks: tuple[str, ...]
    hints: tuple[str, ...]


@lru_cache(maxsize=1)
def niches() -> tuple[Niche, ...]:
    """Every niche, in a fixed order."""
    return tuple(
        Niche(
            name=row["name"],
            category=trade["name"],
            core=tuple(row["core"]),
            titles=tuple(row["titles"]),
            tasks=tuple(row["tasks"]),
            hints=tuple(row["hints"]),
        )
        for trade in trades()
        for row in trade["niches"]
    )


@lru_cache(maxsize=1)
def category_of_niche() -> Ints:
    """[niches] row of each niche's category in `categories()`."""
    order = list(categories())
    return np.array([order.index(niche.category) for niche in niches()], np.int64)

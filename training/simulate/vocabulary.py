"""What the simulated market calls its trades and skills: the tables of `words/`.

Each skill has other spellings, skills it silently brings along, and a clue: words that give it away
to a person and hide it from a search for its name. Posts and profiles mix all of these.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

_FILES = (
    "web-development",
    "mobile-apps",
    "data-analytics",
    "cloud-devops",
    "design-illustration",
    "writing-content",
    "translation",
    "marketing",
    "video-audio",
    "admin-finance",
    "engineering-cad",
    "legal-compliance",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """A skill by its usual name.

    Attributes:
        spellings: The name first, then what else people write for it.
        implies: Names of all skills that come with it, directly or at one remove.
        clue: A phrase that needs the skill and names none of its spellings.
        speaks: Code of the language that whoever has the skill speaks, or None.
    """

    name: str
    category: str
    spellings: tuple[str, ...]
    implies: tuple[str, ...]
    clue: str
    speaks: str | None


@lru_cache(maxsize=1)
def trades() -> tuple[dict[str, Any], ...]:
    """The tables as they are written, one a category, in a fixed order."""
    folder = files("training.simulate").joinpath("words")
    texts = (folder.joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in _FILES)
    return tuple(tomllib.loads(text) for text in texts)


@lru_cache(maxsize=1)
def skills() -> dict[str, Skill]:
    """Every skill by name, in a fixed order."""
    rows = [(trade["name"], row) for trade in trades() for row in trade["skills"]]
    direct = {row["name"]: row["implies"] for _, row in rows}
    return {
        row["name"]: Skill(
            name=row["name"],
            category=category,
            spellings=(row["name"], *row["also"]),
            implies=_closure(row["name"], direct),
            clue=row["clue"],
            speaks=row.get("speaks"),
        )
        for category, row in rows
    }


@lru_cache(maxsize=1)
def skill_rows() -> dict[str, int]:
    """Name of a skill -> its row in `skills()`."""
    return {name: row for row, name in enumerate(skills())}


@lru_cache(maxsize=1)
def categories() -> dict[str, tuple[str, ...]]:
    """Names of the skills of every category, in a fixed order."""
    return {trade["name"]: tuple(row["name"] for row in trade["skills"]) for trade in trades()}


@lru_cache(maxsize=1)
def technical() -> frozenset[str]:
    """The categories that count as technical."""
    return frozenset(trade["name"] for trade in trades() if trade["technical"])


def _closure(name: str, direct: dict[str, list[str]]) -> tuple[str, ...]:
    """All that `name` implies, nearest first."""
    found: list[str] = []
    ahead = list(direct[name])
    while ahead:
        skill = ahead.pop(0)
        if skill not in found:
            found.append(skill)
            ahead.extend(direct[skill])
    return tuple(found)

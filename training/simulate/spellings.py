"""How a skill is written down: picked from a list in a form, or typed as it comes to mind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from training.simulate.draws import pick
from training.simulate.vocabulary import Skill

_BY_NAME = 0.6
_PICKED = 0.85


def spelling(skill: Skill, rng: np.random.Generator) -> str:
    """The skill as somebody may write it: mostly by its name."""
    return skill.name if rng.random() < _BY_NAME else pick(skill.spellings, rng)


def picked(skills: Sequence[Skill], rng: np.random.Generator) -> tuple[str, ...]:
    """What a form's list of skills ends up with: names picked from it, some typed by hand."""
    return tuple(
        dict.fromkeys(
            skill.name if rng.random() < _PICKED else pick(skill.spellings, rng) for skill in skills
        )
    )

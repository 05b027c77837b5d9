"""Which of the skills that a job asks for somebody lists."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from matcher.codes import skill_name
from matcher.domain import Job
from matcher.reading.named import skills
from matcher.reading.prose import masked
from matcher.skills import SkillFinder

READ = 20_000  # characters of a text that skills are looked for in


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """The skills that a job asks for, by whether they are listed; in the order asked."""

    matched: tuple[str, ...]
    missing: tuple[str, ...]

    @classmethod
    def of(cls, asked: Collection[str], listed: Collection[str]) -> Shared:
        """Of normalised names."""
        return cls(
            matched=tuple(one for one in asked if one in listed),
            missing=tuple(one for one in asked if one not in listed),
        )


def listed_by(job: Job) -> tuple[str, ...]:
    """The skills that a job lists, normalised, each once."""
    named = (skill_name(one) for one in job.skills)
    return tuple(dict.fromkeys(one for one in named if one))


def named_by(job: Job, finder: SkillFinder, *, most: int = READ) -> tuple[str, ...]:
    """The skills that a job lists, and then those that its first `most` characters surely name."""
    text = f"{job.title}\n{job.description or ''}"[:most]
    found = (one.value for one in skills(masked(text), finder))
    return tuple(dict.fromkeys((*listed_by(job), *found)))

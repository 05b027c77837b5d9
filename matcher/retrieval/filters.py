"""Hard filters: who may be on the list at all, decided before any search."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.codes import skill_name
from matcher.ports import Column, Mask, Rows
from matcher.roster import Freelancers


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """An interval with inclusive ends; None is open."""

    gte: float | None = None
    lte: float | None = None

    def holds(self, values: Column) -> Mask:
        """[n] which values lie within; an unknown one does not."""
        inside = np.isfinite(values)
        if self.gte is not None:
            inside &= values >= self.gte
        if self.lte is not None:
            inside &= values <= self.lte
        return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a freelancer must satisfy; an empty one lets everybody pass.

    A freelancer whose field is unknown fails a filter on it.
    """

    hourly_rate_usd: Span | None = None
    utc_offset_hours: Span | None = None
    weekly_hours: Span | None = None
    country_in: frozenset[str] | None = None
    languages_all: frozenset[str] = frozenset()
    skills_all: frozenset[str] = frozenset()
    skills_any: frozenset[str] = frozenset()
    exclude: frozenset[str] = field(default=frozenset())

    def apply(
        self, freelancers: Freelancers, *, versions: Rows, joined: Mask
    ) -> tuple[Mask, Mapping[str, int]]:
        """[F] who passes, and how many of those who had joined each filter excluded.

        One person may be excluded by several filters, and counts for each. A field that
        is unknown counts under `<filter>_unknown`.
        """
        allowed, excluded = joined.copy(), {}
        for reason, passes in self._verdicts(freelancers, versions):
            failed = int((joined & ~passes).sum())
            if failed:
                excluded[reason] = failed
            allowed &= passes
        return allowed, excluded

    def _verdicts(self, freelancers: Freelancers, versions: Rows) -> Iterator[tuple[str, Mask]]:
        for name, span, column in (
            ("hourly_rate_usd", self.hourly_rate_usd, freelancers.rate),
            ("utc_offset_hours", self.utc_offset_hours, freelancers.offset),
            ("weekly_hours", self.weekly_hours, freelancers.weekly_hours),
        ):
            if span is not None:
                values = in_force(column, versions)
                known = np.isfinite(values)
                yield f"{name}_unknown", known
                yield name, ~known | span.holds(values)
        if self.country_in is not None:
            codes = freelancers.countries.wanted(self.country_in)
            country = np.where(versions >= 0, np.append(freelancers.country, -1)[versions], -1)
            yield "country_unknown", country >= 0
            yield "country", (country < 0) | np.isin(country, codes)
        yield from self._listed(freelancers, versions)
        if self.exclude:
            named = [freelancers.rows[one] for one in self.exclude if one in freelancers.rows]
            passes = np.ones(len(freelancers), np.bool_)
            passes[named] = False
            yield "exclude", passes

    def _listed(self, freelancers: Freelancers, versions: Rows) -> Iterator[tuple[str, Mask]]:
        skills = freelancers.skill_names.wanted(map(skill_name, self.skills_all))
        some = freelancers.skill_names.wanted(map(skill_name, self.skills_any))
        spoken = freelancers.language_names.wanted(self.languages_all)
        for name, lists, codes, least in (
            ("languages", freelancers.languages, spoken, len(spoken)),
            ("skills_all", freelancers.skills, skills, len(skills)),
            ("skills_any", freelancers.skills, some, 1),
        ):
            if len(codes):
                held = lists.take(versions)
                unknown = held.row_sizes == 0
                yield f"{name}_unknown", ~unknown
                yield name, unknown | (held.overlap(codes) >= least)


def in_force(column: Column, versions: Rows) -> Column:
    """[n] the value in each version; NaN where no version was in force."""
    return np.append(column, np.float32(np.nan))[np.where(versions >= 0, versions, len(column))]

"""Hard filters of a freelancer: which jobs may be on the list at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from matcher.codes import skill_name
from matcher.jobs.columns import JobColumns
from matcher.ports import Mask, Rows
from matcher.retrieval.filters import Span
from matcher.roster import Jobs


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilters:
    """What a job must satisfy; an empty one lets every job pass.

    A job whose field is unknown fails a filter on it.
    """

    budget_usd: Span | None = None
    payment: str | None = None
    country_in: frozenset[str] | None = None
    category_in: frozenset[str] | None = None
    skills_all: frozenset[str] = frozenset()
    skills_any: frozenset[str] = frozenset()
    exclude: frozenset[str] = field(default=frozenset())

    def apply(
        self, jobs: Jobs, columns: JobColumns, *, pool: Rows
    ) -> tuple[Rows, Mapping[str, int]]:
        """The rows of the pool that pass, and how many each filter excluded.

        One job may be excluded by several filters, and counts for each. A field that is
        unknown counts under `<filter>_unknown`.
        """
        allowed, excluded = np.ones(len(pool), np.bool_), {}
        for reason, passes in self._verdicts(jobs, columns, pool):
            failed = int((~passes).sum())
            if failed:
                excluded[reason] = failed
            allowed &= passes
        return pool[allowed], excluded

    def _verdicts(self, jobs: Jobs, columns: JobColumns, pool: Rows) -> Iterator[tuple[str, Mask]]:
        if self.budget_usd is not None:
            budget = columns.budget[pool]
            known = np.isfinite(budget)
            yield "budget_usd_unknown", known
            yield "budget_usd", ~known | self.budget_usd.holds(budget)
        payment = None if self.payment is None else frozenset({self.payment})
        for name, codes, wanted, found in (
            ("payment", columns.payments, payment, columns.payment),
            ("country", columns.countries, self.country_in, columns.country),
            ("category", jobs.categories, self.category_in, jobs.category),
        ):
            if wanted is not None:
                values = found[pool]
                yield f"{name}_unknown", values >= 0
                yield name, (values < 0) | np.isin(values, codes.wanted(wanted))
        yield from self._listed(jobs, pool)
        if self.exclude:
            named = [jobs.rows[one] for one in self.exclude if one in jobs.rows]
            yield "exclude", ~np.isin(pool, named)

    def _listed(self, jobs: Jobs, pool: Rows) -> Iterator[tuple[str, Mask]]:
        every = jobs.skill_names.wanted(map(skill_name, self.skills_all))
        some = jobs.skill_names.wanted(map(skill_name, self.skills_any))
        for name, codes, least in (("skills_all", every, len(every)), ("skills_any", some, 1)):
            if len(codes):
                asked = jobs.skills.take(pool)
                unknown = asked.row_sizes == 0
                yield f"{name}_unknown", ~unknown
                yield name, unknown | (asked.overlap(codes) >= least)

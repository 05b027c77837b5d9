"""The candidates of one list beside their job, as columns.

No feature loops over pairs in Python: whatever it asks, it asks for all of
them at once, and always as of the query's instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import Query
from matcher.domain import Kind
from matcher.evidence import Evidence
from matcher.ports import Column, Rows
from matcher.quality import QualityScale
from matcher.ragged import Ragged
from matcher.retrieval.filters import in_force
from matcher.snapshot import Snapshot
from matcher.tally import View


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFrame:
    """n pairs of one query's job and a freelancer.

    Attributes:
        constants: What is usual in this market, learned before `until`.
        quality: How much each signal tells of quality, likewise.
        rows: [n] freelancer rows.
        versions: [n] the profile in force, -1 for none.
        parts: Per source, [n] scores; NaN where it did not find the pair.
        fused: [n] the fused score; NaN where the pool came from a single source.
        evidence: Per memory source.
        similarity: [n] cosine of job and profile; NaN where either has no words.
        overlap: [n] BM25 of the job's words in the profile, in 0..1; NaN likewise.
        skills: [n] skill codes that each candidate lists.
        wanted_skills: [w] codes of the skills that the job lists.
        rarity: [w] worth of each, above 0.
        named_skills: [v] codes of the skills that the job lists or its text names.
        job_skills: [w] the wanted skills as codes of the jobs' own list.
        languages: [n] language codes of each candidate.
        wanted_languages: [l] codes of the job's languages.
    """

    query: Query
    snapshot: Snapshot
    constants: Mapping[str, float]
    quality: QualityScale
    rows: Rows
    versions: Rows
    parts: Mapping[str, Column]
    fused: Column
    evidence: Mapping[str, Evidence]
    similarity: Column
    overlap: Column
    skills: Ragged
    wanted_skills: Rows
    rarity: NDArray[np.float64]
    named_skills: Rows
    job_skills: Rows
    languages: Ragged
    wanted_languages: Rows
    _views: dict[tuple[str, int], View] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    def unknown(self) -> Column:
        """[n] NaN."""
        return np.full(len(self), np.nan, np.float32)

    def profile(self, name: str) -> Column:
        """[n] a numeric column of `Freelancers` in the profile in force; NaN unknown."""
        return in_force(getattr(self.snapshot.freelancers, name), self.versions)

    @property
    def places(self) -> Rows:
        """[n] place of each candidate in the order of ids."""
        place = self.query.place
        return self.rows if place is None else place[self.rows]

    @property
    def country(self) -> Rows:
        """[n] country codes; -1 unknown."""
        countries = np.append(self.snapshot.freelancers.country, -1)
        return np.asarray(countries[self.versions], np.int64)

    def events(self, kind: Kind) -> View:
        """The candidates' events of a kind."""
        return self._view(f"kind:{kind}", 0, self.rows)

    def values(self, kind: Kind) -> View:
        """The candidates' events of a kind that carry a value."""
        return self._view(f"value:{kind}", 0, self.rows)

    def jobs_wanted(self) -> View:
        """The jobs that each candidate applied for or accepted an invitation to, each once."""
        return self._view("wanted", 0, self.rows)

    def hires_by_client(self) -> View | None:
        """Hires of each candidate by this client; None for an unknown client."""
        if self.query.job.client_id is None:
            return None
        return self._paired("with_client", self.client, self.rows)

    def hires_in_category(self) -> View | None:
        """Hires of each candidate in this category; None for an unknown category."""
        if self.query.job.category is None:
            return None
        code = self.snapshot.jobs.categories.code(self.query.job.category)
        return self._paired("in_category", code, self.rows)

    def skill_hires(self, half_life_days: float) -> Column:
        """[n] decayed hires for jobs that list a wanted skill; NaN where none is wanted."""
        if len(self.job_skills) == 0:
            return self.unknown()
        views = (self._paired("in_skill", int(code), self.rows) for code in self.job_skills)
        hires = [view.decayed(half_life_days) for view in views]
        return np.asarray(np.sum(hires, axis=0), np.float32)

    def rated(self, signal: str) -> View:
        """The candidates' evidence of one signal of `Reputation`."""
        return self._view(f"person:{signal}", 0, self.rows)

    def rated_in_skill(self, signal: str, skill: int) -> View:
        """The same for jobs that list one skill, a code of `job_skills`."""
        return self._paired(f"skill:{signal}", skill, self.rows)

    def rated_by_client(self, signal: str) -> View | None:
        """What this very client's ratings and endings say; None for an unknown client."""
        if self.query.job.client_id is None:
            return None
        return self._paired(f"client:{signal}", self.client, self.rows)

    def of_client(self, what: str) -> View:
        """This client's posts, hires or ratings: one row; nothing for an unknown client."""
        return self._view(f"client_{what}", self.client, np.array([self.client], np.int64))

    def hires_of_client_by_candidate(self) -> View | None:
        """Hires the other way round: each candidate, as a client, of this client's person."""
        if self.client_row < 0:
            return None
        as_clients = self.snapshot.history.row_client[self.rows]
        keys = self.snapshot.history.pair(as_clients, self.client_row)
        return self._view("with_client", -2, keys)

    def jobs_beside_client(self) -> View | None:
        """Jobs that each candidate and this client's person were both hired for."""
        return None if self.client_row < 0 else self.jobs_beside(self.client_row)

    def jobs_beside(self, row: int) -> View:
        """Jobs that each candidate and one other freelancer were both hired for."""
        return self._paired("beside", row, self.rows)

    def jobs_beside_any(self, rows: Rows, half_life_days: float) -> Column:
        """[n] decayed jobs of each candidate beside any of [r] others, added up."""
        order = np.argsort(self.rows)  # neighbouring keys are found in neighbouring memory
        keys = self.snapshot.history.pair(rows[:, None], self.rows[order][None, :])
        as_of = np.full(keys.size, self.query.as_of)
        view = self.snapshot.history.beside.view(keys.ravel(), as_of)
        total = np.empty(len(self), np.float32)
        total[order] = view.decayed(half_life_days).reshape(keys.shape).sum(axis=0)
        return total

    @property
    def client(self) -> int:
        """Code of the job's client; -1 where unknown or new."""
        return self.snapshot.jobs.clients.code(self.query.job.client_id)

    @property
    def client_row(self) -> int:
        """The client's own row where that person had joined as a freelancer too; else -1."""
        freelancers = self.snapshot.freelancers
        row = freelancers.rows.get(self.query.job.client_id or "", -1)
        return row if row >= 0 and freelancers.joined_at[row] < self.query.as_of else -1

    def _paired(self, tally: str, key: int, rows: Rows) -> View:
        return self._view(tally, key, self.snapshot.history.pair(key, rows))

    def _view(self, tally: str, key: int, keys: Rows) -> View:
        if (tally, key) not in self._views:
            as_of = np.full(len(keys), self.query.as_of)
            self._views[tally, key] = self.snapshot.history.tally(tally).view(keys, as_of)
        return self._views[tally, key]

"""The straight line the other way round: jobs for a freelancer.

The same steps in the same order as `matcher.engine`: a query fixed to an instant,
sources, a frame, features, a ranker, reasons. No text is encoded on the way: all
that is asked about is in the snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from matcher.candidates import Reason
from matcher.errors import UnknownFreelancerError, UsageError
from matcher.growth import Growth
from matcher.jobs.columns import JobColumns
from matcher.jobs.filters import JobFilters
from matcher.jobs.frame import JobsFrame
from matcher.jobs.open import OpenJobs
from matcher.jobs.past import Ledger, Past
from matcher.jobs.precedents import Precedents
from matcher.jobs.query import JobHits, JobMatch, JobMatches, JobsQuery
from matcher.jobs.sources import JobSources
from matcher.learned import Learned
from matcher.ports import JobsFeatureSet, Matrix, Ranker, Rows
from matcher.ranking.reasons import Explainer
from matcher.retrieval.memory import Record
from matcher.retrieval.vectors import IndexKind
from matcher.snapshot import Snapshot

EVERY_JOB = JobFilters()
RECORDS = {"delivered": "engagements", "wanted": "interests", "refusals": "refusals"}
DEALT_WITH = {
    "delivered": "already_hired",
    "wanted": "already_applied",
    "refusals": "turned_down",
}


@dataclass(frozen=True, kw_only=True)
class JobsEngine:
    """Matches open jobs to a freelancer.

    Attributes:
        ledgers: Who was hired for, wanted or turned down what, freelancer by freelancer.
        rarity: [S] worth of every skill that jobs list, by code.
        pool: How many jobs retrieval hands to the ranker.
    """

    snapshot: Snapshot
    learned: Learned
    columns: JobColumns
    open: OpenJobs
    ledgers: Mapping[str, Ledger]
    sources: JobSources
    features: JobsFeatureSet
    ranker: Ranker
    rarity: NDArray[np.float64]
    pool: int = 300

    @classmethod
    def over(
        cls,
        snapshot: Snapshot,
        *,
        learned: Learned,
        features: JobsFeatureSet,
        ranker: Ranker,
        pool: int = 300,
        index: IndexKind = "flat",
    ) -> JobsEngine:
        """Build what answers from a snapshot."""
        jobs, history = snapshot.jobs, snapshot.history
        columns = JobColumns.of(jobs)
        records: dict[str, Record] = {name: getattr(history, of) for name, of in RECORDS.items()}
        people = len(snapshot.freelancers)
        return cls(
            snapshot=snapshot,
            learned=learned,
            columns=columns,
            open=OpenJobs.of(
                jobs, history.engagements, longest_days=learned.constants["open_days"]
            ),
            ledgers={name: Ledger.of(one, freelancers=people) for name, one in records.items()},
            sources=JobSources.over(snapshot, learned=learned, columns=columns, index=index),
            features=features,
            ranker=ranker,
            rarity=np.array([learned.rarity(name) for name in jobs.skill_names.names], np.float64),
            pool=pool,
        )

    def grown(self, growth: Growth) -> JobsEngine:
        """The same over a snapshot that has grown from its own.

        Raises:
            Outgrown: It must be made anew.
        """
        after, changed = growth.after, growth.changed_jobs
        jobs, history, inserted = after.jobs, after.history, growth.inserted
        records: dict[str, Record] = {name: getattr(history, of) for name, of in RECORDS.items()}
        columns = self.columns.grown(jobs, since=growth.jobs_since, changed=changed)
        people, known = len(after.freelancers), len(self.rarity)
        hires = inserted["engagements"].job
        return replace(
            self,
            snapshot=after,
            columns=columns,
            open=self.open.grown(jobs, history.engagements, touched=np.append(changed, hires)),
            ledgers={
                name: ledger.grown(records[name], inserted[RECORDS[name]], freelancers=people)
                for name, ledger in self.ledgers.items()
            },
            sources=self.sources.grown(growth, columns=columns),
            rarity=np.append(
                self.rarity, [self.learned.rarity(name) for name in jobs.skill_names.names[known:]]
            ),
        )

    def ask(
        self,
        freelancer_id: str,
        *,
        as_of: int,
        k: int = 10,
        filters: JobFilters = EVERY_JOB,
        among: Rows | None = None,
    ) -> JobsQuery:
        """A query of a freelancer as of an instant.

        Args:
            among: The pool, job rows rising, whatever is open: where an offline replay
                cannot see jobs open, because each was posted as it hired.

        Raises:
            UnknownFreelancerError: No freelancer has this id, or no longer.
            UsageError: k is below 1.
        """
        if k < 1:
            raise UsageError(f"k is {k}; ask for at least one job")
        row = self.snapshot.freelancers.rows.get(freelancer_id)
        if row is None or self.snapshot.freelancers.deleted[row]:
            raise UnknownFreelancerError(freelancer_id)
        past = {name: ledger.before(row, as_of) for name, ledger in self.ledgers.items()}
        excluded: dict[str, int] = {}
        pool = among
        if pool is None:
            pool, excluded = self._to_be_had(as_of, past)
        pool, failed = filters.apply(self.snapshot.jobs, self.columns, pool=pool)
        return JobsQuery(
            freelancer=row,
            as_of=as_of,
            version=self._version(row, as_of),
            pool=pool,
            delivered=past["delivered"],
            wanted=past["wanted"],
            excluded={**excluded, **failed},
            k=k,
        )

    def retrieve(self, query: JobsQuery) -> JobHits:
        """The pool, best fused score first; deep enough for k."""
        return self.sources.search(query, pool=max(self.pool, query.k))

    def frame(
        self, query: JobsQuery, hits: JobHits, *, precedents: Precedents | None = None
    ) -> JobsFrame:
        """The frame that features read, in the order of the hits.

        Args:
            precedents: Of at least the hits, as of the query's instant, where many
                freelancers ask about the same jobs; by default they are looked up.
        """
        if precedents is None:
            precedents = self.sources.precedents(np.sort(hits.rows), query.as_of)
        jobs, freelancers = self.snapshot.jobs, self.snapshot.freelancers
        codes = freelancers.skills.take(np.array([query.version])).codes
        return JobsFrame(
            query=query,
            snapshot=self.snapshot,
            columns=self.columns,
            constants=self.learned.constants,
            rarity=self.rarity,
            rows=hits.rows,
            parts=hits.parts,
            fused=hits.fused,
            evidence=hits.evidence,
            field=precedents.field(
                hits.rows, self.snapshot.history.engagements, freelancer=query.freelancer
            ),
            momentum=self.sources.momentum(hits.rows, query.as_of),
            skills=jobs.skills.take(hits.rows),
            listed=jobs.skill_names.wanted(freelancers.skill_names.names[code] for code in codes),
        )

    def match(self, query: JobsQuery, *, explain: bool = True) -> JobMatches:
        """The best `query.k` jobs, best first; ties by id.

        Returns:
            min(k, pool) matches; none when no job is open.
        """
        clock = [perf_counter()]
        hits = self.retrieve(query)
        clock.append(perf_counter())
        frame = self.frame(query, hits)
        matrix = self.features.transform(frame)
        clock.append(perf_counter())
        scores = self.ranker.score(matrix)
        order = np.lexsort((self.columns.place[frame.rows], -scores))
        clock.append(perf_counter())
        top = self._told(frame, matrix, scores, order[: query.k], explain=explain)
        clock.append(perf_counter())
        stages = (np.diff(clock) * 1000).tolist()
        return JobMatches(
            query=query,
            rows=frame.rows[order],
            scores=scores[order],
            matrix=matrix[order],
            top=top,
            took_ms=dict(zip(("retrieve", "features", "rank", "rerank"), stages, strict=True)),
        )

    def _to_be_had(self, as_of: int, past: Mapping[str, Past]) -> tuple[Rows, dict[str, int]]:
        """Open jobs, and how many are not to be had: given up, or dealt with before."""
        is_open = self.open.as_of(as_of)
        reasons = {"given_up": self.open.given_up(as_of)}
        for name, reason in DEALT_WITH.items():
            reasons[reason] = np.zeros(len(is_open), np.bool_)
            reasons[reason][past[name].jobs] = True
        counts = {reason: int((is_open & mask).sum()) for reason, mask in reasons.items()}
        pool = np.flatnonzero(is_open & ~np.logical_or.reduce(list(reasons.values())))
        return pool, {reason: count for reason, count in counts.items() if count}

    def _version(self, row: int, as_of: int) -> int:
        freelancers = self.snapshot.freelancers
        start, stop = int(freelancers.starts[row]), int(freelancers.stops[row])
        in_force = int(np.searchsorted(freelancers.valid_from[start:stop], as_of))
        return start + in_force - 1 if in_force else -1

    def _told(
        self,
        frame: JobsFrame,
        matrix: Matrix,
        scores: NDArray[np.float32],
        order: Rows,
        *,
        explain: bool,
    ) -> tuple[JobMatch, ...]:
        why: list[tuple[Reason, ...]] = [()] * len(order)
        if explain:
            contributions = self.ranker.contributions(matrix[order])
            rows = zip(matrix[order], contributions, strict=True)
            why = [self._explainer.reasons(values, added) for values, added in rows]
        return tuple(
            JobMatch(
                job_id=self.snapshot.jobs.records[frame.rows[place]].job_id or "",
                rank=rank,
                score=float(scores[place]),
                p_hire=None,
                components=_components(frame, int(place)),
                reasons=why[rank - 1],
            )
            for rank, place in enumerate(order, start=1)
        )

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.features)


def _components(frame: JobsFrame, place: int) -> dict[str, float]:
    found = {name: float(column[place]) for name, column in frame.parts.items()}
    return {
        **{name: value for name, value in found.items() if np.isfinite(value)},
        "fused": float(frame.fused[place]),
    }

"""The straight line: one request, top to bottom.

The offline replay, the drawing of training pairs and the API run this very
object, over different snapshots.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from time import perf_counter
from typing import Protocol

import numpy as np

from matcher.candidates import Hits, Match, Matches, Query, Reason
from matcher.domain import Job, Kind
from matcher.errors import UsageError
from matcher.frame import PairFrame
from matcher.heads import Factors, Heads
from matcher.learned import Learned
from matcher.pairing import paired
from matcher.ports import Calibrator, Column, Encoder, FeatureSet, Matrix, Ranker, Rows, Vectors
from matcher.ranking.reasons import Explainer
from matcher.rerank.exploration import Exploration, Seats
from matcher.retrieval.filters import Filters
from matcher.roster import text_of
from matcher.skills import SkillFinder
from matcher.snapshot import Snapshot
from matcher.sources import Sources
from matcher.text import terms

EVERYBODY = Filters()


class Explained(Protocol):
    """A model whose sums can be taken apart."""

    def contributions(self, matrix: Matrix) -> Matrix:
        """[n, d]: what each column added to each sum."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is said of every pair of a list."""

    scores: Column
    p_hire: Column
    factors: Factors


@dataclass(frozen=True, kw_only=True)
class Engine:
    """Matches freelancers to a job.

    Attributes:
        pool: How many candidates retrieval hands to the ranker.
        heads: Say what both sides will do, and whether that orders the list.
        exploration: Gives some seats to people of whom little is known, where a list has a seed.
    """

    snapshot: Snapshot
    learned: Learned
    sources: Sources
    encoder: Encoder
    features: FeatureSet
    ranker: Ranker
    calibrator: Calibrator
    finder: SkillFinder
    heads: Heads = field(default_factory=Heads)
    exploration: Exploration = field(default_factory=Exploration)
    pool: int = 300

    def ask(
        self,
        job: Job,
        *,
        as_of: int,
        k: int = 10,
        filters: Filters = EVERYBODY,
    ) -> Query:
        """A query about a job as of an instant.

        Raises:
            UsageError: k is below 1.
        """
        if k < 1:
            raise UsageError(f"k is {k}; ask for at least one match")
        text = text_of(job)
        freelancers = self.snapshot.freelancers
        versions = freelancers.versions(as_of)
        eligible, excluded = filters.apply(
            freelancers, versions=versions, joined=freelancers.joined_before(as_of)
        )
        return Query(
            job=job,
            as_of=as_of,
            vector=self._vector(job, text),
            terms=tuple(sorted(set(terms(text)))),
            eligible=eligible,
            versions=versions,
            excluded=excluded,
            k=k,
            place=freelancers.place,
        )

    def retrieve(self, query: Query) -> Hits:
        """The pool, best fused score first; deep enough for k."""
        return self.sources.fused.search(query, pool=max(self.pool, query.k))

    def pairs(self, query: Query, hits: Hits, *, missed: Rows | None = None) -> PairFrame:
        """The frame that features read; `missed` rows follow the hits."""
        return paired(
            query,
            hits,
            snapshot=self.snapshot,
            learned=self.learned,
            profile_words=self.sources.indexes.profile_words,
            finder=self.finder,
            missed=missed,
        )

    def match(self, query: Query, *, explain: bool = True, seed: int | None = None) -> Matches:
        """The best `query.k` freelancers, best first; ties by id.

        Args:
            explain: Give reasons, which cost more the greater k is.
            seed: Draws the seats that are explored; without one, the list is by score alone.

        Returns:
            min(k, eligible) matches; none when nobody is eligible.
        """
        clock = [perf_counter()]
        hits = self.retrieve(query)
        clock.append(perf_counter())
        frame = self.pairs(query, self._padded(query, hits))
        matrix = self.features.transform(frame)
        clock.append(perf_counter())
        ranked = self.ranker.score(matrix)
        pace = self.snapshot.history.clientele.per_job("hires", as_of=query.as_of)
        p_hire = self.calibrator.probabilities(ranked, pace=pace)
        factors = self.heads.factors(frame, matrix, p_hire=p_hire)
        by_value = self.heads.policy == "expected_value"
        scores = factors.expected_value if by_value else ranked
        order = np.lexsort((frame.places, -scores))
        clock.append(perf_counter())
        told = _Told(scores=scores, p_hire=p_hire, factors=factors)
        seats = self._seats(frame, told, order, k=query.k, seed=seed)
        top = self._told(frame, matrix, told, seats, order[seats.places], explain=explain)
        clock.append(perf_counter())
        stages = np.diff(clock) * 1000
        return Matches(
            query=query,
            rows=frame.rows[order],
            scores=scores[order],
            p_hire=p_hire[order],
            matrix=matrix[order],
            top=top,
            took_ms=dict(
                zip(("retrieve", "features", "rank", "rerank"), stages.tolist(), strict=True)
            ),
            factors={name: column[order] for name, column in factors.by_name.items()},
            neighbours=hits.neighbours,
        )

    def _seats(
        self, frame: PairFrame, told: _Told, order: Rows, *, k: int, seed: int | None
    ) -> Seats:
        """Who sits where; by score alone without a seed."""
        exploration = Exploration() if seed is None else self.exploration
        value = told.factors.expected_value
        chance = value if np.isfinite(value).all() else told.p_hire
        hires = frame.events(Kind.HIRED).count()
        return exploration.seats(chance[order], hires[order], k=k, seed=seed or 0)

    def _padded(self, query: Query, hits: Hits) -> Hits:
        """Fill a pool that no source could fill to min(k, eligible), by id."""
        lacking = min(query.k, int(query.eligible.sum())) - len(hits)
        if lacking <= 0:
            return hits
        rest = query.eligible.copy()
        rest[hits.rows] = False
        rows = self.snapshot.freelancers.in_order(np.flatnonzero(rest))[:lacking]
        floor = np.full(len(rows), min(float(hits.scores.min(initial=0)), 0) - 1)
        below = floor if hits.standing is None else hits.standing[rows]
        return Hits(
            rows=np.concatenate([hits.rows, rows]),
            scores=np.concatenate([hits.scores, below]).astype(np.float32),
            neighbours=hits.neighbours,
            parts=hits.parts,
            standing=hits.standing,
        )

    def _told(
        self,
        frame: PairFrame,
        matrix: Matrix,
        told: _Told,
        seats: Seats,
        order: Rows,
        *,
        explain: bool,
    ) -> tuple[Match, ...]:
        shown = matrix[order]
        why = self._why(self.ranker, shown, explain=explain)
        heads = self.heads.by_name
        of_head = {
            name: self._why(heads[name].trees, shown, explain=explain, most=1)
            if name in heads
            else why
            for name in told.factors.by_name
        }
        return tuple(
            Match(
                freelancer_id=self.snapshot.freelancers.ids[frame.rows[place]],
                rank=rank,
                score=float(told.scores[place]),
                p_hire=_known(told.p_hire[place]),
                components=_components(frame, int(place)),
                reasons=why[rank - 1],
                factors={
                    name: float(column[place]) for name, column in told.factors.by_name.items()
                },
                expected_value=_known(told.factors.expected_value[place]),
                factor_reasons={name: _main(each[rank - 1]) for name, each in of_head.items()},
                propensity=float(seats.propensity[rank - 1]),
                explored=bool(seats.explored[rank - 1]),
            )
            for rank, place in enumerate(order, start=1)
        )

    def _why(
        self, model: Explained, shown: Matrix, *, explain: bool, most: int | None = None
    ) -> list[tuple[Reason, ...]]:
        """Reasons a row; `most` strengths and doubts of each, instead of the usual number."""
        if not explain:
            return [()] * len(shown)
        added = model.contributions(shown)
        many = {} if most is None else {"strengths": most, "doubts": most}
        rows = zip(shown, added, strict=True)
        return [self._explainer.reasons(row, parts, **many) for row, parts in rows]

    @cached_property
    def _explainer(self) -> Explainer:
        return Explainer(self.features)

    def _vector(self, job: Job, text: str) -> Vectors:
        row = self.snapshot.jobs.rows.get(job.job_id) if job.job_id is not None else None
        if row is not None and self.snapshot.jobs.texts[row] == text:
            return np.asarray(self.snapshot.job_vectors[row])
        return np.asarray(self.encoder.encode([text])[0])


def _known(value: np.float32) -> float | None:
    return float(value) if np.isfinite(value) else None


def _main(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The strongest for and the strongest against."""
    strengths = [one for one in reasons if one.contribution > 0]
    doubts = [one for one in reasons if one.contribution < 0]
    return (*strengths[:1], *doubts[:1])


def _components(frame: PairFrame, place: int) -> dict[str, float]:
    found = {name: float(column[place]) for name, column in frame.parts.items()}
    return {
        **{name: value for name, value in found.items() if np.isfinite(value)},
        "fused": float(frame.fused[place]),
    }

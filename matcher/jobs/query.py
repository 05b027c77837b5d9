"""What travels down the line the other way round: a freelancer asks, jobs are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.candidates import Reason
from matcher.evidence import Evidence
from matcher.jobs.past import Past
from matcher.ports import Column, Matrix, Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsQuery:
    """One request for jobs, fixed to an instant.

    Attributes:
        freelancer: Row of whoever asks.
        as_of: Only what happened strictly before this instant counts.
        version: The profile in force; -1 for none.
        pool: [o] job rows that may be on the list, rising.
        delivered: Jobs that they were hired for; `wanted`: that they applied for, or
            accepted an invitation to.
        excluded: How many open jobs each reason keeps off the list.
        k: How many jobs are wanted, at least 1.
    """

    freelancer: int
    as_of: int
    version: int
    pool: Rows
    delivered: Past
    wanted: Past
    excluded: Mapping[str, int] = field(default_factory=dict)
    k: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHits:
    """Jobs found, best fused score first; ties by id.

    Attributes:
        rows: [n] job rows.
        fused: [n] float32, falling.
        parts: Per source, [n] scores; NaN where it did not find the job.
        evidence: Per memory, how the jobs resemble those of the freelancer's past.
    """

    rows: Rows
    fused: Column
    parts: Mapping[str, Column]
    evidence: Mapping[str, Evidence]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMatch:
    """One job on one freelancer's list.

    Attributes:
        score: Orders the list; comparable within it only.
        p_hire: None: nothing calibrates this direction.
        components: Score of every source that found this job, and the fused one.
    """

    job_id: str
    rank: int
    score: float
    p_hire: float | None
    components: Mapping[str, float]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobMatches:
    """A list of jobs, best first.

    Attributes:
        rows: [n] job rows of the whole ranked pool, best first.
        scores: [n] float32, falling.
        matrix: [n, d] the feature rows, in the same order.
        took_ms: Milliseconds a stage.
    """

    query: JobsQuery
    rows: Rows
    scores: Column
    matrix: Matrix
    top: tuple[JobMatch, ...]
    took_ms: Mapping[str, float]

"""From an answer to the decision that goes on record, in either direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from matcher.candidates import Match
from matcher.jobs.query import JobMatch
from matcher.ports import Column, Matrix, Rows, Vectors
from matcher.store.decision import Decision, Summary
from serving.matched import JobsMatched, Matched
from serving.schemas import JobsRequest, MatchRequest
from serving.service import Served


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What answered.

    Attributes:
        store: Identity of the store that the snapshot was made of.
        seq: The last change in it.
    """

    served: Served
    store: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """Everybody who was ranked, best first.

    Attributes:
        ids: [n]; `places`: [k] where the shown lie among them.
    """

    ids: Sequence[str]
    places: Rows
    scores: Column
    matrix: Matrix


def of_matches(found: Matched, origin: Origin) -> Decision:
    """The decision behind a list of freelancers."""
    request, answer, matches = found.request, found.answer, found.matches
    engine = origin.served.engine
    ids = engine.snapshot.freelancers.ids
    top = matches.top
    return _decision(
        summary=Summary(
            decision_id=str(answer.decision_id),
            at=found.at,
            as_of=found.query.as_of,
            direction="freelancers",
            job_id=request.job_id or (request.job.job_id if request.job else None),
            freelancer_id=None,
            seq=origin.seq,
            bundle=origin.served.digest,
            shown=len(top),
        ),
        about=_about(
            request,
            origin,
            seed=found.seed,
            policy=engine.heads.policy,
            exploration=asdict(engine.exploration),
            excluded=found.query.excluded,
            warnings=answer.warnings,
        ),
        vector=found.query.vector,
        top=top,
        figures={
            "expected_value": _column(one.expected_value for one in top),
            "propensity": _column(one.propensity for one in top),
            **{
                f"factors.{name}": _column(one.factors[name] for one in top)
                for name in matches.factors
            },
        },
        explored=[one.explored for one in top],
        pool=_pool(
            [ids[row] for row in matches.rows.tolist()],
            [one.freelancer_id for one in top],
            matches.scores,
            matches.matrix,
        ),
        columns=engine.features.names,
    )


def of_jobs(found: JobsMatched, origin: Origin) -> Decision:
    """The decision behind a list of jobs; nothing is encoded, and no seat drawn."""
    engine, matches, top = origin.served.jobs_engine, found.matches, found.matches.top
    records = engine.snapshot.jobs.records
    return _decision(
        summary=Summary(
            decision_id=str(found.answer.decision_id),
            at=found.at,
            as_of=found.query.as_of,
            direction="jobs",
            job_id=None,
            freelancer_id=found.freelancer_id,
            seq=origin.seq,
            bundle=origin.served.digest,
            shown=len(top),
        ),
        about=_about(
            found.request,
            origin,
            seed=None,
            policy="ranker",
            exploration=None,
            excluded=found.query.excluded,
            warnings=found.answer.warnings,
        ),
        vector=None,
        top=top,
        figures={
            "expected_value": np.full(len(top), np.nan, np.float32),
            "propensity": np.ones(len(top), np.float32),
        },
        explored=[False] * len(top),
        pool=_pool(
            [records[row].job_id or "" for row in matches.rows.tolist()],
            [one.job_id for one in top],
            matches.scores,
            matches.matrix,
        ),
        columns=engine.features.names,
    )


def _about(request: MatchRequest | JobsRequest, origin: Origin, **others: object) -> dict[str, Any]:
    served = origin.served
    return {
        "request": request.model_dump(
            mode="json",
            by_alias=True,
            exclude_unset=True,
            exclude={"details"},  # they change no list, and are of no use later
        ),
        "k": request.k,
        "model": {"name": served.name, "version": served.version, "digest": served.digest},
        "encoder": served.engine.encoder.digest,
        "snapshot": f"{origin.store}:{origin.seq}",
        **others,
    }


def _pool(ids: Sequence[str], shown: Sequence[str], scores: Column, matrix: Matrix) -> _Pool:
    place = {id_: at for at, id_ in enumerate(ids)}
    places: Rows = np.array([place[id_] for id_ in shown], np.int64)
    return _Pool(ids=ids, places=places, scores=scores, matrix=matrix)


def _decision(
    *,
    summary: Summary,
    about: Mapping[str, Any],
    vector: Vectors | None,
    top: Sequence[Match] | Sequence[JobMatch],
    figures: Mapping[str, Column],
    explored: Sequence[bool],
    pool: _Pool,
    columns: tuple[str, ...],
) -> Decision:
    others = np.ones(len(pool.ids), np.bool_)
    others[pool.places] = False
    names = sorted({name for one in top for name in one.components})
    return Decision(
        summary=summary,
        about={**about, "excluded": dict(about["excluded"]), "warnings": list(about["warnings"])},
        vector=None if vector is None else np.asarray(vector, np.float32),
        shown=tuple(pool.ids[place] for place in pool.places.tolist()),
        explored=np.array(explored, np.bool_),
        figures={
            "score": _column(one.score for one in top),
            "p_hire": _column(one.p_hire for one in top),
            **figures,
            **{f"components.{n}": _column(one.components.get(n) for one in top) for n in names},
        },
        columns=columns,
        features=np.asarray(pool.matrix[pool.places], np.float32),
        rest=tuple(pool.ids[place] for place in np.flatnonzero(others).tolist()),
        rest_scores=pool.scores[others],
    )


def _column(values: Any) -> Column:
    return np.array([np.nan if value is None else value for value in values], np.float32)

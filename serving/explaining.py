"""Why somebody had a place on a list: all that a decision, its bundle and its log tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from features import FEATURES
from matcher.bundle import open_model
from matcher.candidates import Reason
from matcher.decision_errors import NotOnListError, ReplayRefusedError, UnknownDecisionError
from matcher.model import Model
from matcher.ports import Column, Matrix, Ranker, Wording
from matcher.ranking.baseline import JOBS_WEIGHTS, WeightedSum
from matcher.ranking.reasons import Explainer
from matcher.store import acts, decisions, overrides
from matcher.store.acts import Act
from matcher.store.commands import database_url
from matcher.store.decision import Decision
from matcher.store.overrides import Override
from matcher.store.store import Store
from matcher.violations import shown as shortened

Families = Mapping[str, Reason]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What put somebody, or some job, where it was.

    Attributes:
        seat: Where the row lies among the shown; None for one of the pool who had no seat.
        score: What ordered the list.
        rank: Place by that score alone, of `ranked`.
        base: Where every sum starts; None where the row was not kept.
        families: What each family of features added to the ranker's sum, the loudest first.
        of_factors: The same per head that was trained, in log-odds.
        overrides: What people said that names this one; `acts` likewise what happened.
    """

    decision: Decision
    id: str
    seat: int | None
    score: float
    rank: int
    ranked: int
    base: float | None
    families: Families
    of_factors: Mapping[str, Families]
    overrides: tuple[Override, ...]
    acts: tuple[Act, ...]


def explained(decision_id: str, id_: str, *, bundle: Path, database: str | None) -> Explanation:
    """Why a freelancer, or a job for a freelancer, is where a decision has it.

    Raises:
        UnknownDecisionError: No decision of this id is on record.
        NotOnListError: It neither showed nor ranked this one.
        ReplayRefusedError: Another bundle made it.
    """
    with (
        Store.open(database_url(database), migrate=False) as store,
        store.database.reading() as connection,
    ):
        decision = decisions.found(connection, decision_id)
        if decision is None:
            raise UnknownDecisionError(decision_id)
        said = overrides.of(connection, decision_id)
        done = acts.about(connection, decision.summary, id_)
    model, digest = open_model(bundle, features=FEATURES)
    if digest != decision.summary.bundle:
        raise ReplayRefusedError(
            f"decision {decision_id} was made by bundle {decision.summary.bundle[:12]}, this is "
            f"{digest[:12]} ({bundle}); name the one that made it"
        )
    return explanation_of(
        decision,
        id_,
        model=model,
        overrides=[one for one in said if id_ in one.ranking],
        acts=done,
    )


def explanation_of(
    decision: Decision,
    id_: str,
    *,
    model: Model,
    overrides: list[Override],
    acts: list[Act],
) -> Explanation:
    """The same from what was read.

    Raises:
        NotOnListError: The decision neither showed nor ranked this one.
    """
    seat = decision.shown.index(id_) if id_ in decision.shown else None
    if seat is None and id_ not in decision.rest:
        raise NotOnListError(
            f"decision {decision.summary.decision_id} neither showed nor ranked "
            f"{shortened(id_)}, expected one of its pool of "
            f"{len(decision.shown) + len(decision.rest):,}: no source found this one, a filter "
            "kept it off, or it was erased since"
        )
    scores = np.concatenate([decision.figures["score"], decision.rest_scores])
    place = len(decision.shown) + decision.rest.index(id_) if seat is None else seat
    ranker, wording = _of_direction(model, decision)
    of_factors: dict[str, Families] = {}
    base: float | None = None
    families: Families = {}
    if seat is not None:
        row = decision.features[[seat]]
        base, families = _families(ranker, wording, row)
        if decision.summary.direction == "freelancers":
            heads = model.heads.by_name
            of_factors = {
                name: _of_head(heads[name].trees.contributions(row), wording, row)
                for name in model.heads.names
                if name in heads
            }
    return Explanation(
        decision=decision,
        id=id_,
        seat=seat,
        score=float(scores[place]),
        rank=1 + int((scores > scores[place]).sum()),
        ranked=len(scores),
        base=base,
        families=families,
        of_factors=of_factors,
        overrides=tuple(overrides),
        acts=tuple(acts),
    )


def _of_direction(model: Model, decision: Decision) -> tuple[Ranker, Wording]:
    if decision.summary.direction == "freelancers":
        return model.ranker, model.features
    names = model.features.jobs.names
    return model.jobs_ranker or WeightedSum.of(names, JOBS_WEIGHTS), model.features.jobs


def _families(ranker: Ranker, wording: Wording, row: Matrix) -> tuple[float, Families]:
    added = ranker.contributions(row)
    total = float(ranker.score(row)[0])
    return total - float(added.sum(dtype=np.float64)), _of_head(added, wording, row)


def _of_head(added: Matrix, wording: Wording, row: Matrix) -> Families:
    values: Column = row[0]
    return Explainer(wording).families(values, added[0])

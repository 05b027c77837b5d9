"""A decision on record as JSON of the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np

from matcher.domain import moment_of
from matcher.heads import FACTORS
from matcher.ports import Column
from matcher.store.decision import Decision, Summary
from matcher.store.overrides import Override
from serving.archive import Overridden
from serving.decision_schemas import (
    DecisionRecord,
    DecisionSummary,
    OverrideRecord,
    RankedRecord,
    ShownRecord,
)
from serving.schemas import FactorRecord


def record_of(found: Overridden) -> DecisionRecord:
    """All that is on record."""
    decision, about = found.decision, dict(found.decision.about)
    summary = asdict(decision.summary)
    at, as_of = (moment_of(summary.pop(name)) for name in ("at", "as_of"))
    factors, components = decision.named("factors"), decision.named("components")
    vector, rest = decision.vector, decision.rest_scores.tolist()
    return DecisionRecord(
        **{name: value for name, value in summary.items() if name != "shown"},
        **about,
        at=at,
        as_of=as_of,
        vector=None if vector is None else tuple(vector.tolist()),
        shown=tuple(
            _shown(decision, seat, factors=factors, components=components)
            for seat in range(len(decision.shown))
        ),
        pool=tuple(
            RankedRecord(id=id_, score=score)
            for id_, score in zip(decision.rest, rest, strict=True)
        ),
        overrides=tuple(map(override_of, found.overrides)),
    )


def summary_of(summary: Summary) -> DecisionSummary:
    """A line of a listing."""
    told = asdict(summary)
    at, as_of = (moment_of(told.pop(name)) for name in ("at", "as_of"))
    return DecisionSummary(**told, at=at, as_of=as_of)


def override_of(override: Override) -> OverrideRecord:
    """What a person made of a list."""
    return OverrideRecord(
        at=moment_of(override.at),
        by=override.by,
        reason=override.reason,
        order=override.ranking,
    )


def _shown(
    decision: Decision,
    seat: int,
    *,
    factors: Mapping[str, Column],
    components: Mapping[str, Column],
) -> ShownRecord:
    figures, of_seat = decision.figures, _of_seat(factors, seat)
    return ShownRecord(
        id=decision.shown[seat],
        position=decision.positions[seat],
        score=float(figures["score"][seat]),
        p_hire=_known(figures["p_hire"][seat]),
        factors=FactorRecord(**{name: of_seat.get(name) for name in FACTORS}),
        expected_value=_known(figures["expected_value"][seat]),
        components={
            name: value for name, value in _of_seat(components, seat).items() if value is not None
        },
        propensity=float(figures["propensity"][seat]),
        explored=bool(decision.explored[seat]),
        features=dict(
            zip(decision.columns, map(_known, decision.features[seat].tolist()), strict=True)
        ),
    )


def _of_seat(columns: Mapping[str, Column], seat: int) -> dict[str, float | None]:
    return {name: _known(column[seat]) for name, column in columns.items()}


def _known(value: float | np.float32) -> float | None:
    return float(value) if np.isfinite(value) else None

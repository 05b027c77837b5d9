"""What an answer says of a match, as records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from matcher.candidates import Match, Reason
from matcher.heads import FACTORS
from matcher.jobs.query import JobMatch
from serving.schemas import FactorReasons, FactorRecord, ReasonRecord, Timings


def told(match: Match | JobMatch) -> dict[str, Any]:
    """Everything that an answer says of a match but whose it is."""
    return {
        "rank": match.rank,
        "score": match.score,
        "p_hire": _finite(match.p_hire),
        "components": {
            name: value for name, value in match.components.items() if np.isfinite(value)
        },
        "reasons": reasons_told(match.reasons),
    }


def of_both_sides(match: Match) -> dict[str, Any]:
    """What an answer says of both sides' consent and of the seat."""
    return {
        "factors": FactorRecord(**{name: match.factors.get(name) for name in FACTORS}),
        "expected_value": match.expected_value,
        "factor_reasons": FactorReasons(
            **{name: reasons_told(match.factor_reasons.get(name, ())) for name in FACTORS}
        ),
        "propensity": match.propensity,
        "explored": match.explored,
    }


def reasons_told(reasons: Iterable[Reason]) -> tuple[ReasonRecord, ...]:
    """Reasons as an answer holds them."""
    return tuple(
        ReasonRecord(
            feature=one.feature,
            value=_finite(one.value),
            contribution=one.contribution,
            text=one.text,
        )
        for one in reasons
    )


def timings(took_ms: Mapping[str, float], *, encode: float, total: float) -> Timings:
    """Stages in milliseconds, from an engine's own and two times in seconds."""
    stages = {name: round(took, 3) for name, took in took_ms.items()}
    return Timings(encode=_ms(encode), total=_ms(total), **stages)


def _finite(value: float | None) -> float | None:
    return value if value is not None and np.isfinite(value) else None


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)

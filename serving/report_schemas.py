"""What the API says of a model's report: what was measured, what moved, who ruled, how fast."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import ConfigDict, Field

from serving.filters import Closed
from serving.schemas import ModelName

Interval = tuple[float, float]


class Told(Closed):
    """An object of a kept report: further keys are left out of the answer."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class SpanRecord(Told):
    """The jobs that an evaluation replayed.

    Attributes:
        left_out: How many of them hired nobody from their pool.
    """

    from_: Annotated[datetime, Field(alias="from")]
    to: datetime
    jobs: int
    left_out: int


class SystemRecord(Told):
    """A rung of the ladder; the interval is one of 95% over jobs, null where no job counts."""

    ndcg_at_10: Annotated[float, Field(alias="ndcg@10")]
    ndcg_at_10_ci: Annotated[Interval | None, Field(alias="ndcg@10_ci")] = None
    recall_at_100: Annotated[float, Field(alias="recall@100")]
    mrr: float
    n_jobs: int


class DifferenceRecord(Told):
    """What the ranker adds to a rung, job by job, with its 95% interval."""

    ndcg_at_10: Annotated[float, Field(alias="ndcg@10")]
    ci: Interval | None = None


class BinRecord(Told):
    """Pairs of about the same `p_hire`: their number, its mean, and the share that was hired."""

    n: int
    predicted: float
    observed: float


class CalibrationRecord(Told):
    """How far `p_hire` is from what happened.

    Attributes:
        ece: Expected calibration error over bins of equal count.
    """

    pairs: int
    base_rate: float
    ece: float
    brier: float
    reliability: tuple[BinRecord, ...]


class EvaluationRecord(Told):
    """What `matcher evaluate` last told of the bundle.

    Attributes:
        ranker_minus: What the ranker adds to each other system.
        calibration: null where `p_hire` is untrained.
        importance: Mean absolute contribution to the score over matches shown, by column.
    """

    judged_at: datetime
    test: SpanRecord
    systems: dict[str, SystemRecord]
    ranker_minus: dict[str, DifferenceRecord]
    calibration: CalibrationRecord | None
    importance: dict[str, float]


class ShiftRecord(Told):
    """A column beside what it was in training.

    Attributes:
        psi: Population stability index.
        noise: What 95 in 100 indices stay below where nothing moved; null with a single list.
        reading: stable, noise, moderate or large.
        moved: Whether it is one of the last two.
    """

    feature: str
    family: str
    psi: float
    noise: float | None
    reading: str
    moved: bool
    unknown_then: float
    unknown_now: float
    median_then: float | None
    median_now: float | None


class DriftRecord(Told):
    """What `matcher drift` last told of the bundle, the column that moved most first.

    Attributes:
        lists: How many later lists it looked at.
    """

    judged_at: datetime
    from_: Annotated[datetime, Field(alias="from")]
    to: datetime
    lists: int
    features: tuple[ShiftRecord, ...]


class ReignRecord(Closed):
    """A span of time with one champion, or with none.

    Attributes:
        version: null for nobody.
        until: null for the one that goes on.
        how: null where the alias was moved by other means than `matcher promote`.
    """

    version: str | None
    digest: str | None
    since: datetime
    until: datetime | None
    how: str | None
    by: str | None
    why: str | None
    figures: dict[str, Any]


class RefusedRecord(Closed):
    """A candidate that did not become champion when it was compared."""

    version: str | None
    digest: str | None
    at: datetime
    by: str | None
    why: str | None
    figures: dict[str, Any]


class HistoryRecord(Closed):
    """Who was champion, and who was not made one; earliest first."""

    reigns: tuple[ReignRecord, ...]
    refused: tuple[RefusedRecord, ...]


class BucketRecord(Closed):
    """How many took `le_ms` at most, those of the buckets before included; null is no bound."""

    le_ms: float | None
    count: int


class LatencyRecord(Closed):
    """How long something took; a percentile is null of nothing, and beyond the last bound."""

    count: int
    p50_ms: float | None
    p90_ms: float | None
    p99_ms: float | None
    buckets: tuple[BucketRecord, ...]


class ModelReport(Closed):
    """What is known of the model served.

    Attributes:
        evaluation: null where none was kept.
        importance: Share of the gain by column, most first; empty where a weighted sum ranks.
        drift: null where none was kept.
        challenger: The candidate refused last, unless it became champion later.
        latency: By method and path, and by stage, since the service started.
        notes: What is missing, and which command makes it.
    """

    model: ModelName
    evaluation: EvaluationRecord | None
    importance: dict[str, float]
    drift: DriftRecord | None
    history: HistoryRecord
    challenger: RefusedRecord | None
    latency: dict[str, LatencyRecord]
    notes: tuple[str, ...]

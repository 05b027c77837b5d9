"""What is known of the model served: reports that were kept, the record, the service's numbers.

Nothing is computed here that takes long, and nothing is asked of MLflow: the record of champions
is a file of our own. What cannot be had is said in a sentence, for the rest is of use without it;
where files lie is for the log alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

import structlog
from pydantic import ValidationError

from matcher.errors import LedgerError, ReportError
from matcher.ledger import Entry, reigns
from matcher.ranking.gbdt import GbdtRanker
from matcher.reports import Kind, kept
from matcher.succession import ledger
from serving.latency import latencies
from serving.metrics import Metrics
from serving.report_schemas import (
    DriftRecord,
    EvaluationRecord,
    HistoryRecord,
    ModelReport,
    RefusedRecord,
    ReignRecord,
)
from serving.service import Served

MOVED = ("moderate", "large")
MAKES = {
    "evaluation": "`matcher evaluate DIR --bundle BUNDLE`",
    "drift": "`matcher drift DIR --bundle BUNDLE`",
}

log = structlog.get_logger(__name__)

Record = TypeVar("Record", EvaluationRecord, DriftRecord)


def report_on(served: Served, *, metrics: Metrics) -> ModelReport:
    """All that is known of what answers now."""
    notes: list[str] = []
    evaluation = _kept("evaluation", served.digest, EvaluationRecord.model_validate, notes)
    drift = _kept("drift", served.digest, _drift_of, notes)
    importance = _gains(served)
    if not importance:
        notes.append(
            "a weighted sum ranks, so there are no gains to tell; `matcher train` fits trees where "
            "enough jobs hired somebody from their pool"
        )
    history = _history(served.name, notes)
    latency = latencies(metrics.times("request"), metrics.times("stage"))
    if not latency:
        notes.append("no list was asked for since the service started: `POST /v1/matches` is one")
    return ModelReport(
        model=served.model,
        evaluation=evaluation,
        importance=importance,
        drift=drift,
        history=history,
        challenger=_challenger(history),
        latency=latency,
        notes=tuple(notes),
    )


def _kept(
    kind: Kind, digest: str, read: Callable[[dict[str, Any]], Record], notes: list[str]
) -> Record | None:
    """A report that was kept; None, and a note, where there is none that can be read."""
    try:
        told = kept(kind, digest=digest)
        if told is not None:
            return read(told)
    except ReportError as error:
        log.warning("report_unread", code=error.code, detail=str(error))
        notes.append(f"the {kind} on record cannot be read; {MAKES[kind]} makes it again")
    except (ValidationError, KeyError, TypeError):
        notes.append(f"the {kind} on record is of another release; {MAKES[kind]} makes it again")
    else:
        notes.append(f"no {kind} of this bundle is on record; {MAKES[kind]} makes one")
    return None


def _drift_of(told: Mapping[str, Any]) -> DriftRecord:
    about = told["about"]
    columns = [
        {**one, "feature": one["column"], "moved": one["reading"] in MOVED}
        for one in told["columns"]
    ]
    return DriftRecord.model_validate({**about, **told, "features": columns})


def _gains(served: Served) -> dict[str, float]:
    engine = served.engine
    if not isinstance(engine.ranker, GbdtRanker):
        return {}
    gains = zip(engine.features.names, engine.ranker.importance().tolist(), strict=True)
    return dict(sorted(gains, key=lambda one: (-one[1], one[0])))


def _history(name: str, notes: list[str]) -> HistoryRecord:
    """The record of champions; empty, and a note, where there is none that can be read."""
    try:
        entries = ledger().entries(name)
    except LedgerError as error:
        log.warning("history_unread", code=error.code, detail=str(error))
        notes.append("the record of champions cannot be read; `matcher history` says why")
        return HistoryRecord(reigns=(), refused=())
    if not entries:
        notes.append(
            f"no bundle named {name} was ever compared; `matcher promote BUNDLE --market DIR` "
            "makes one champion, or says why not"
        )
    return HistoryRecord(
        reigns=tuple(ReignRecord.model_validate(asdict(one)) for one in reigns(entries)),
        refused=tuple(_refused(one) for one in entries if one.event == "refused"),
    )


def _refused(entry: Entry) -> RefusedRecord:
    told = asdict(entry)
    return RefusedRecord.model_validate({one: told[one] for one in RefusedRecord.model_fields})


def _challenger(history: HistoryRecord) -> RefusedRecord | None:
    """As the alias of that name: a version that becomes champion is challenger no longer."""
    if not history.refused:
        return None
    last = history.refused[-1]
    crowned = [
        one
        for one in history.reigns
        if (one.version, one.digest) == (last.version, last.digest) and one.since >= last.at
    ]
    return None if crowned else last

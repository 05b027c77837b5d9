"""MLflow's store and run log: where they are, a silent client, what a training logs.

Runs, versions and aliases live in SQLite and artifacts beside it, both under
`MATCHER_HOME`/mlflow; `MLFLOW_TRACKING_URI` names another place. MLflow takes
seconds to import, so only a function that needs it does; it is told to stay
silent, to send no telemetry and to write nothing into the current folder.

MLflow allows no `@` in the name of a metric: `ndcg@10` is logged as
`ndcg_at_10`, and of a system as `bm25/ndcg_at_10`.
"""

from __future__ import annotations

import hashlib
import math
import os
import sqlite3
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from matcher.errors import RegistryError
from matcher.settings import Settings, home
from matcher.sqlite_file import SQLITE, prepare

if TYPE_CHECKING:
    from mlflow import MlflowClient

MOST_NAMES = 1_000
MEASURES = ("recall@100", "ndcg@10", "mrr")
SILENCE = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRun:
    """What a training logged.

    Attributes:
        parameters: The run file by dotted names, the seed, the digest, `until`.
        figures: Of the fit and of systems, by name.
    """

    run_id: str
    logged_at: datetime
    parameters: Mapping[str, str]
    figures: Mapping[str, float]


@contextmanager
def client(*, remedy: str) -> Iterator[MlflowClient]:
    """A silent client; whatever keeps it from the registry becomes a `RegistryError`."""
    for name, value in SILENCE.items():
        os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
        from sqlalchemy.exc import SQLAlchemyError

        try:
            uri = _uri()
            if uri.startswith(SQLITE):
                prepare(_file(uri), migrate=lambda url: MlflowClient(url).search_experiments())
            yield MlflowClient(tracking_uri=uri)
        except (MlflowException, SQLAlchemyError, sqlite3.Error, OSError) as error:
            reason = str(error).partition("\n")[0]
            raise RegistryError(f"MLflow cannot be used ({reason}); {remedy}") from error


def experiment(mlflow: MlflowClient, name: str) -> str:
    """The id of the experiment; made on first use, its artifacts never in the current folder."""
    found = mlflow.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    served = urlsplit(mlflow.tracking_uri).scheme in {"http", "https", "databricks", "file", ""}
    folder = None if served else (home() / "mlflow" / "artifacts" / name).absolute().as_uri()
    return str(mlflow.create_experiment(name, artifact_location=folder))


def log_figures(
    mlflow: MlflowClient,
    run_id: str,
    *,
    parameters: Mapping[str, object],
    metrics: Mapping[str, float],
) -> None:
    """Log parameters that are known and metrics that are finite."""
    from mlflow.entities import Metric, Param

    now_ms = int(time.time() * 1000)
    mlflow.log_batch(
        run_id,
        metrics=[
            Metric(name.replace("@", "_at_"), float(value), now_ms, 0)
            for name, value in sorted(metrics.items())
            if math.isfinite(value)
        ],
        params=[
            Param(name, str(value))
            for name, value in sorted(parameters.items())
            if value is not None
        ],
    )


def flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, object]:
    """Nested tables as dotted names.

    >>> flat({"name": "a", "ranker": {"rounds": 600}})
    {'name': 'a', 'ranker.rounds': 600}
    """
    out: dict[str, object] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            out |= flat(value, f"{prefix}{name}.")
        else:
            out[f"{prefix}{name}"] = value
    return out


def measures(report: Mapping[str, Any]) -> dict[str, float]:
    """The measures of every system in a report, by `system/measure`."""
    return {
        f"{system}/{measure}": one[measure]
        for system, one in report.get("systems", {}).items()
        for measure in MEASURES
    }


def logged_runs(mlflow: MlflowClient, name: str, *, last: int) -> list[LoggedRun]:
    """The latest runs of an experiment, newest first; none where it does not exist."""
    found = mlflow.get_experiment_by_name(name)
    if found is None:
        return []
    runs = mlflow.search_runs(
        [found.experiment_id], order_by=["attributes.start_time DESC"], max_results=last
    )
    return [
        LoggedRun(
            run_id=str(run.info.run_id),
            logged_at=datetime.fromtimestamp(run.info.start_time / 1000, UTC),
            parameters=dict(sorted(run.data.params.items())),
            figures={
                key.replace("_at_", "@"): float(value)
                for key, value in sorted(run.data.metrics.items())
            },
        )
        for run in runs
    ]


def beside_store(name: str) -> Path:
    """A file of ours that belongs to the store in use, beside it where it is a SQLite file.

    For a server it lies under `MATCHER_HOME`/mlflow, one a server.
    """
    uri = _uri()
    if uri.startswith(SQLITE):
        store = _file(uri)
        return store.with_name(f"{store.stem}-{name}")
    parts = urlsplit(uri)
    place = f"{parts.scheme}://{parts.hostname}:{parts.port}{parts.path}"  # who asks is no part
    return _ours() / f"{hashlib.sha256(place.encode()).hexdigest()[:12]}-{name}"


def _uri() -> str:
    default = SQLITE + (_ours() / "mlflow.db").absolute().as_posix()
    return os.environ.get("MLFLOW_TRACKING_URI") or default


def _ours() -> Path:
    """The folder of MLflow's things, which looking does not make."""
    return Settings().home.expanduser() / "mlflow"


def _file(uri: str) -> Path:
    return Path(uri.removeprefix(SQLITE).partition("?")[0])


def is_there() -> bool:
    """Whether anything can have been logged: a server is named, or the file is there."""
    uri = _uri()
    return not uri.startswith(SQLITE) or _file(uri).exists()


def registered_names() -> tuple[str, ...]:
    """Names under which bundles are registered, in their order; none where there is no registry.

    Raises:
        RegistryError: MLflow cannot be reached.
    """
    if not is_there():
        return ()
    with client(remedy="check MLFLOW_TRACKING_URI and MATCHER_HOME, then try again") as mlflow:
        found = mlflow.search_registered_models(max_results=MOST_NAMES)
        return tuple(sorted(model.name for model in found))

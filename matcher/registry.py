"""MLflow: log a training, publish its bundle, fetch one by alias.

Runs, versions and aliases live in SQLite and artifacts beside it, both under
`MATCHER_HOME`/mlflow; `MLFLOW_TRACKING_URI` names another place. MLflow takes
seconds to import, so only a function that needs it does; it is told to stay
silent, to send no telemetry and to write nothing into the current folder.

MLflow allows no `@` in the name of a metric: `ndcg@10` is logged as
`ndcg_at_10`, and of a system as `bm25/ndcg_at_10`.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sqlite3
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from matcher.directories import replaced
from matcher.errors import BundleError, RegistryError, UsageError
from matcher.run import Run
from matcher.settings import home
from matcher.sqlite_file import SQLITE, prepare

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

MEASURES = ("recall@100", "ndcg@10", "mrr")
SILENCE = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
}
NOT_THERE = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
MANIFEST = "manifest.json"


def log_run(
    bundle: Path,
    *,
    digest: str,
    run: Run,
    seed: int | None,
    figures: Mapping[str, float],
    plots: Path | None = None,
    report: Mapping[str, Any] | None = None,
) -> str:
    """Log a training and register its bundle; the new model version.

    The run file, seed and digest are its parameters, the figures and each system's
    measures in the report its metrics; plots and the whole bundle are its artifacts.

    Raises:
        RegistryError: MLflow cannot be reached; the bundle stays as it was written.
    """
    later = f"the bundle is written to {bundle}; log it later: python -m matcher.registry {bundle}"
    with _client(remedy=later) as client:
        experiment = _experiment(client, run.name)
        logged = client.create_run(experiment, run_name=digest[:12], tags={"digest": digest}).info
        _log_figures(
            client,
            logged.run_id,
            parameters={**_flat(run.model_dump(mode="json")), "seed": seed, "digest": digest},
            metrics={**figures, **_measures(report or {})},
        )
        if report is not None:
            client.log_text(logged.run_id, json.dumps(report, indent=1), "report.json")
        if plots is not None:
            client.log_artifacts(logged.run_id, str(plots), "plots")
        client.log_artifacts(logged.run_id, str(bundle), "bundle")
        _register(client, run.name)
        version = client.create_model_version(
            run.name,
            source=f"{logged.artifact_uri}/bundle",
            run_id=logged.run_id,
            tags={"digest": digest},
        )
        client.set_terminated(logged.run_id)
    return str(version.version)


def publish(bundle: Path, *, seed: int | None = None) -> str:
    """Log a bundle that is already written, from what it says of itself.

    Raises:
        BundleError: It is not a bundle.
        RegistryError: MLflow cannot be reached.
    """
    try:
        run = Run.model_validate_json((bundle / "run.json").read_bytes())
        figures = json.loads((bundle / "metrics.json").read_bytes())
        digest = _digest(bundle)
    except (OSError, ValueError) as error:
        raise BundleError(f"{bundle} is not a bundle ({error}); name a trained bundle") from error
    return log_run(bundle, digest=digest, run=run, seed=seed, figures=figures)


def fetch(
    name: str,
    *,
    alias: Literal["champion", "challenger"] | None = None,
    version: str | int | None = None,
) -> Path:
    """A directory with a registered bundle; the latest version unless one is named.

    It is the registry's own where that is a local folder: open it, never change it.

    Raises:
        UsageError: No such version is registered, or both an alias and a version are named.
        BundleError: What the registry holds is not the bundle that was registered.
        RegistryError: MLflow cannot be reached.
    """
    if alias is not None and version is not None:
        raise UsageError("an alias and a version were both named; name one of them")
    with _client(remedy="check MLFLOW_TRACKING_URI and MATCHER_HOME, then try again") as client:
        found = _version(client, name, alias=alias, version=version)
        bundle = _local(client, found)
    _refuse_other(bundle, found)
    return bundle


def set_alias(name: str, alias: Literal["champion", "challenger"], version: str | int) -> None:
    """Point an alias at a version; a version it pointed at before loses it.

    Raises:
        UsageError: No such version is registered.
        RegistryError: MLflow cannot be reached.
    """
    with _client(remedy="check MLFLOW_TRACKING_URI and MATCHER_HOME, then try again") as client:
        found = _version(client, name, alias=None, version=version)
        client.set_registered_model_alias(name, alias, str(found.version))


def _log_figures(
    client: MlflowClient,
    run_id: str,
    *,
    parameters: Mapping[str, object],
    metrics: Mapping[str, float],
) -> None:
    from mlflow.entities import Metric, Param

    now_ms = int(time.time() * 1000)
    client.log_batch(
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


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, object]:
    """Nested tables as dotted names.

    >>> _flat({"name": "a", "ranker": {"rounds": 600}})
    {'name': 'a', 'ranker.rounds': 600}
    """
    out: dict[str, object] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            out |= _flat(value, f"{prefix}{name}.")
        else:
            out[f"{prefix}{name}"] = value
    return out


def _measures(report: Mapping[str, Any]) -> dict[str, float]:
    return {
        f"{system}/{measure}": one[measure]
        for system, one in report.get("systems", {}).items()
        for measure in MEASURES
    }


def _experiment(client: MlflowClient, name: str) -> str:
    """The id of the experiment; made on first use, its artifacts never in the current folder."""
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    served = urlsplit(client.tracking_uri).scheme in {"http", "https", "databricks", "file", ""}
    folder = None if served else (home() / "mlflow" / "artifacts" / name).absolute().as_uri()
    return str(client.create_experiment(name, artifact_location=folder))


def _register(client: MlflowClient, name: str) -> None:
    if not client.search_registered_models(f"name='{name}'"):
        client.create_registered_model(name)


def _version(
    client: MlflowClient, name: str, *, alias: str | None, version: str | int | None
) -> ModelVersion:
    from mlflow.exceptions import MlflowException

    try:
        if alias is not None:
            return client.get_model_version_by_alias(name, alias)
        if version is not None:
            return client.get_model_version(name, str(version))
        versions = list(client.search_model_versions(f"name='{name}'"))
    except MlflowException as error:
        if error.error_code not in NOT_THERE:
            raise
        versions = []
    if not versions:
        asked = f" {alias or version}" if alias or version else ""
        raise UsageError(
            f"the registry holds no bundle {name!r}{asked}; train one, or name one that "
            "`mlflow ui` shows"
        )
    return max(versions, key=lambda one: int(one.version))


def _local(client: MlflowClient, found: ModelVersion) -> Path:
    """The registry's own folder, or a copy of a remote one, downloaded once and whole."""
    from mlflow.artifacts import download_artifacts

    source = client.get_model_version_download_uri(found.name, str(found.version))
    if urlsplit(source).scheme in {"", "file"}:
        return Path(download_artifacts(source))
    bundle = home() / "bundles" / f"{found.name}-{found.version}"
    if not _is_bundle(bundle) or _digest(bundle) != found.tags.get("digest"):
        with replaced(bundle, what="bundle", force=True, is_ours=_is_bundle) as fresh:
            copy = download_artifacts(source, dst_path=str(fresh), tracking_uri=client.tracking_uri)
            for one in Path(copy).iterdir():
                one.rename(fresh / one.name)
            Path(copy).rmdir()
    return bundle


def _refuse_other(bundle: Path, found: ModelVersion) -> None:
    expected = found.tags.get("digest")
    digest = _digest(bundle) if _is_bundle(bundle) else "none"
    if digest != expected:
        raise BundleError(
            f"version {found.version} of {found.name} was registered with digest {expected}, "
            f"{bundle} has {digest}; fetch another version, or train again"
        )


def _is_bundle(path: Path) -> bool:
    return (path / MANIFEST).is_file()


def _digest(bundle: Path) -> str:
    return hashlib.sha256((bundle / MANIFEST).read_bytes()).hexdigest()


@contextmanager
def _client(*, remedy: str) -> Iterator[MlflowClient]:
    """A silent client; whatever keeps it from the registry becomes a `RegistryError`."""
    for name, value in SILENCE.items():
        os.environ.setdefault(name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from mlflow import MlflowClient
        from mlflow.exceptions import MlflowException
        from sqlalchemy.exc import SQLAlchemyError

        try:
            uri = os.environ.get("MLFLOW_TRACKING_URI") or _default_uri()
            if uri.startswith(SQLITE):
                file = Path(uri.removeprefix(SQLITE).partition("?")[0])
                prepare(file, migrate=lambda url: MlflowClient(url).search_experiments())
            yield MlflowClient(tracking_uri=uri)
        except (MlflowException, SQLAlchemyError, sqlite3.Error, OSError) as error:
            reason = str(error).partition("\n")[0]
            raise RegistryError(f"MLflow cannot be used ({reason}); {remedy}") from error


def _default_uri() -> str:
    return SQLITE + (home() / "mlflow" / "mlflow.db").absolute().as_posix()


if __name__ == "__main__":
    sys.stdout.write(f"version {publish(Path(sys.argv[1]))}\n")

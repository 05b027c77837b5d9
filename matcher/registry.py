"""MLflow's registry of bundles: log a training, publish its bundle, fetch one, move an alias.

An alias is a pointer alone: MLflow keeps no record of where it pointed before.
`succession` moves `champion` and keeps that record.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from matcher.directories import replaced
from matcher.domain import moment_of
from matcher.errors import BundleError, UsageError
from matcher.run import Run
from matcher.settings import home
from matcher.tracking import LoggedRun, client, experiment, flat, log_figures, logged_runs, measures

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

NOT_THERE = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
MANIFEST = "manifest.json"
REMEDY = "check MLFLOW_TRACKING_URI and MATCHER_HOME, then try again"

Alias = Literal["champion", "challenger"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A version of a registered bundle.

    Attributes:
        digest: Of the bundle that was registered; empty where somebody else registered it.
        run_id: The run that logged it, if any.
        aliases: Those that point at it, in their order.
    """

    name: str
    version: str
    digest: str
    run_id: str | None
    aliases: tuple[str, ...]


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
    with client(remedy=later) as mlflow:
        place = experiment(mlflow, run.name)
        logged = mlflow.create_run(place, run_name=digest[:12], tags={"digest": digest}).info
        log_figures(
            mlflow,
            logged.run_id,
            parameters={
                **flat(run.model_dump(mode="json")),
                "seed": seed,
                "until": _until(bundle),
                "digest": digest,
            },
            metrics={**figures, **measures(report or {})},
        )
        if report is not None:
            mlflow.log_text(logged.run_id, json.dumps(report, indent=1), "report.json")
        if plots is not None:
            mlflow.log_artifacts(logged.run_id, str(plots), "plots")
        mlflow.log_artifacts(logged.run_id, str(bundle), "bundle")
        _register(mlflow, run.name)
        version = mlflow.create_model_version(
            run.name,
            source=f"{logged.artifact_uri}/bundle",
            run_id=logged.run_id,
            tags={"digest": digest},
        )
        mlflow.set_terminated(logged.run_id)
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
    alias: Alias | None = None,
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
    with client(remedy=REMEDY) as mlflow:
        found = _version(mlflow, name, alias=alias, version=version)
        bundle = _local(mlflow, found)
    _refuse_other(bundle, found)
    return bundle


def set_alias(name: str, alias: Alias, version: str | int) -> None:
    """Point an alias at a version; a version it pointed at before loses it.

    Raises:
        UsageError: No such version is registered.
        RegistryError: MLflow cannot be reached.
    """
    with client(remedy=REMEDY) as mlflow:
        found = _version(mlflow, name, alias=None, version=version)
        mlflow.set_registered_model_alias(name, alias, str(found.version))


def drop_alias(name: str, alias: Alias) -> None:
    """Let an alias point at nothing.

    Raises:
        RegistryError: MLflow cannot be reached, or knows no such alias.
    """
    with client(remedy=REMEDY) as mlflow:
        mlflow.delete_registered_model_alias(name, alias)


def registered(name: str) -> tuple[Registered, ...]:
    """Every registered version of a bundle, latest first; none where the name is unknown.

    Raises:
        RegistryError: MLflow cannot be reached.
    """
    with client(remedy=REMEDY) as mlflow:
        return _registered(mlflow, name)


def holder(name: str, alias: Alias) -> Registered | None:
    """The version that an alias points at; None for none.

    Raises:
        RegistryError: MLflow cannot be reached.
    """
    return next((one for one in registered(name) if alias in one.aliases), None)


def past_runs(name: str, *, last: int) -> list[tuple[LoggedRun, Registered | None]]:
    """The latest runs, newest first, each with the version that it registered.

    Raises:
        RegistryError: MLflow cannot be reached.
    """
    with client(remedy=REMEDY) as mlflow:
        versions = {one.run_id: one for one in _registered(mlflow, name)}
        return [(run, versions.get(run.run_id)) for run in logged_runs(mlflow, name, last=last)]


def _registered(mlflow: MlflowClient, name: str) -> tuple[Registered, ...]:
    if "'" in name:
        return ()
    models = mlflow.search_registered_models(f"name='{name}'")
    pointing = [pair for model in models for pair in sorted(model.aliases.items())]
    found = mlflow.search_model_versions(f"name='{name}'")
    return tuple(
        Registered(
            name=name,
            version=str(one.version),
            digest=one.tags.get("digest", ""),
            run_id=one.run_id or None,
            aliases=tuple(alias for alias, at in pointing if str(at) == str(one.version)),
        )
        for one in sorted(found, key=lambda one: -int(one.version))
    )


def _register(mlflow: MlflowClient, name: str) -> None:
    if not mlflow.search_registered_models(f"name='{name}'"):
        mlflow.create_registered_model(name)


def _version(
    mlflow: MlflowClient, name: str, *, alias: str | None, version: str | int | None
) -> ModelVersion:
    from mlflow.exceptions import MlflowException

    try:
        if alias is not None:
            return mlflow.get_model_version_by_alias(name, alias)
        if version is not None:
            return mlflow.get_model_version(name, str(version))
        versions = list(mlflow.search_model_versions(f"name='{name}'"))
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


def _local(mlflow: MlflowClient, found: ModelVersion) -> Path:
    """The registry's own folder, or a copy of a remote one, downloaded once and whole."""
    from mlflow.artifacts import download_artifacts

    source = mlflow.get_model_version_download_uri(found.name, str(found.version))
    if urlsplit(source).scheme in {"", "file"}:
        return Path(download_artifacts(source))
    bundle = home() / "bundles" / f"{found.name}-{found.version}"
    if not _is_bundle(bundle) or _digest(bundle) != found.tags.get("digest"):
        with replaced(bundle, what="bundle", force=True, is_ours=_is_bundle) as fresh:
            copy = download_artifacts(source, dst_path=str(fresh), tracking_uri=mlflow.tracking_uri)
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


def _until(bundle: Path) -> str:
    until = json.loads((bundle / MANIFEST).read_bytes()).get("until")
    return "all" if until is None else moment_of(until).isoformat()


def _is_bundle(path: Path) -> bool:
    return (path / MANIFEST).is_file()


def _digest(bundle: Path) -> str:
    return hashlib.sha256((bundle / MANIFEST).read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.stdout.write(f"version {publish(Path(sys.argv[1]))}\n")

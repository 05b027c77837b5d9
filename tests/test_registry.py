"""MLflow's store is made under MATCHER_HOME, and a bundle comes back from it byte for byte."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from matcher.errors import BundleError, RegistryError, UsageError
from matcher.registry import fetch, log_run, publish, set_alias
from matcher.run import Run

pytestmark = pytest.mark.slow  # MLflow takes two seconds to import, and one to make its store


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    directory = tmp_path / "my home"
    monkeypatch.setenv("MATCHER_HOME", str(directory))
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return directory


def a_bundle(folder: Path, *, trees: int = 3, run: Run | None = None) -> tuple[Path, str]:
    folder.mkdir(parents=True)
    manifest = json.dumps({"name": "matcher", "trees": trees}).encode()
    (folder / "manifest.json").write_bytes(manifest)
    (folder / "run.json").write_text((run or Run()).model_dump_json())
    (folder / "metrics.json").write_text(json.dumps({"trees": trees}))
    (folder / "marketplace").mkdir()
    (folder / "marketplace" / "jobs.jsonl").write_text('{"job_id": "j1"}\n')
    return folder, hashlib.sha256(manifest).hexdigest()


def logged(bundle: Path, digest: str, **more) -> str:
    return log_run(bundle, digest=digest, run=Run(), seed=7, figures={"trees": 3}, **more)


def the_run(home: Path):
    from mlflow import MlflowClient

    client = MlflowClient(f"sqlite:///{home}/mlflow/mlflow.db")
    experiment = client.get_experiment_by_name("matcher")
    (run,) = client.search_runs([experiment.experiment_id])
    return client, run


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_a_logged_bundle_comes_back_byte_for_byte(home, tmp_path):
    bundle, digest = a_bundle(tmp_path / "bundle")
    logged(bundle, digest)
    assert contents(fetch("matcher")) == contents(bundle)


def test_nothing_is_printed_or_written_into_the_current_folder(home, tmp_path, capfd):
    logged(*a_bundle(tmp_path / "bundle"))
    assert capfd.readouterr() == ("", "")
    assert list(Path.cwd().iterdir()) == []
    assert [path.name for path in home.iterdir()] == ["mlflow"]


def test_a_run_holds_the_run_file_the_seed_the_digest_and_every_measure(home, tmp_path):
    bundle, digest = a_bundle(tmp_path / "bundle")
    plots = tmp_path / "plots"
    plots.mkdir()
    (plots / "ladder.png").write_bytes(b"png")
    measures = {"recall@100": 0.5, "ndcg@10": 0.25, "mrr": 0.125, "n_jobs": 40}
    logged(bundle, digest, plots=plots, report={"systems": {"bm25": measures}})
    client, run = the_run(home)
    assert run.data.params["ranker.rounds"] == str(Run().ranker.rounds)
    assert run.data.params["seed"] == "7"
    assert run.data.params["digest"] == run.data.tags["digest"] == digest
    assert run.data.metrics == {
        "trees": 3,
        "bm25/recall_at_100": 0.5,
        "bm25/ndcg_at_10": 0.25,
        "bm25/mrr": 0.125,
    }
    kept = {artifact.path for artifact in client.list_artifacts(run.info.run_id)}
    assert kept == {"bundle", "plots", "report.json"}
    assert run.info.status == "FINISHED"


def test_an_alias_moves_from_version_to_version(home, tmp_path):
    first, old = a_bundle(tmp_path / "first", trees=1)
    second, new = a_bundle(tmp_path / "second", trees=2)
    assert (logged(first, old), logged(second, new)) == ("1", "2")
    set_alias("matcher", "champion", 1)
    assert contents(fetch("matcher", alias="champion")) == contents(first)
    set_alias("matcher", "champion", "2")
    assert contents(fetch("matcher", alias="champion")) == contents(second)
    assert contents(fetch("matcher", version=1)) == contents(first)


def test_without_alias_or_version_the_latest_is_fetched(home, tmp_path):
    for trees in range(1, 11):  # version 10 is later than 9, though not in the alphabet
        bundle, digest = a_bundle(tmp_path / str(trees), trees=trees)
        logged(bundle, digest)
    assert contents(fetch("matcher")) == contents(bundle)


@pytest.mark.parametrize("asked", [{"alias": "challenger"}, {"version": 9}])
def test_what_is_not_registered_is_refused_with_what_was_asked(home, tmp_path, asked):
    logged(*a_bundle(tmp_path / "bundle"))
    with pytest.raises(UsageError, match=f"no bundle 'matcher' {next(iter(asked.values()))}"):
        fetch("matcher", **asked)


def test_an_unknown_name_is_refused(home):
    with pytest.raises(UsageError, match="no bundle 'nobody'"):
        fetch("nobody")
    with pytest.raises(UsageError, match="no bundle 'nobody' 1"):
        set_alias("nobody", "champion", 1)


def test_an_alias_and_a_version_at_once_are_refused():
    with pytest.raises(UsageError, match="name one of them"):
        fetch("matcher", alias="champion", version=1)


def test_a_bundle_changed_in_the_registry_is_refused(home, tmp_path):
    logged(*a_bundle(tmp_path / "bundle"))
    (fetch("matcher") / "manifest.json").write_text("{}")
    with pytest.raises(BundleError, match="was registered with digest"):
        fetch("matcher")


@pytest.mark.parametrize("damage", ["a file in the way", "not a database"])
def test_an_unusable_store_says_where_the_bundle_is_and_how_to_log_it(home, tmp_path, damage):
    bundle, digest = a_bundle(tmp_path / "bundle")
    before = contents(bundle)
    if damage == "a file in the way":
        home.write_text("")
    else:
        (home / "mlflow").mkdir(parents=True)
        (home / "mlflow" / "mlflow.db").write_text(damage * 100)
    with pytest.raises(RegistryError, match=f"is written to {bundle}; log it later: python -m"):
        logged(bundle, digest)
    assert contents(bundle) == before


def test_a_server_that_is_not_there_is_an_error_of_the_registry(home, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(RegistryError, match="MLflow cannot be used"):
        logged(*a_bundle(tmp_path / "bundle"))


def test_the_environment_names_another_store_whose_artifacts_stay_at_home(
    home, tmp_path, monkeypatch
):
    elsewhere = tmp_path / "elsewhere" / "runs.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{elsewhere}")
    logged(*a_bundle(tmp_path / "bundle"))
    assert elsewhere.is_file()
    assert fetch("matcher").is_relative_to(home / "mlflow" / "artifacts")
    assert list(Path.cwd().iterdir()) == []


def test_a_bundle_is_logged_later_from_what_it_says_of_itself(home, tmp_path):
    bundle, digest = a_bundle(tmp_path / "bundle", trees=5)
    assert publish(bundle) == "1"
    _, run = the_run(home)
    assert run.data.metrics == {"trees": 5}
    assert run.data.tags["digest"] == digest


def test_a_folder_that_is_not_a_bundle_is_not_published(home, tmp_path):
    with pytest.raises(BundleError, match="is not a bundle"):
        publish(tmp_path)

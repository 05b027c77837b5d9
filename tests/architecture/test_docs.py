"""What exists is documented: commands, features, error codes, settings, keys of a run file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import matcher.client.errors
import matcher.decision_errors
import matcher.erasure_errors  # noqa: F401  (its errors are looked for, too)
import serving.errors  # noqa: F401  (its errors are looked for, too)
from features import FEATURES
from features.signup.catalog import SIGNUP_FEATURES
from matcher import cli
from matcher.domain import Kind
from matcher.errors import MatcherError
from matcher.run import Run, read_run
from matcher.schema import TABLES
from matcher.settings import Settings
from tests.builders import an_engine

ROOT = Path(__file__).parents[2]
HOMES = ("data", "features", "matcher", "serving", "training")
TEXTS = {name: (ROOT / name / "README.md").read_text(encoding="utf-8") for name in HOMES}
EVERYWHERE = "\n".join([(ROOT / "README.md").read_text(encoding="utf-8"), *TEXTS.values()])
ABOUT_SIGNUPS = SIGNUP_FEATURES.features
DEFAULT_RUN = ROOT / "data" / "runs" / "default.toml"


def errors(parent: type[MatcherError] = MatcherError) -> Iterator[type[MatcherError]]:
    for child in parent.__subclasses__():
        yield child
        yield from errors(child)


@pytest.mark.parametrize("name", sorted(cli.command().commands))
def test_every_command_is_in_a_readme(name):
    assert f"matcher {name}" in EVERYWHERE


@pytest.mark.parametrize("name", [one.name for one in (*FEATURES.features, *ABOUT_SIGNUPS)])
def test_every_feature_is_in_the_readme_of_features(name):
    assert f"`{name}`" in TEXTS["features"]


@pytest.mark.parametrize("error", sorted(errors(), key=lambda one: one.code), ids=lambda e: e.code)
def test_every_error_code_is_in_a_readme_and_belongs_to_one_error(error):
    assert f"`{error.code}`" in EVERYWHERE
    assert [one for one in errors() if one.code == error.code] == [error]


@pytest.mark.parametrize("error", sorted(errors(), key=lambda one: one.code), ids=lambda e: e.code)
def test_every_error_has_a_documented_exit_code_and_status(error):
    assert error.exit_code in {1, 2, 3, 4}
    assert 400 <= error.status < 600
    assert error.__doc__


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_a_readme(name):
    assert f"MATCHER_{name.upper()}" in EVERYWHERE


def test_the_default_run_file_names_every_key_with_its_default():
    """A source that is not listed weighs 1, so listing each with 1 changes nothing."""
    sources = an_engine().sources.by_name
    written, default = read_run(DEFAULT_RUN).model_dump(), Run().model_dump()
    assert written["retrieval"].pop("weights") == dict.fromkeys(sources, 1.0)
    assert default["retrieval"].pop("weights") == {}
    assert written == default
    named = tomllib.loads(DEFAULT_RUN.read_text(encoding="utf-8"))
    assert set(named) == set(default)
    for section in ("retrieval", "ranker", "heads", "exploration", "training"):
        assert set(named[section]) - {"weights"} == set(default[section])


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_every_kind_of_event_is_in_the_data_contract(kind):
    assert kind in TEXTS["data"]


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_column_is_in_the_data_contract(table):
    missing = [one.name for one in TABLES[table] if one.name not in TEXTS["data"]]
    assert missing == []

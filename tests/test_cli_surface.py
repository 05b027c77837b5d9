"""What the command offers: names, help, variables, a quick start."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from matcher import cli

HEAVY = (
    "alembic",
    "faiss",
    "fastapi",
    "ir_measures",
    "lightgbm",
    "matplotlib",
    "mlflow",
    "pandas",
    "pandera",
    "pyarrow",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "sqlalchemy",
    "torch",
    "transformers",
    "uvicorn",
)
PROMISED = {
    *("demo", "drift", "simulate", "validate", "train", "evaluate", "rank", "match", "serve"),
    *("promote", "rollback", "history", "runs"),
    *("ingest", "export", "migrate", "decisions", "replay", "erase", "erased"),
    *("explain", "shortlist"),
}
LIGHT = """
import sys
from matcher.cli import command, main
command()
sys.argv = ["matcher", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print("\\n" + " ".join(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def commands() -> dict[str, click.Command]:
    """Every command by name, as mounted."""
    return dict(cli.command().commands)


NAMES = sorted(commands())


# Help


def test_every_promised_command_is_there():
    assert set(NAMES) >= PROMISED


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_an_example(matcher, name):
    said = " ".join(matcher[name, "--help"].split())
    assert f"matcher {name} [OPTIONS]" in said
    assert f"Example: matcher {name}" in said


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_is_for_and_has_a_variable(name):
    options = [one for one in commands()[name].params if one.param_type_name == "option"]
    for option in options:
        long = max(option.opts, key=len).lstrip("-").replace("-", "_").upper()
        assert option.help, (name, option.opts)
        assert option.envvar == f"MATCHER_{long}", (name, option.opts)


@pytest.mark.parametrize(
    "asked", [("--help",), ("train", "--help"), ("serve", "--help"), ("--version",)]
)
def test_help_imports_nothing_heavy(asked, tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", LIGHT, *asked],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    loaded = set(ran.stdout.splitlines()[-1].split())
    assert "matcher" in loaded
    assert loaded.isdisjoint(HEAVY), sorted(loaded.intersection(HEAVY))
    assert list(tmp_path.iterdir()) == []


def test_the_version_is_told(matcher):
    assert matcher["--version",].startswith("matcher 0.")


def test_without_arguments_help_is_shown(matcher):
    ran = matcher()
    assert "Commands:" in ran.out + ran.err

"""The layout is the architecture: floors, homes of libraries, sizes, and what never appears."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("matcher", "features", "training", "serving")
FILES = [file for package in PACKAGES for file in sorted((ROOT / package).rglob("*.py"))]
NAMES = [file.relative_to(ROOT).as_posix() for file in FILES]
MOST_LINES = 300

STORE = "matcher/store"
HOMES = {
    "alembic": {
        f"{STORE}/migration.py",
        f"{STORE}/migrations/env.py",
        f"{STORE}/migrations/versions/rev_0001.py",
        f"{STORE}/migrations/versions/rev_0002.py",
        f"{STORE}/migrations/versions/rev_0003.py",
        f"{STORE}/migrations/versions/rev_0004.py",
        f"{STORE}/migrations/versions/rev_0005.py",
    },
    "anyio": {"serving"},
    "faiss": {"matcher/retrieval/vectors.py"},
    "fastapi": {"serving"},
    "httpx": {"matcher/client/client.py", "matcher/client/wire.py"},
    "huggingface_hub": {"matcher/retrieval/network.py"},
    "ir_measures": {"training/metrics.py"},
    "lightgbm": {"matcher/ranking/classifier.py", "matcher/ranking/gbdt.py"},
    "matplotlib": {"training/canvas.py", "training/plots.py"},
    "mlflow": {"matcher/registry.py", "matcher/tracking.py"},
    "pandera": {"matcher/checks.py"},
    "opentelemetry": {"serving/tracing.py"},
    "openvino": {"matcher/retrieval/runtime.py"},
    "platformdirs": {"matcher/settings.py"},
    "prometheus_client": {"serving/metrics.py"},
    "pydantic_settings": {"matcher/settings.py"},
    "safetensors": {"matcher/retrieval/graph.py", "matcher/retrieval/network.py"},
    "scipy": {"matcher/details/record.py", "matcher/retrieval/lexical.py"},
    "sentence_transformers": {"matcher/retrieval/network.py"},
    "sklearn": {"matcher/ranking/calibration.py"},
    "sqlalchemy": {
        *(f"{STORE}/{one}.py" for one in ("address", "database", "happenings", "ingest")),
        *(f"{STORE}/{one}.py" for one in ("journal", "migration", "records", "store", "tables")),
        *(f"{STORE}/{one}.py" for one in ("vectors", "view", "migrations/versions/rev_0001")),
        *(f"{STORE}/{one}.py" for one in ("keys", "migrations/versions/rev_0002")),
        *(f"{STORE}/{one}.py" for one in ("decisions", "overrides", "past", "since")),
        *(f"{STORE}/{one}.py" for one in ("acts", "discretion", "erased", "erasing", "erasure")),
        *(f"{STORE}/{one}.py" for one in ("redacting", "removing", "timeline", "wiping")),
        f"{STORE}/migrations/versions/rev_0003.py",
        f"{STORE}/migrations/versions/rev_0004.py",
        "matcher/tracking.py",
    },
    "starlette": {"serving"},
    "tokenizers": {"matcher/retrieval/exported.py", "matcher/retrieval/tokens.py"},
    "torch": {"matcher/retrieval/network.py"},
    "transformers": {"matcher/retrieval/network.py"},
    "typer": {
        "matcher/cli.py",
        f"{STORE}/cli.py",
        f"{STORE}/keys_cli.py",
        f"{STORE}/decisions_cli.py",
        f"{STORE}/erasure_cli.py",
        "serving/cli.py",
        "serving/deciding_cli.py",
        "serving/replay_cli.py",
        "training/cli.py",
        "training/debias_cli.py",
        "training/promotion_cli.py",
        "training/screening/cli.py",
    },
    "uvicorn": {"serving/alone.py", "serving/forked.py"},
}
FORBIDDEN_MODULES = {"cPickle", "cloudpickle", "dill", "joblib", "marshal", "pickle", "shelve"}
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
VAGUE = {"utils", "util", "helpers", "common", "manager", "base", "impl", "misc"}


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def called(file: Path) -> Iterator[str]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_every_contract_of_the_import_linter_is_kept():
    ran = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert " 0 broken" in ran.stdout


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_has_one_home(library):
    homes = HOMES[library]
    found = {
        name
        for name, file in zip(NAMES, FILES, strict=True)
        if any(module.partition(".")[0] == library for module in imported(file))
    }
    strangers = {
        name for name in found if name not in homes and name.partition("/")[0] not in homes
    }
    assert strangers == set()
    assert found, f"{library} is not used at all: take it out of this list, and of pyproject.toml"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_small_and_says_what_it_is(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    module = ast.parse(text)
    if module.body:
        assert ast.get_docstring(module), f"{name} opens without a docstring"
    assert not VAGUE.intersection(Path(name).with_suffix("").parts)


def test_nothing_is_pickled_or_evaluated():
    for name, file in zip(NAMES, FILES, strict=True):
        modules = {module.partition(".")[0] for module in imported(file)}
        assert modules.isdisjoint(FORBIDDEN_MODULES), name
        assert FORBIDDEN_CALLS.isdisjoint(called(file)), name
        assert "allow_pickle=True" not in file.read_text(encoding="utf-8"), name


def test_nothing_prints_but_the_command_line():
    printing = {
        name for name, file in zip(NAMES, FILES, strict=True) if "print" in set(called(file))
    }
    assert {name for name in printing if not name.endswith("cli.py")} == set()


def test_nothing_is_left_to_do():
    """Comments alone: a text may well speak of a TODO list."""
    for name, file in zip(NAMES, FILES, strict=True):
        tokens = tokenize.generate_tokens(io.StringIO(file.read_text(encoding="utf-8")).readline)
        comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
        marked = [
            one for one in comments if any(w in one for w in ("TODO", "FIXME", "XXX", "HACK"))
        ]
        assert marked == [], name


def test_packages_re_export_nothing_unasked():
    allowed = {"matcher/__init__.py", "matcher/client/__init__.py", "features/__init__.py"}
    for name, file in zip(NAMES, FILES, strict=True):
        if name.endswith("__init__.py") and name not in allowed:
            assert list(imported(file)) == [], name


def test_no_clock_is_read_where_an_instant_is_an_argument():
    """`now`, `today` and the like belong to entry points: the engine is told when it is."""
    clocks = {"now", "utcnow", "today", "time_ns"}
    pure = ("features/", "matcher/retrieval/", "matcher/ranking/", "training/simulate/")
    kernel = ("engine", "frame", "history", "pairing", "snapshot", "roster", "bundle", "model")
    for name, file in zip(NAMES, FILES, strict=True):
        if not (name.startswith(pure) or name in {f"matcher/{one}.py" for one in kernel}):
            continue
        read = {
            node.func.attr
            for node in ast.walk(tree(file))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert read.isdisjoint(clocks), name


def test_what_shapes_a_column_is_in_the_fingerprint():
    """Every module of ours that the making of a column passes through."""
    from features.catalog import KERNEL_SOURCES

    listed = {
        f"matcher.{source.removesuffix('.py').replace('/', '.')}" for source in KERNEL_SOURCES
    }
    reached, todo = set(), ["matcher.pairing", "matcher.frame"]
    while todo:
        module = todo.pop()
        file = ROOT / f"{module.replace('.', '/')}.py"
        if module in reached or not module.startswith("matcher.") or not file.is_file():
            continue
        reached.add(module)
        todo += imported(file)
    plain = {  # nouns, files and refusals: none computes what a column holds
        "matcher.checks",
        "matcher.directories",
        "matcher.domain",
        "matcher.errors",
        "matcher.marketplace",
        "matcher.outgrown",
        "matcher.ports",
        "matcher.relations",
        "matcher.schema",
        "matcher.violations",
    }
    computing = {one for one in reached - plain if not one.startswith("matcher.tables.")}
    assert computing - listed == set()
    assert all((ROOT / "matcher" / source).is_file() for source in KERNEL_SOURCES)

"""Who does not ask a service does not pay for it."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOADED = "import json, sys; print(json.dumps(sorted({n.partition('.')[0] for n in sys.modules})))"


def loaded(code: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, check=True
    )
    return set(json.loads(ran.stdout))


@pytest.mark.parametrize("code", ["import matcher", "import matcher.cli", "import serving.cli"])
def test_the_library_and_the_commands_come_without_the_client(code):
    assert "httpx" not in loaded(code)


def test_the_client_comes_without_what_computes_a_match():
    heavy = {"faiss", "lightgbm", "pandas", "pyarrow", "scipy", "sqlalchemy", "torch", "fastapi"}
    found = loaded("from matcher.client import MatcherClient")
    assert "httpx" in found
    assert heavy & found == set()

"""What answers requests loads nothing that only training needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

UNNEEDED = {
    "httpx",
    "torch",
    "transformers",
    "sentence_transformers",
    "sklearn",
    "matplotlib",
    "mlflow",
    "ir_measures",
    "openvino_telemetry",
}
LOADED = "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
SERVE = f"""
import json, sys
import typer
from serving import alone, cli
def answer(api, **_):
    from starlette.testclient import TestClient
    body = {{"job": {{"title": "A shop that is slow at checkout"}}, "k": 3}}
    with TestClient(api, base_url="http://localhost") as client:
        found = client.post("/v1/matches", json=body)
        assert found.status_code == 200, found.text
        people = [one["freelancer_id"] for one in found.json()["matches"]]
        while client.get("/readyz").status_code != 200: pass
        assert client.get("/v1/model/report").json()["latency"]
    print(json.dumps(people))
alone.run = answer
try:
    cli.serve(sys.argv[1], port=0)
except typer.Exit as ended:
    assert not ended.exit_code
{LOADED}
"""
MATCH = f"""
import json, sys
from matcher import cli
sys.argv = ["matcher", "match", "A slow checkout", "--bundle", sys.argv[1], "--json"]
try:
    cli.main()
except SystemExit as ended:
    assert not ended.code, ended.code
{LOADED}
"""


def ran(code: str, bundle: Path, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(bundle)],
        env={"MATCHER_HOME": str(home), "HOME": str(home), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.slow
def test_serve_answers_without_what_only_training_needs(shop, tmp_path):
    found = ran(SERVE, shop.bundle, tmp_path)
    assert found.returncode == 0, found.stderr
    people, loaded = map(json.loads, found.stdout.splitlines())
    assert len(people) == 3
    assert {"openvino", "lightgbm", "faiss"} <= set(loaded)
    assert UNNEEDED & set(loaded) == set()


@pytest.mark.slow
def test_match_answers_without_what_only_training_needs(shop, tmp_path):
    found = ran(MATCH, shop.bundle, tmp_path)
    assert found.returncode == 0, found.stderr
    *_, loaded = found.stdout.splitlines()
    assert len(json.loads(found.stdout.removesuffix(loaded + "\n"))["matches"]) == 10
    assert UNNEEDED & set(json.loads(loaded)) == set()

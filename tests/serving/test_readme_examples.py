"""What the READMEs show of the client and of curl is what comes, over a real port."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import uvicorn

from matcher.client import MatcherClient
from matcher.retrieval.default import named_encoder
from matcher.settings import Settings
from matcher.snapshot import Snapshot
from matcher.store.store import Store
from serving.app import create_app
from serving.opening import follower_of
from tests.serving.conftest import a_market, a_model, a_served
from tests.serving.live import until

ROOT = Path(__file__).parents[2]
ADDRESS = "127.0.0.1:8080"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service of the small market over the real encoder and a store, on a free port."""
    market, encoder = a_market(), named_encoder(Settings())
    snapshot = Snapshot.of(market, encoder=encoder)
    model = a_model(snapshot)
    served = replace(
        a_served(market),
        name="matcher",
        engine=model.engine(snapshot, encoder=encoder),
        jobs_engine=model.jobs_engine(snapshot),
        encoder=encoder.digest,
    )
    store = Store.open(f"sqlite:///{tmp_path_factory.mktemp('store') / 'm.db'}")
    follower = follower_of(
        served, store=store, model=model, marketplace=market, wait_s=20.0, poll_s=0.05
    )
    server = uvicorn.Server(
        uvicorn.Config(create_app(follower), host="127.0.0.1", port=0, log_config=None)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started)
        yield f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def ready(address: str) -> str:
    with MatcherClient(f"http://{address}") as client:
        until(client.is_ready)
    return address


def shown(pattern: str, *, readme: str = "README.md") -> tuple[str, str]:
    """An example and its output, as a README has them."""
    (found,) = re.findall(pattern, (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL)
    return found


@pytest.mark.slow
def test_the_client_prints_what_the_readme_shows(ready):
    code, output = shown(r"```python\n(from matcher\.client.*?)```\n```text\n(.*?)```")
    assert ADDRESS in code
    ran = subprocess.run(
        [sys.executable, "-c", code.replace(ADDRESS, ready)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == output


@pytest.mark.slow
@pytest.mark.parametrize("readme", ["README.md", "serving/README.md"])
def test_curl_is_answered_as_the_readme_shows(ready, readme):
    command, output = shown(r"\$ (curl [^\n]*rerank.*?'\n)(\{.*?\})\n```", readme=readme)
    _, _, url, _, header, _, body = shlex.split(command.replace("\\\n", ""))
    name, _, value = header.partition(": ")
    path = url.partition("/")[2]
    found = httpx.post(f"http://{ready}/{path}", content=body, headers={name: value}).json()
    expected = json.loads(output)
    scores = [one.pop("relevance_score") for one in found["results"]]
    known = [one.pop("relevance_score") for one in expected["results"]]
    assert {**found, "id": ""} == {**expected, "id": ""}
    assert scores == pytest.approx(known, abs=0.02)  # processors differ in precision


@pytest.mark.slow
@pytest.mark.parametrize("id_", ["a%2Fb", "..", ".", "a/b", "ü🖋", "100%", "%"])
def test_an_id_of_any_kind_arrives_over_a_real_port(ready, id_):
    with MatcherClient(f"http://{ready}") as client:
        client.put_freelancer(id_, {"title": "Illustrator"})
        assert client.freelancer(id_).freelancer_id == id_
        client.delete_freelancer(id_)

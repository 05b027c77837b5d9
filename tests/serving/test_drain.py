"""`matcher serve` is told to end: what it has begun is answered, what comes new is sent away."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.serving.live import until
from tests.serving.wire import connected, told

BODY = b'{"job": {"title": "A slow shop"}, "k": 3}'
HEAD = (
    "POST /v1/matches HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class Serving:
    """The command in a process of its own, and what it logs."""

    process: subprocess.Popen[bytes]
    port: int
    logged: Path

    @property
    def log(self) -> str:
        return self.logged.read_text(encoding="utf-8")

    def asked(self, path: str) -> tuple[int, str | None]:
        """The status of an answer, 0 where there is none, and the code of a problem."""
        client = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            client.request("GET", path)
            answer = client.getresponse()
            return answer.status, json.loads(answer.read()).get("code")
        except OSError:
            return 0, None
        finally:
            client.close()


@contextmanager
def served(bundle: Path, folder: Path, *options: str, **settings: str) -> Iterator[Serving]:
    """The command, once it is ready."""
    code = "import sys; from matcher.cli import main; sys.argv[0] = 'matcher'; main()"
    port = a_free_port()
    command = [sys.executable, "-c", code, "serve", "--bundle", bundle, "--port", str(port)]
    world = {"MATCHER_HOME": str(folder), "HOME": str(folder), "PYTHONPATH": ":".join(sys.path)}
    world |= {"PATH": os.environ["PATH"], **settings}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, *options],
            env=world,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # so that its workers end with it, whatever happens
        )
    try:
        serving = Serving(process, port, folder / "log")
        until(lambda: serving.asked("/readyz") == (200, None), within_s=60)
        yield serving
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begun(asking: socket.socket) -> None:
    """Begin a request, and wait until the service waits for its body."""
    asking.sendall(HEAD.encode())
    assert asking.recv(1_000).startswith(b"HTTP/1.1 100 ")


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_is_in_flight_is_answered_and_newcomers_are_sent_away(shop, tmp_path, workers):
    with served(shop.bundle, tmp_path, "--workers", workers) as serving:
        with connected(serving.port) as asking:
            begun(asking)
            serving.process.send_signal(signal.SIGTERM)
            until(lambda: serving.asked("/readyz") == (503, "draining"))
            assert serving.asked("/v1/model") == (503, "draining")
            assert serving.asked("/healthz") == (200, None)
            asking.sendall(BODY)
            answer = told(asking)  # to the end: the connection is closed after it
        assert answer.startswith("HTTP/1.1 200 ")
        assert len(json.loads(answer.partition("\r\n\r\n")[2])["matches"]) == 3
        assert serving.process.wait(20) == 0
        assert "Traceback" not in serving.log
        assert serving.log.count(f'"url": "http://127.0.0.1:{serving.port}/"') == 1  # the console
        assert serving.asked("/readyz") == (0, None)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_takes_too_long_is_cut_off_and_idle_connections_hold_nothing_up(
    shop, tmp_path, number
):
    with (
        served(shop.bundle, tmp_path, MATCHER_DRAIN_S="0.1") as serving,
        connected(serving.port) as idle,
        connected(serving.port) as asking,
    ):
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(1_000).startswith(b"HTTP/1.1 200 ")
        begun(asking)
        serving.process.send_signal(number)
        assert serving.process.wait(30) == 0
        assert '"event": "cut_off"' in serving.log

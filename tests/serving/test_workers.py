"""`matcher serve --workers`: several processes over one copy, as good as one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.serving.live import until
from tests.serving.test_drain import Serving, served

pytestmark = pytest.mark.slow


def workers_of(serving: Serving) -> list[int]:
    told = Path(f"/proc/{serving.process.pid}/task/{serving.process.pid}/children")
    return [int(pid) for pid in told.read_text(encoding="utf-8").split()]


def said(serving: Serving, method: str, path: str, body: object = None) -> tuple[int, dict]:
    """An answer over a connection of its own, by whichever worker takes it."""
    client = HTTPConnection("127.0.0.1", serving.port, timeout=20)
    try:
        headers = {"Content-Type": "application/json", "Connection": "close"}
        client.request(method, path, None if body is None else json.dumps(body), headers)
        answer = client.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")
    finally:
        client.close()


def numbers(serving: Serving) -> str:
    client = HTTPConnection("127.0.0.1", serving.port, timeout=20)
    try:
        client.request("GET", "/metrics")
        return client.getresponse().read().decode()
    finally:
        client.close()


def test_any_worker_writes_and_every_worker_follows(shop, tmp_path):
    url = f"sqlite:///{tmp_path / 'm.db'}"
    with served(shop.bundle, tmp_path, "--workers", "2", "--database", url) as serving:
        assert len(workers_of(serving)) == 2
        for n in range(6):
            assert said(serving, "PUT", f"/v1/jobs/n{n}", {"title": f"a poster {n}"})[0] == 201

        def everywhere() -> bool:
            asked = [said(serving, "POST", "/v1/matches", {"job_id": "n5"})[0] for _ in range(12)]
            return set(asked) == {200}

        until(everywhere)
        assert "matcher_snapshot_behind 0.0" in numbers(serving)
        asked = 'matcher_request_seconds_count{route="/v1/matches"} '
        (counted,) = [one for one in numbers(serving).splitlines() if one.startswith(asked)]
        for _ in range(6):
            times = said(serving, "GET", "/v1/model/report")[1]["latency"]["POST /v1/matches"]
            assert times["count"] == float(counted.removeprefix(asked)) >= 12
        serving.process.send_signal(signal.SIGTERM)
        assert serving.process.wait(20) == 0
        assert "Traceback" not in serving.log


def test_a_worker_that_dies_is_replaced_and_an_orphan_ends(shop, tmp_path):
    with served(shop.bundle, tmp_path, "--workers", "2") as serving:
        first = workers_of(serving)
        until(lambda: age_of(first[0]) > 5.2)
        os.kill(first[0], signal.SIGKILL)
        until(lambda: len(set(workers_of(serving)) - set(first)) == 1)
        assert '"event": "worker_lost"' in serving.log
        until(lambda: said(serving, "POST", "/v1/matches", {"job": {"title": "x"}})[0] == 200)
        left = workers_of(serving)
        serving.process.kill()
        until(lambda: not any(is_alive(pid) for pid in left))


def test_workers_that_cannot_live_end_the_service(shop, tmp_path):
    """As where each of them is killed as soon as it starts."""
    with served(shop.bundle, tmp_path, "--workers", "1", "--workers", "2") as serving:
        for pid in workers_of(serving):
            if age_of(pid) < 4:
                os.kill(pid, signal.SIGKILL)
        code = serving.process.wait(30)
    assert code == 1


def test_what_will_not_open_is_refused_before_any_worker_starts(tmp_path):
    code = "import sys; from matcher.cli import main; sys.argv[0] = 'matcher'; main()"
    command = [sys.executable, "-c", code, "serve", "--bundle", tmp_path, "--workers", "2"]
    ended = subprocess.run(
        [*command, "--port", "0"], check=False, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 4
    assert "has no manifest.json" in ended.stderr


def age_of(pid: int) -> float:
    """Seconds since a process was started; without end for one that is gone."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return float("inf")
    started = int(told.rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return float(Path("/proc/uptime").read_text(encoding="utf-8").split()[0]) - started


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False

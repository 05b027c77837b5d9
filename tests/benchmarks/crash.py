"""What a service that is killed keeps, on demand.

    python -m tests.benchmarks.crash --bundle BUNDLE --times 50

Starts `matcher serve` over a SQLite file, writes from three clients, and kills it (SIGKILL) at a
random instant; then starts it again over the same file and looks for every write that was
acknowledged. Each is there, whole, or the run ends with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median

from tests.benchmarks.load import HEADERS, _free_port, _is_ready

CLIENTS = 3


def main() -> int:
    """Kill and look, some times; say what was lost, and how long a start takes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bundle", type=Path, required=True)
    options.add_argument("--times", type=int, default=50)
    chosen = options.parse_args()
    starts: list[float] = []
    acknowledged: dict[str, str] = {}
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(chosen.times):
            process, port, took = _started(chosen.bundle, Path(folder))
            starts.append(took)
            lost += sum(not _is_there(port, path, title) for path, title in acknowledged.items())
            acknowledged = _written_until_killed(process, port, turn)
        process, port, took = _started(chosen.bundle, Path(folder))
        starts.append(took)
        lost += sum(not _is_there(port, path, title) for path, title in acknowledged.items())
        process.kill()
        process.wait()
    print(f"killed {chosen.times} times, {lost} acknowledged writes lost or half-written; ", end="")
    print(f"ready after {median(starts):.1f} s (median), {max(starts):.1f} s at most")
    return 1 if lost else 0


def _started(bundle: Path, folder: Path) -> tuple[subprocess.Popen[bytes], int, float]:
    port, started = _free_port(), time.monotonic()
    code = "import sys; from matcher.cli import main; sys.argv[0] = 'matcher'; main()"
    command = [sys.executable, "-c", code, "serve", "--bundle", str(bundle), "--port", str(port)]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*command, "--database", f"sqlite:///{folder}/m.db"], stdout=log, stderr=log
        )
    while not _is_ready(port):
        if process.poll() is not None:
            sys.exit((folder / "log").read_text(encoding="utf-8")[-3000:])
        time.sleep(0.05)
    return process, port, time.monotonic() - started


def _written_until_killed(process: subprocess.Popen[bytes], port: int, turn: int) -> dict[str, str]:
    """The path and the title of every write that was acknowledged."""
    acknowledged: dict[str, str] = {}
    ended = threading.Event()

    def writing(number: int) -> None:
        client = HTTPConnection("127.0.0.1", port, timeout=30)
        count = 0
        while not ended.is_set():
            count += 1
            id_ = f"k{turn}-{number}-{count}"
            kind = "freelancers" if count % 3 else "jobs"
            body = {"title": f"title of {id_} " + "word " * 50}
            try:
                client.request("PUT", f"/v1/{kind}/{id_}", json.dumps(body), HEADERS)
                answer = client.getresponse()
                answer.read()
                if answer.status == 201:
                    acknowledged[f"/v1/{kind}/{id_}"] = body["title"].strip()
                if count % 5 == 0:
                    _event(client, id_, kind)
            except (OSError, HTTPException):
                return

    threads = [threading.Thread(target=writing, args=(n,)) for n in range(CLIENTS)]
    for one in threads:
        one.start()
    time.sleep(random.uniform(0.05, 1.5))  # noqa: S311  (no secret)
    os.kill(process.pid, signal.SIGKILL)
    ended.set()
    for one in threads:
        one.join()
    process.wait()
    return acknowledged


def _event(client: HTTPConnection, id_: str, kind: str) -> None:
    if kind != "freelancers":
        return
    event = {"event_id": f"e-{id_}", "at": datetime.now(UTC).isoformat(), "kind": "viewed"}
    event |= {"job_id": "unknown", "freelancer_id": id_}
    client.request("POST", "/v1/events", json.dumps(event), HEADERS)
    client.getresponse().read()


def _is_there(port: int, path: str, title: str) -> bool:
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        client.request("GET", path)
        answer = client.getresponse()
        return answer.status == 200 and json.loads(answer.read())["title"].strip() == title
    finally:
        client.close()


if __name__ == "__main__":
    sys.exit(main())

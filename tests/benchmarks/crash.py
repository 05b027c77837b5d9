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
EVENT = "an event"


def main() -> int:
    """Kill and look, some times; say what was lost, and how long a start takes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bundle", type=Path, required=True)
    options.add_argument("--times", type=int, default=50)
    chosen = options.parse_args()
    starts: list[float] = []
    acknowledged: dict[str, str] = {}
    lost = kept = 0
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(chosen.times):
            process, port, took = _started(chosen.bundle, Path(folder))
            starts.append(took)
            lost += sum(not _is_there(port, path, title) for path, title in acknowledged.items())
            acknowledged = _written_until_killed(process, port, turn)
            kept += len(acknowledged)
        process, port, took = _started(chosen.bundle, Path(folder))
        starts.append(took)
        lost += sum(not _is_there(port, path, title) for path, title in acknowledged.items())
        process.kill()
        process.wait()
    print(f"killed {chosen.times} times, {lost} of {kept:,} acknowledged writes lost ", end="")
    print("or half-written; ", end="")
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
    """Every write that was acknowledged: a path and a title, or an event."""
    acknowledged: dict[str, str] = {}
    ended = threading.Event()

    def writing(number: int) -> None:
        client, count = HTTPConnection("127.0.0.1", port, timeout=30), 0
        while not ended.is_set():
            count += 1
            try:
                _write(client, f"k{turn}-{number}", count, acknowledged)
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


def _write(client: HTTPConnection, name: str, count: int, acknowledged: dict[str, str]) -> None:
    """A record, every third a job, and an application for the first job; note each that is kept."""
    id_, kind = f"{name}-{count}", "freelancers" if count % 3 else "jobs"
    path = f"/v1/{kind}/{id_}"
    title = f"title of {id_} " + "word " * 50
    client.request("PUT", path, json.dumps({"title": title}), HEADERS)
    answer = client.getresponse()
    answer.read()
    if answer.status == 201:
        acknowledged[path] = title.strip()
    if kind == "freelancers" and count > 3:
        event = _event(id_, job=f"{name}-3")
        if _accepted(client, event) == "accepted":
            acknowledged[json.dumps(event)] = EVENT


def _event(freelancer: str, *, job: str) -> dict[str, str]:
    at = datetime.now(UTC).isoformat()
    about = {"job_id": job, "freelancer_id": freelancer}
    return {"event_id": f"e-{freelancer}", "at": at, "kind": "applied", **about}


def _accepted(client: HTTPConnection, event: dict[str, str]) -> str:
    """What became of an event."""
    client.request("POST", "/v1/events", json.dumps(event), HEADERS)
    return str(json.loads(client.getresponse().read())["verdicts"][0]["status"])


def _is_there(port: int, what: str, title: str) -> bool:
    """Whether a record is as it was written, or an event is known when it is sent again."""
    client = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        if title == EVENT:
            return _accepted(client, json.loads(what)) == "duplicate"
        client.request("GET", what)
        answer = client.getresponse()
        return answer.status == 200 and json.loads(answer.read())["title"].strip() == title
    finally:
        client.close()


if __name__ == "__main__":
    sys.exit(main())

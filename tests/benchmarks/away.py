"""What a service does while its database is gone, on demand.

    python -m tests.benchmarks.away --bundle BUNDLE --seconds 30

Over a PostgreSQL server of its own, which is stopped for so long under load and started again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path

from tests.benchmarks.load import HEADERS, _free_port, _is_ready
from tests.postgres import running


def main() -> None:
    """Ask and write; stop the database; start it; say what was answered when."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bundle", type=Path, required=True)
    options.add_argument("--seconds", type=float, default=30.0)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, running() as server:
        port = _free_port()
        code = "import sys; from matcher.cli import main; sys.argv[0] = 'matcher'; main()"
        command = [sys.executable, "-c", code, "serve", "--bundle", str(chosen.bundle)]
        command += ["--port", str(port), "--database", server.new_schema()]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        while not _is_ready(port):
            if process.poll() is not None:
                sys.exit((Path(folder) / "log").read_text(encoding="utf-8")[-3000:])
            time.sleep(0.1)
        phase, ended = ["before"], threading.Event()
        reads: Counter[tuple[str, int, bool]] = Counter()
        writes: Counter[tuple[str, int]] = Counter()
        threads = [
            threading.Thread(target=_reading, args=(port, phase, reads, ended)),
            threading.Thread(target=_writing, args=(port, phase, writes, ended)),
        ]
        for one in threads:
            one.start()
        time.sleep(5)
        server.stop()
        phase[0] = "away"
        time.sleep(chosen.seconds)
        phase[0] = "coming back"
        server.start()
        back = time.monotonic()
        while not _is_ready(port):
            time.sleep(0.05)
        print(f"ready {time.monotonic() - back:.1f} s after the database")
        phase[0] = "after"
        time.sleep(5)
        ended.set()
        for one in threads:
            one.join()
        print("reads by (phase, status, warned):", dict(reads))
        print("writes by (phase, status):", dict(writes))
        process.kill()
        process.wait()


def _reading(
    port: int, phase: list[str], reads: Counter[tuple[str, int, bool]], ended: threading.Event
) -> None:
    while not ended.is_set():
        client, now = HTTPConnection("127.0.0.1", port, timeout=60), phase[0]
        client.request("POST", "/v1/matches", '{"job": {"title": "a poster"}, "k": 3}', HEADERS)
        answer = client.getresponse()
        warned = b"the database is away" in answer.read()
        if now == phase[0]:
            reads[now, answer.status, warned] += 1
        client.close()


def _writing(
    port: int, phase: list[str], writes: Counter[tuple[str, int]], ended: threading.Event
) -> None:
    number = 0
    while not ended.is_set():
        number += 1
        client, now = HTTPConnection("127.0.0.1", port, timeout=60), phase[0]
        client.request("PUT", f"/v1/jobs/n{number}", json.dumps({"title": "a poster"}), HEADERS)
        answer = client.getresponse()
        answer.read()
        if now == phase[0]:
            writes[now, answer.status] += 1
        client.close()
        time.sleep(0.05)


if __name__ == "__main__":
    main()

"""How many events a second the service takes over HTTP, on demand.

    python -m tests.benchmarks.events --bundle BUNDLE

NDJSON in batches, from one client, into a SQLite file; lists follow meanwhile. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from tests.benchmarks.crash import _started
from tests.benchmarks.load import HEADERS


def main() -> None:
    """Send batches, and say how fast they were taken."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--bundle", type=Path, required=True)
    options.add_argument("--batch", type=int, default=4_000)
    options.add_argument("--batches", type=int, default=25)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        process, port, _ = _started(chosen.bundle, Path(folder))
        client = HTTPConnection("127.0.0.1", port, timeout=120)
        for path, body in (("jobs/j", {"title": "a poster"}), ("freelancers/f", {"title": "ink"})):
            client.request("PUT", f"/v1/{path}", json.dumps(body), HEADERS)
            client.getresponse().read()
        started = time.perf_counter()
        for batch in range(chosen.batches):
            at = datetime.now(UTC).isoformat()
            lines = "\n".join(
                f'{{"event_id":"b{batch}-{n}","at":"{at}","kind":"viewed","job_id":"j",'
                '"freelancer_id":"f"}'
                for n in range(chosen.batch)
            )
            client.request("POST", "/v1/events", lines, {"Content-Type": "application/x-ndjson"})
            told = json.loads(client.getresponse().read())
            if told["accepted"] != chosen.batch:
                raise SystemExit(f"{told['accepted']} of {chosen.batch} were accepted")
        took = time.perf_counter() - started
        print(f"{chosen.batch * chosen.batches / took:,.0f} events a second over HTTP", end=" ")
        print(f"({chosen.batches} batches of {chosen.batch})")
        process.kill()
        process.wait()


if __name__ == "__main__":
    main()

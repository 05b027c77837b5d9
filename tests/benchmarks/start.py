"""How long `matcher serve` takes until it is ready, and what it then holds.

python -m tests.benchmarks.start --bundle BUNDLE [--times 3]

Each line is one process: seconds until `/readyz` answers 200, and resident MiB after it.
"""

from __future__ import annotations

import argparse
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE_S = 300


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def started(bundle: Path) -> tuple[float, int]:
    """Seconds until ready, and resident MiB then."""
    port = free_port()
    command = ["-m", "matcher.cli", "serve", "--bundle", str(bundle), "--port", str(port)]
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, *command], stderr=subprocess.PIPE) as process:
        try:
            while not is_ready(port):
                if process.poll() is not None:
                    sys.exit(process.stderr.read().decode() if process.stderr else "it ended")
                if time.perf_counter() - began > PATIENCE_S:
                    sys.exit(f"not ready within {PATIENCE_S} s")
                time.sleep(0.02)
            took = time.perf_counter() - began
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            found = re.search(r"VmRSS:\s+(\d+) kB", status)
            return took, int(found.group(1)) // 1024 if found else 0
        finally:
            process.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    for _ in range(options.times):
        took, resident = started(options.bundle)
        print(f"ready in {took:.2f} s, {resident} MiB", flush=True)


if __name__ == "__main__":
    main()

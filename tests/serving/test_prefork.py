"""A worker that is told to end before it serves."""

from __future__ import annotations

import signal
import subprocess
import sys

LOADING = """
import time
from functools import partial
from serving.forked import _serve
from serving.prefork import Workers

class Shared:
    def current(self):
        print("loads", flush=True)
        while True:
            try:
                time.sleep(60)
            except BaseException:  # as libraries do that are being imported
                pass

raise SystemExit(Workers(partial(_serve, Shared(), None, last_s=1), count=2).run())
"""


def test_a_worker_that_still_loads_ends_whatever_swallows_exceptions():
    command = [sys.executable, "-c", LOADING]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        try:
            for _ in range(2):
                assert parent.stdout.readline() == "loads\n"
            parent.send_signal(signal.SIGTERM)
            assert parent.wait(10) == 0
        finally:
            parent.kill()

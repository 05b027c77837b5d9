"""Several processes that answer over one copy of what is large.

The parent opens the bundle and takes in the store, and is then forked: vectors, indexes, columns
and records lie in memory once, and a worker adds what comes later. The parent itself starts no
thread, for those would be missing in its children: an encoder is loaded by each worker, and what
must be encoded before the fork is encoded by a process that ends.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from time import monotonic
from types import FrameType

import structlog

from matcher.errors import UsageError

SHORTEST_LIFE_S = 5.0  # a worker that ends sooner would only end again
SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger(__name__)

Work = Callable[[], int]


def apart(work: Callable[[], object]) -> None:
    """Do some work in a process of its own, and wait for it.

    Raises:
        RuntimeError: It failed, and has said why.
    """

    def whole() -> int:
        work()
        return 0

    code = os.waitstatus_to_exitcode(os.waitpid(_forked(whole), 0)[1])
    if code:
        raise RuntimeError(f"a process that prepares the others ended with {code}")


class Workers:
    """Processes that do the same work, kept at their number until they are told to end.

    Args:
        work: What each does; its value is the exit code.
        count: How many.
    """

    def __init__(self, work: Work, *, count: int) -> None:
        self._work, self._count = work, count
        self._born: dict[int, float] = {}
        self._is_ending, self._failed = False, 0
        self._alive = os.pipe()  # nobody writes: it reads as ended once the parent is gone

    def run(self) -> int:
        """Start them, and return once all have ended: 0, or the code of one that could not live."""
        gc.collect()
        gc.freeze()  # what is there now stays shared: no collection in a worker writes into it
        before = {one: signal.signal(one, self._end) for one in SIGNALS}
        try:
            for _ in range(self._count):
                self._start()
            while self._born:
                self._lost(*os.waitpid(-1, 0))
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
            for end in self._alive:
                os.close(end)
        return self._failed

    def _start(self) -> None:
        pid = _forked(self._alone)
        self._born[pid] = monotonic()
        if self._is_ending:  # told so while it was born
            os.kill(pid, signal.SIGTERM)

    def _alone(self) -> int:
        """The work in a worker, which ends if its parent does."""
        reads, writes = self._alive
        os.close(writes)
        Thread(target=_end_with, args=(reads,), name="orphan", daemon=True).start()
        return self._work()

    def _lost(self, pid: int, status: int) -> None:
        """A worker has ended: start another one, unless that is what is wanted or of no use."""
        born = self._born.pop(pid, None)
        if born is None or self._is_ending:
            return
        code = os.waitstatus_to_exitcode(status)
        log.error("worker_lost", pid=pid, exit_code=code)
        if monotonic() - born < SHORTEST_LIFE_S:
            self._failed = code if code > 0 else 1
            self._end(signal.SIGTERM, None)
            return
        self._start()

    def _end(self, _: int, __: FrameType | None) -> None:
        """Tell them to end: by SIGTERM, for Ctrl-C in a terminal has reached them already."""
        self._is_ending = True
        for pid in self._born:
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(pid, signal.SIGTERM)


def listening(host: str, port: int) -> socket.socket:
    """A socket that every worker accepts from.

    Raises:
        UsageError: This system cannot fork.
    """
    if not hasattr(os, "fork"):
        raise UsageError("several workers need a system that can fork; serve with --workers 1")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((host, port))
    sock.set_inheritable(True)
    return sock


def _end_with(reads: int) -> None:
    os.read(reads, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _forked(work: Work) -> int:
    """The id of a process that does some work and ends, whatever happens.

    Until the work says otherwise SIGTERM ends it outright: an exception in its place is lost
    where it meets a library that swallows it, as while one is imported.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # else the parent's handlers run
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        return pid
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        code = work()
    except Exception:  # the top of a process: nobody above could report it
        log.exception("worker_failed", code="internal-error")
    except KeyboardInterrupt:
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

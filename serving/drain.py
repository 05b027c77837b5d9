"""The end of a service: what it has begun is finished, what comes new is sent elsewhere.

A server that is told to end closes its port at once, and whoever asks then learns nothing. So the
signal is kept from it while requests are in flight: meanwhile `/readyz` is red and newcomers get
503 `draining`. Then the server gets its signal, and ends.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.errors import answer_to
from serving.refusals import DrainingError

SIGNALS = (signal.SIGTERM, signal.SIGINT)
STILL_ANSWERED = frozenset({"/healthz", "/metrics"})
UNCOUNTED = STILL_ANSWERED | {"/readyz"}

log = structlog.get_logger(__name__)


class Drain:
    """Counts what is in flight; used from one event loop, and from signal handlers.

    Args:
        longest_s: How long requests in flight may take after the signal.
    """

    def __init__(self, *, longest_s: float) -> None:
        self._longest_s = longest_s
        self._in_flight = 0
        self._nothing_left = asyncio.Event()
        self._leaving: asyncio.Task[None] | None = None
        self.has_begun = False

    @contextmanager
    def counted(self) -> Iterator[None]:
        """One request, from beginning to end."""
        self._in_flight += 1
        try:
            yield
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._nothing_left.set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Within, a signal to end begins the drain, and reaches the server when it is over.

        Nothing is watched outside the main thread, where Python hears no signals.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.getsignal(one) for one in SIGNALS}
        heard = {one: server for one, server in before.items() if callable(server)}
        loop = asyncio.get_running_loop()

        def noticed(number: int, frame: FrameType | None) -> None:
            end = partial(heard[signal.Signals(number)], number, frame)
            if not self.has_begun:
                self.has_begun = True
                loop.call_soon_threadsafe(self._leave, end)
            elif number == signal.SIGINT:
                end()  # asked for twice: it is urgent

        for one in heard:
            signal.signal(one, noticed)
        try:
            yield
        finally:
            for one, server in heard.items():
                signal.signal(one, server)

    def _leave(self, end: Callable[[], object]) -> None:
        self._leaving = asyncio.ensure_future(self._finish(end))

    async def _finish(self, end: Callable[[], object]) -> None:
        try:
            log.info("draining", in_flight=self._in_flight)
            if self._in_flight:
                self._nothing_left.clear()
                await asyncio.wait_for(self._nothing_left.wait(), self._longest_s)
        except TimeoutError:
            log.warning("cut_off", in_flight=self._in_flight)
        finally:
            end()  # whatever happens, a log that cannot be written included


class Draining:
    """Counts each request, and refuses those that come once the service drains."""

    def __init__(self, app: ASGIApp, *, drain: Drain) -> None:
        self._app, self._drain = app, drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        path = scope.get("path", "")
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif self._drain.has_begun and path not in STILL_ANSWERED:
            await answer_to(DrainingError(), instance=path)(scope, receive, send)
        elif path in UNCOUNTED:
            await self._app(scope, receive, send)
        else:
            with self._drain.counted():
                await self._app(scope, receive, send)

"""No request waits for ever: past a time limit it is answered 503, and its work let go.

What still waits in a line is taken out of it. What a thread has begun is finished there, unseen,
for a thread cannot be stopped: a write is whole or not at all, and the thread counts as busy until
then, so that no more than may be are at work.
"""

from __future__ import annotations

import asyncio

import structlog
from anyio import CancelScope
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import answer_to
from serving.refusals import RequestTimeoutError

UNHURRIED = frozenset({"/v1/model/reload"})  # opens a bundle, however large it is

log = structlog.get_logger(__name__)


class Deadline:
    """Answers in place of what takes too long.

    Args:
        within_s: How long an answer may take.
    """

    def __init__(self, app: ASGIApp, *, within_s: float) -> None:
        self._app, self._within_s = app, within_s
        self._let_go: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in UNHURRIED:
            await self._app(scope, receive, send)
            return
        answering = _Answering(send)
        limit = CancelScope()

        async def work() -> None:
            with limit:
                await self._app(scope, receive, answering.send)

        task = asyncio.ensure_future(work())
        try:
            await asyncio.wait({task}, timeout=self._within_s)
            if answering.has_begun or task.done():
                await task
                return
        except asyncio.CancelledError:  # the server ends, and waits no longer
            limit.cancel()
            raise
        answering.is_over = True
        limit.cancel()
        self._let_go.add(task)
        task.add_done_callback(self._done)
        error = RequestTimeoutError(self._within_s)
        await answer_to(error, instance=scope["path"])(scope, receive, send)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._let_go.discard(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            log.error("let_go_failed", code="internal-error", exc_info=failure)


class _Answering:
    """Passes an answer on, until somebody else has answered."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = self.is_over = False

    async def send(self, message: Message) -> None:
        if not self.is_over:
            self.has_begun = True
            await self._send(message)

"""Around every request: it is counted, its body is bounded, and a bug answers as one."""

from __future__ import annotations

from time import perf_counter

import structlog
from anyio import move_on_after
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.errors import answer_to, problem
from serving.metrics import Metrics
from serving.refusals import SlowBodyError

UNROUTED = "unrouted"
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})

log = structlog.get_logger(__name__)


class Observed:
    """Counts and logs each request; an unexpected exception becomes a problem and a traceback."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:  # an entry point: what comes this far is a bug
            log.exception("request_failed", code="internal-error", route=route_of(scope))
            if not status:
                answer = problem(
                    500, detail="the log of the service says more", instance=scope["path"]
                )
                await answer(scope, receive, noting)
        seconds, route = perf_counter() - started, route_of(scope)
        if not status:  # whoever asked went away, or the server waits no longer
            log.info("request_cut", route=route, took_ms=round(seconds * 1000, 3))
            return
        self._metrics.count_request(route=route, status=status, seconds=seconds)
        if route not in QUIET:
            key = {"key": key_id} if (key_id := scope.get("state", {}).get("key_id")) else {}
            log.info("request", route=route, status=status, took_ms=round(seconds * 1000, 3), **key)


class BoundedBody:
    """Refuses a body over a size, or slow to come, before anything reads it.

    Args:
        most_bytes: The size, whether or not the body says its length.
        within_s: How long all of it may take. Of one that is cut off nothing goes on.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int, within_s: float) -> None:
        self._app, self._most_bytes, self._within_s = app, most_bytes, within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "")
        too_large = declared.isdecimal() and float(declared) > self._most_bytes
        messages: list[Message] = []
        size, more = 0, not too_large
        with move_on_after(self._within_s):
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                messages.append(message)
                size += len(message.get("body", b""))
                too_large = size > self._most_bytes
                more = message.get("more_body", False) and not too_large
        if more:
            slow = SlowBodyError(self._within_s)
            await answer_to(slow, instance=scope["path"])(scope, receive, send)
            return
        if too_large:
            said = f"the body has more than {self._most_bytes:,} bytes; send less"
            await problem(413, detail=said, instance=scope["path"])(scope, receive, send)
            return
        replayed = iter(messages)

        async def replay() -> Message:
            message = next(replayed, None)
            return await receive() if message is None else message

        await self._app(scope, replay, send)


def route_of(scope: Scope) -> str:
    """The template of the route that answered, never the path: it may hold an id."""
    return str(getattr(scope.get("route"), "path", UNROUTED))

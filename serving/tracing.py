"""Traces for OpenTelemetry, where an endpoint is set: a span a request, and one a stage in it.

They hold route, method, status and times: no path, query, text, address or id of anybody. FastAPI's
own spans would hold some of these, so they stay off, and this provider is nobody else's.

Source: OpenTelemetry, Semantic Conventions for HTTP Spans; W3C Trace Context, for a caller's own
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from importlib.metadata import version
from importlib.util import find_spec
from time import time_ns
from typing import TYPE_CHECKING

from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from matcher.errors import UsageError
from serving.middleware import QUIET, route_of
from serving.schemas import Timings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
NEEDED = ("opentelemetry.sdk.trace", "opentelemetry.exporter.otlp.proto.http.trace_exporter")
STAGES = ("encode", "retrieve", "features", "rank", "rerank")
FLUSH_MS = 2_000
_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})

_noted: ContextVar[list[tuple[int, Timings]] | None] = ContextVar("noted", default=None)


def note(took_ms: Timings) -> None:
    """Say how long the stages of a match took that ends now; unheard where nothing is traced."""
    noted = _noted.get()
    if noted is not None:
        noted.append((time_ns(), took_ms))


def check_installed(environment: Mapping[str, str]) -> bool:
    """Whether traces are asked for.

    Raises:
        UsageError: They are, and what sends them is not installed.
    """
    if not environment.get(ENDPOINT):
        return False
    for module in NEEDED:
        try:
            found = find_spec(module)
        except ModuleNotFoundError:  # a package above it is not there
            found = None
        if found is None:
            raise UsageError(
                f"{ENDPOINT} is set, and {module.rpartition('.')[0]}, which would send traces "
                "there, is not installed; run `pip install 'matcher[tracing]'`, or unset it"
            )
    return True


class Tracing:
    """Where spans go; the environment says where, by the variables of OpenTelemetry.

    Args:
        processor: Takes every span that has ended.
    """

    def __init__(self, processor: SpanProcessor) -> None:
        from opentelemetry.sdk.resources import OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider

        named = Resource({"service.name": "matcher", "service.version": version("matcher")})
        told = OTELResourceDetector().detect()  # OTEL_SERVICE_NAME has the last word
        self._provider = TracerProvider(resource=named.merge(told), shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self.tracer = self._provider.get_tracer("matcher")

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Tracing | None:
        """To the endpoint of the environment, in the background; None where it names none.

        Raises:
            UsageError: What sends traces is not installed.
        """
        if not check_installed(environment):
            return None
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        return cls(BatchSpanProcessor(OTLPSpanExporter()))

    def end(self) -> None:
        """Send what is left, if that goes quickly."""
        self._provider.force_flush(FLUSH_MS)
        self._provider.shutdown()


class Traced:
    """Makes a span of each request but those of supervisors, a caller's own span above it."""

    def __init__(self, app: ASGIApp, *, tracing: Tracing) -> None:
        self._app, self._tracing = app, tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in QUIET:
            await self._app(scope, receive, send)
            return
        started, status = time_ns(), 0
        noted: list[tuple[int, Timings]] = []
        token = _noted.set(noted)

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            _noted.reset(token)
            self._record(scope, noted, started=started, status=status)

    def _record(
        self, scope: Scope, noted: list[tuple[int, Timings]], *, started: int, status: int
    ) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        route = route_of(scope)
        parent = TraceContextTextMapPropagator().extract(dict(Headers(scope=scope)))
        span = self._tracing.tracer.start_span(
            f"{method} {route}",
            context=parent,
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method, "http.route": route},
            start_time=started,
        )
        if status:
            span.set_attribute("http.response.status_code", status)
        if status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        within = set_span_in_context(span)
        for ended, took_ms in noted:
            at = ended - int(took_ms.total * 1e6)
            for stage in STAGES:
                until = at + int(getattr(took_ms, stage) * 1e6)
                child = self._tracing.tracer.start_span(stage, context=within, start_time=at)
                child.end(until)
                at = until
        span.end()

"""What a supervisor asks: alive, ready, and in numbers."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from matcher.errors import NotReadyError
from serving.current import Current
from serving.errors import documented
from serving.filters import Closed
from serving.metrics import CONTENT_TYPE, Metrics
from serving.warmth import Warmth


class Liveness(Closed):
    """The process answers."""

    status: str


def router(warmth: Warmth, *, current: Current, metrics: Metrics) -> APIRouter:
    """The routes over a warmth, what answers and the metrics."""
    routes = APIRouter()

    @routes.get("/healthz", summary="Alive", response_model=Liveness, responses=documented(500))
    async def alive() -> Liveness:
        """200 as long as the process answers at all."""
        return Liveness(status="alive")

    @routes.get(
        "/readyz",
        summary="Ready",
        response_model=Liveness,
        responses=documented(500, http_503="Not warm yet, or the database is away (`not-ready`)"),
    )
    async def ready() -> Liveness:
        """200 once a first, silent match was made; before, and with the database away, 503."""
        if not warmth.is_ready:
            raise NotReadyError(warmth.state)
        if current.trouble:
            raise NotReadyError(f"{current.trouble}; reads are answered from what was known before")
        return Liveness(status="ready")

    @routes.get(
        "/metrics",
        summary="Numbers for Prometheus",
        response_class=PlainTextResponse,
        responses=documented(500),
    )
    def numbers() -> Response:
        """Requests, stages, pool and model in Prometheus' text format."""
        return Response(metrics.exposition(), headers={"Content-Type": CONTENT_TYPE})

    return routes

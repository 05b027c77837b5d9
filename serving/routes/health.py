"""What a supervisor asks: alive, ready, and in numbers."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from matcher.errors import NotReadyError
from serving.errors import documented
from serving.metrics import CONTENT_TYPE, Metrics
from serving.schemas import Liveness
from serving.warmth import Warmth


def router(warmth: Warmth, *, metrics: Metrics) -> APIRouter:
    """The routes over a warmth and its metrics."""
    routes = APIRouter()

    @routes.get("/healthz", summary="Alive", response_model=Liveness, responses=documented(500))
    async def alive() -> Liveness:
        """200 as long as the process answers at all."""
        return Liveness(status="alive")

    @routes.get(
        "/readyz",
        summary="Ready",
        response_model=Liveness,
        responses=documented(500, http_503="Not warm yet (`not-ready`)"),
    )
    async def ready() -> Liveness:
        """200 once a first, silent match has been made; until then 503."""
        if not warmth.is_ready:
            raise NotReadyError(warmth.state)
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

"""`GET /v1/model`: which model answers, and what it was trained on."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from serving.errors import documented
from serving.schemas import ModelCard
from serving.service import Served


def router(served: Served) -> APIRouter:
    """The route; its answer is fixed while the process lives."""
    routes = APIRouter()
    body = served.card().model_dump_json()

    @routes.get(
        "/v1/model",
        summary="The model served",
        response_model=ModelCard,
        responses=documented(500),
    )
    async def model() -> Response:
        """Name, version, digest, and what the training measured."""
        return Response(body, media_type="application/json")

    return routes

"""`GET /v1/model`: which model answers, and what it was trained on."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from serving.current import Current
from serving.errors import documented
from serving.schemas import ModelCard


def router(current: Current) -> APIRouter:
    """The route over what answers."""
    routes = APIRouter()

    @routes.get(
        "/v1/model",
        summary="The model served",
        response_model=ModelCard,
        responses=documented(500),
    )
    async def model() -> Response:
        """Name, version, digest, and what the training measured."""
        return Response(current.served.card().model_dump_json(), media_type="application/json")

    return routes

"""`POST /v1/rerank`: documents in the order of a query."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from anyio import from_thread
from fastapi import APIRouter, Body
from starlette.responses import Response

from serving.current import Current
from serving.errors import documented
from serving.examples import RERANKS
from serving.relevance import RerankAnswer, RerankRequest, reranked
from serving.turns import Turns


def router(current: Current, *, turns: Turns) -> APIRouter:
    """The route over what answers.

    Args:
        turns: The line of those who ask for matches: encoding keeps a core as busy.
    """
    routes = APIRouter()

    def answered(request: RerankRequest) -> bytes:
        served = current.served  # no write need be waited for: only the encoder is asked
        answer = reranked(
            request,
            encoder=served.engine.encoder,
            model=served.name,
            heed=from_thread.check_cancelled,  # past its deadline it makes room in the line
        )
        return answer.model_dump_json(exclude_none=True).encode()

    @routes.post(
        "/v1/rerank",
        summary="Documents in the order of a query",
        response_model=RerankAnswer,
        responses=documented(*(400, 413, 415, 422, 500), http_503="Too many matches wait (`busy`)"),
    )
    async def rerank(
        request: Annotated[RerankRequest, Body(openapi_examples=RERANKS)],
    ) -> Response:
        """How alike a query and each document are, most alike first: words, not outcomes."""
        body = await turns.take(partial(answered, request))
        return Response(body, media_type="application/json")

    return routes

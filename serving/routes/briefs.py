"""`POST /v1/briefs`: what a brief in a person's words asks for."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body
from starlette.responses import Response

from serving.current import Current
from serving.errors import documented
from serving.examples import BRIEF_ANSWER, BRIEFS
from serving.turns import Turns
from serving.understood import BriefAnswer, BriefRequest, understood


def router(current: Current, *, turns: Turns) -> APIRouter:
    """The route over what answers.

    Args:
        turns: The line of those who ask for matches: reading keeps a core as busy, if not as long.
    """
    routes = APIRouter()

    def answered(request: BriefRequest) -> bytes:
        finder = current.served.engine.finder  # no write need be waited for: skills are the model's
        return understood(request, finder).model_dump_json().encode()

    @routes.post(
        "/v1/briefs",
        summary="A brief in words, read as a job",
        response_model=BriefAnswer,
        responses={
            200: {"content": {"application/json": {"example": BRIEF_ANSWER}}},
            **documented(*(400, 413, 415, 422, 500), http_503="Too many matches wait (`busy`)"),
        },
    )
    async def brief(request: Annotated[BriefRequest, Body(openapi_examples=BRIEFS)]) -> Response:
        """The fields of a job that a text names, by rules, and where; silent where unsure."""
        return Response(await turns.take(partial(answered, request)), media_type="application/json")

    return routes

"""`POST /v1/matches`: freelancers for a job."""

from __future__ import annotations

from typing import Annotated

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Body
from starlette.responses import Response

from serving.current import Current, Present
from serving.decisions import of_matches
from serving.errors import documented
from serving.examples import ANSWER, REQUESTS
from serving.metrics import Metrics
from serving.recording import Recorder, noted
from serving.schemas import MatchAnswer, MatchRequest
from serving.service import Clock, MatchService


def router(
    current: Current,
    *,
    clock: Clock,
    metrics: Metrics,
    at_once: int,
    recorder: Recorder | None = None,
) -> APIRouter:
    """The route over what answers.

    Args:
        clock: Says when a request without `as_of` is asked.
        metrics: Takes note of every answer.
        recorder: Puts decisions on record.
        at_once: How many matches are computed at a time; further ones wait their turn. A
            match keeps a core busy from end to end, so more threads than cores would only
            slow each other down, and hold the interpreter's lock from the event loop.
    """
    routes = APIRouter()
    limiter = CapacityLimiter(at_once)

    def answered(present: Present, request: MatchRequest) -> bytes:
        service = MatchService(served=present.served, clock=clock, notes=present.notes)
        found = service.matched(request)
        answer = found.answer
        metrics.count_match(answer)
        if recorder is not None:
            answer = noted(answer, recorder.keep(of_matches(found, recorder.origin(present))))
        return answer.model_dump_json().encode()

    @routes.post(
        "/v1/matches",
        summary="Freelancers for a job",
        response_model=MatchAnswer,
        responses={
            200: {"content": {"application/json": {"example": ANSWER}}},
            **documented(400, 413, 415, 422, 500, http_404="`job_id` is not known (`unknown-job`)"),
        },
    )
    async def match(request: Annotated[MatchRequest, Body(openapi_examples=REQUESTS)]) -> Response:
        """The best `k` freelancers for a job, best first, with reasons.

        The job is sent by its own fields (`job`) or named (`job_id`).
        """
        present = await current.present()
        body = await to_thread.run_sync(answered, present, request, limiter=limiter)
        return Response(body, media_type="application/json")

    return routes

"""`POST /v1/matches`: freelancers for a job."""

from __future__ import annotations

from functools import partial
from typing import Annotated

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
from serving.tracing import note
from serving.turns import Turns


def router(
    current: Current,
    *,
    clock: Clock,
    metrics: Metrics,
    turns: Turns,
    recorder: Recorder | None = None,
) -> APIRouter:
    """The route over what answers.

    Args:
        clock: Says when a request without `as_of` is asked.
        metrics: Takes note of every answer.
        turns: The line of those who ask, a few of whom are answered at a time. A match keeps a
            core busy from end to end, so more threads than cores would only slow each other down,
            and hold the interpreter's lock from the event loop.
        recorder: Puts decisions on record.
    """
    routes = APIRouter()

    def answered(present: Present, request: MatchRequest) -> bytes:
        service = MatchService(served=present.served, clock=clock, notes=present.notes)
        found = service.matched(request)
        answer = found.answer
        metrics.count_match(answer)
        note(answer.took_ms)
        if recorder is not None:
            answer = noted(answer, recorder.keep(of_matches(found, recorder.origin(present))))
        return answer.model_dump_json().encode()

    @routes.post(
        "/v1/matches",
        summary="Freelancers for a job",
        response_model=MatchAnswer,
        responses={
            200: {"content": {"application/json": {"example": ANSWER}}},
            **documented(
                *(400, 413, 415, 422, 500),
                http_404="`job_id` is not known (`unknown-job`)",
                http_503="Too many matches wait (`busy`)",
            ),
        },
    )
    async def match(request: Annotated[MatchRequest, Body(openapi_examples=REQUESTS)]) -> Response:
        """The best `k` freelancers for a job, best first, with reasons.

        The job is sent by its own fields (`job`) or named (`job_id`).
        """
        present = await current.present()
        body = await turns.take(partial(answered, present, request))
        return Response(body, media_type="application/json")

    return routes

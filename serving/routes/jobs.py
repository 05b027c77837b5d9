"""`POST /v1/freelancers/{freelancer_id}/jobs`: open jobs for a freelancer."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Path
from starlette.responses import Response

from matcher.records import Id
from serving.current import Current, Present
from serving.decisions import of_jobs
from serving.errors import documented
from serving.examples import JOBS_ANSWER, JOBS_REQUESTS
from serving.jobs_service import JobsService
from serving.recording import Recorder, noted
from serving.schemas import JobsAnswer, JobsRequest
from serving.service import Clock
from serving.tracing import note
from serving.turns import Turns


def router(
    current: Current, *, clock: Clock, turns: Turns, recorder: Recorder | None = None
) -> APIRouter:
    """The route over what answers.

    Args:
        clock: Says when a request without `as_of` is asked.
        turns: The line of those who ask, for either direction.
        recorder: Puts decisions on record.
    """
    routes = APIRouter()

    def answered(present: Present, freelancer_id: str, request: JobsRequest) -> bytes:
        service = JobsService(served=present.served, clock=clock, notes=present.notes)
        found = service.matched(freelancer_id, request)
        answer = found.answer
        note(answer.took_ms)
        if recorder is not None:
            answer = noted(answer, recorder.keep(of_jobs(found, recorder.origin(present))))
        return answer.model_dump_json().encode()

    # An id may hold a slash, which the server has decoded by the time a path is matched.
    @routes.post(
        "/v1/freelancers/{freelancer_id:path}/jobs",
        summary="Open jobs for a freelancer",
        response_model=JobsAnswer,
        responses={
            200: {"content": {"application/json": {"example": JOBS_ANSWER}}},
            **documented(
                400,
                413,
                415,
                422,
                500,
                http_404="`freelancer_id` is not known (`unknown-freelancer`)",
                http_503="Too many matches wait (`busy`)",
            ),
        },
    )
    async def jobs(
        freelancer_id: Annotated[Id, Path(description="As in the freelancers table.")],
        request: Annotated[JobsRequest, Body(openapi_examples=JOBS_REQUESTS)],
    ) -> Response:
        """The best `k` open jobs for a freelancer, best first, with reasons."""
        present = await current.present()
        body = await turns.take(partial(answered, present, freelancer_id, request))
        return Response(body, media_type="application/json")

    return routes

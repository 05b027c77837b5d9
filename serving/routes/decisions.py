"""`/v1/decisions`: lists that were answered with, and what people made of them."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Body, Path, Query
from starlette.responses import Response

from matcher.domain import instant_of
from matcher.errors import ReadOnlyError
from matcher.records import Id
from matcher.store.decisions import Asked
from matcher.store.overrides import Override
from serving.archive import Archive
from serving.cursors import cursor_of, place_of
from serving.decision_answers import override_of, record_of, summary_of
from serving.decision_schemas import (
    DecisionRecord,
    DecisionsAnswer,
    DecisionsRequest,
    OverrideRecord,
    OverrideRequest,
)
from serving.desk import Desk
from serving.errors import documented
from serving.examples import OVERRIDES
from serving.routes.records import AWAY, READ_ONLY

DECISIONS = "/v1/decisions"
DECISION = "/v1/decisions/{decision_id}"
OVERRIDE = "/v1/decisions/{decision_id}/override"
UNKNOWN = "No such decision on record (`unknown-decision`)"
JSON = "application/json"

DecisionId = Annotated[Id, Path(description="As in the answer.")]


def router(archive: Archive | None, *, desk: Desk) -> APIRouter:
    """The routes over an archive; without one, each says that nothing is recorded."""
    routes = APIRouter()

    def kept() -> Archive:
        if archive is None:
            raise ReadOnlyError
        return archive

    @routes.get(
        DECISIONS,
        summary="Decisions, newest first",
        response_model=DecisionsAnswer,
        responses=documented(422, 500, http_409=READ_ONLY, http_503=AWAY),
    )
    async def decisions(asked: Annotated[DecisionsRequest, Query()]) -> Response:
        """A page of decisions in a line each; those of the last moments may not be on it yet."""
        return Response(await desk.read(partial(_listed, kept(), asked)), media_type=JSON)

    @routes.get(
        DECISION,
        summary="A decision",
        response_model=DecisionRecord,
        responses=documented(422, 500, http_404=UNKNOWN, http_409=READ_ONLY, http_503=AWAY),
    )
    async def decision(decision_id: DecisionId) -> Response:
        """The list as it was answered with, what it rests on, and what people made of it."""
        return Response(await desk.read(partial(_found, kept(), decision_id)), media_type=JSON)

    @routes.post(
        OVERRIDE,
        summary="Another order",
        response_model=OverrideRecord,
        responses={
            200: {"description": "On record already"},
            201: {"description": "Put on record", "model": OverrideRecord},
            **documented(
                *(400, 413, 415, 422, 500), http_404=UNKNOWN, http_409=READ_ONLY, http_503=AWAY
            ),
        },
    )
    async def override(
        decision_id: DecisionId,
        request: Annotated[OverrideRequest, Body(openapi_examples=OVERRIDES)],
    ) -> Response:
        """Keep a person's order beside the list; the list stays as it is on record.

        The same order by the same person for the same reason is kept once.
        """
        work = partial(
            kept().override,
            decision_id,
            ranking=request.order,
            by=request.by,
            reason=request.reason,
        )
        said, is_new = await desk.write(OVERRIDE, work, outcome=_outcome)
        body = override_of(said).model_dump_json()
        return Response(body, 201 if is_new else 200, media_type=JSON)

    return routes


def _found(archive: Archive, decision_id: str) -> str:
    return record_of(archive.found(decision_id)).model_dump_json()


def _listed(archive: Archive, asked: DecisionsRequest) -> str:
    """A page, which one more than asked for is looked up for: it says whether there is a next."""
    found = archive.listed(
        Asked(
            job_id=asked.job_id,
            freelancer_id=asked.freelancer_id,
            since=None if asked.from_ is None else instant_of(asked.from_),
            until=None if asked.to is None else instant_of(asked.to),
            after=None if asked.after is None else place_of(asked.after),
            limit=asked.limit + 1,
        )
    )
    page = found[: asked.limit]
    more = len(found) > len(page)
    return DecisionsAnswer(
        decisions=tuple(map(summary_of, page)),
        next=cursor_of(page[-1].at, page[-1].decision_id) if more else None,
    ).model_dump_json()


def _outcome(written: tuple[Override, bool]) -> str:
    return "created" if written[1] else "unchanged"

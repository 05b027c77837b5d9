"""`/v1/events`: what happened, told and asked for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from matcher.domain import instant_of
from matcher.store.happenings import Verdict
from matcher.store.timeline import Wanted
from serving.cursors import cursor_of, place_of
from serving.desk import Desk
from serving.errors import documented
from serving.event_schemas import EventsRequest, HappenedAnswer, record_of
from serving.examples import EVENTS
from serving.records import EventRecord
from serving.routes.records import AWAY, READ_ONLY
from serving.schemas import EventsAnswer, VerdictRecord
from serving.writing import Writer

ROUTE = "/v1/events"
MOST_EVENTS = 5_000
JSON, LINES = "application/json", "application/x-ndjson"
EXPECTED = "an event, a list of events, or a line of JSON for each"

_EVENT = EventRecord.model_json_schema()
_BODY = {
    "required": True,
    "content": {
        JSON: {
            "schema": {
                "anyOf": [_EVENT, {"type": "array", "maxItems": MOST_EVENTS, "items": _EVENT}]
            },
            "examples": EVENTS,
        },
        LINES: {"schema": {"type": "string"}},
    },
}


def router(desk: Desk) -> APIRouter:
    """The route over a desk."""
    routes = APIRouter()

    @routes.post(
        ROUTE,
        summary="What happened",
        response_model=EventsAnswer,
        openapi_extra={"requestBody": _BODY},
        responses=documented(400, 413, 415, 422, 500, http_409=READ_ONLY, http_503=AWAY),
    )
    async def events(request: Request) -> Response:
        """Keep the events that are sound and new; a verdict for each, in the order sent.

        200 also where some are refused: the others are kept. Events may be sent again: one
        that is on record already with the same content is a `duplicate`.
        """
        work = partial(_taken_in, desk.writer, await request.body(), lines=_are_lines(request))
        verdicts = await desk.write(ROUTE, work, outcome=lambda _: "taken")
        counts = Counter(one.status for one in verdicts)
        for status, times in counts.items():
            desk.count(ROUTE, status, times=times)
        answer = EventsAnswer(
            accepted=counts["accepted"],
            duplicate=counts["duplicate"],
            conflict=counts["conflict"],
            refused=counts["refused"],
            verdicts=tuple(
                VerdictRecord(event_id=one.event_id, status=one.status, reason=one.reason)
                for one in verdicts
            ),
        )
        return Response(answer.model_dump_json(), media_type=JSON)

    @routes.get(
        ROUTE,
        summary="What happened for a job, or to a freelancer",
        response_model=HappenedAnswer,
        responses=documented(422, 500, http_409=READ_ONLY, http_503=AWAY),
    )
    async def happened(asked: Annotated[EventsRequest, Query()]) -> Response:
        """A page of events, newest first; every event that was acknowledged is on record."""
        page = await desk.read(partial(_listed, desk.writer, asked))
        return Response(page, media_type=JSON)

    return routes


def _listed(writer: Writer, asked: EventsRequest) -> str:
    """A page, which one more than asked for is looked up for: it says whether there is a next."""
    found = writer.events(
        Wanted(
            job_id=asked.job_id,
            freelancer_id=asked.freelancer_id,
            kind=asked.kind,
            after=None if asked.after is None else place_of(asked.after),
            limit=asked.limit + 1,
        )
    )
    page = tuple(map(record_of, found[: asked.limit]))
    more = len(found) > len(page)
    return HappenedAnswer(
        events=page,
        next=cursor_of(instant_of(page[-1].at), page[-1].event_id) if more else None,
    ).model_dump_json()


def _are_lines(request: Request) -> bool:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in {JSON, LINES}:
        raise HTTPException(415)
    return media == LINES


def _taken_in(writer: Writer, body: bytes, *, lines: bool) -> list[Verdict]:
    return writer.add_events(_lines_of(body) if lines else _list_of(body))


def _list_of(body: bytes) -> Sequence[object]:
    try:
        content = json.loads(body)
    except json.JSONDecodeError as error:
        raise _no_json(error.msg, at=error.pos) from error
    except (ValueError, RecursionError) as error:  # no UTF-8, too long a number, too deep
        raise _no_json(type(error).__name__, at=0) from error
    if isinstance(content, dict):
        return [content]
    if not isinstance(content, list):
        raise _refused(content, EXPECTED)
    return _few(content)


def _lines_of(body: bytes) -> Sequence[object]:
    """What each line holds; one that is no JSON is kept as text, and refused as an event."""
    return _few([_line(line) for line in body.split(b"\n") if line.strip()])


def _line(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line.decode("utf-8", "replace")


def _few(contents: Sequence[object]) -> Sequence[object]:
    if len(contents) > MOST_EVENTS:
        raise _refused(contents, f"at most {MOST_EVENTS:,} events; send them in several requests")
    return contents


def _no_json(said: str, *, at: int) -> RequestValidationError:
    return RequestValidationError(
        [{"type": "json_invalid", "loc": ("body", at), "ctx": {"error": said}, "input": {}}]
    )


def _refused(found: object, expected: str) -> RequestValidationError:
    said = {"type": "events", "loc": ("body",), "input": found, "msg": expected}
    return RequestValidationError([said])

"""Errors meet HTTP once: every failure leaves as an RFC 9457 problem with a stable code.

Source: Nottingham, Wilde & Dalal, Problem Details for HTTP APIs, RFC 9457, 2023
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from matcher.erasure_errors import ErasurePendingError
from matcher.errors import BusyError, MatcherError, NotReadyError, StoreUnavailableError
from matcher.records import Complaint, complaints
from serving.refusals import (
    DrainingError,
    RequestTimeoutError,
    SlowBodyError,
    UnauthenticatedError,
)

MEDIA_TYPE = "application/problem+json"
CODES = {
    400: ("malformed-json", "The body is not JSON"),
    404: ("unknown-route", "No such route"),
    405: ("method-not-allowed", "The route has no such method"),
    413: ("body-too-large", "The body is too large"),
    415: ("unsupported-media-type", "The body is not declared as JSON"),
    422: ("invalid-request", "The request breaks the schema"),
    500: ("internal-error", "A bug, which the log describes"),
}
TELLING = {  # the message of others may name files
    *(NotReadyError.code, BusyError.code, DrainingError.code, RequestTimeoutError.code)
}
HIDDEN = {
    StoreUnavailableError.code: "the database is away; try again in some seconds: what was not "
    "acknowledged may safely be sent a second time"
}
METHODS = ("DELETE", "GET", "HEAD", "POST", "PUT")
HEADERS = {
    BusyError.code: {"Retry-After": "1"},  # seconds
    ErasurePendingError.code: {"Retry-After": "2"},
    DrainingError.code: {"Retry-After": "1", "Connection": "close"},
    RequestTimeoutError.code: {"Retry-After": "5"},
    SlowBodyError.code: {"Connection": "close"},
    StoreUnavailableError.code: {"Retry-After": "2"},
    UnauthenticatedError.code: {"WWW-Authenticate": "Bearer"},
}

log = structlog.get_logger(__name__)


def problem(
    status: int,
    *,
    detail: str,
    instance: str,
    code: str | None = None,
    title: str | None = None,
    errors: tuple[Complaint, ...] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document; code and title are those of the status, if not given."""
    usual = CODES.get(status, ("http-error", HTTPStatus(status).phrase))
    code, title = code or usual[0], title or usual[1]
    body = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": instance,
        "code": code,
    }
    if errors:
        body["errors"] = [asdict(one) for one in errors]
    # ASCII alone: whatever was sent, half surrogates included, can be written
    return Response(json.dumps(body), status, headers=headers, media_type=MEDIA_TYPE)


def answer_to(error: MatcherError, *, instance: str) -> Response:
    """The problem that a deliberate failure is answered with."""
    detail = str(error)
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR and error.code not in TELLING:
        log.error("request_failed", code=error.code, detail=detail)
        detail = HIDDEN.get(error.code, "see the log of the service")
    return problem(
        error.status,
        detail=detail,
        instance=instance,
        code=error.code,
        title=(type(error).__doc__ or "").partition("\n")[0].rstrip("."),
        headers=HEADERS.get(error.code),
    )


def install(app: FastAPI) -> None:
    """Answer every deliberate failure of a request with a problem."""

    @app.exception_handler(MatcherError)
    async def refused(request: Request, error: MatcherError) -> Response:
        return answer_to(error, instance=request.url.path)

    @app.exception_handler(HTTPException)
    async def unroutable(request: Request, error: HTTPException) -> Response:
        return problem(
            error.status_code,
            detail=_detail(request, error.status_code),
            instance=request.url.path,
            headers=_headers(request, error),
        )

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        if isinstance(error.body, bytes):
            return problem(415, detail=_detail(request, 415), instance=request.url.path)
        found = error.errors()
        if found and found[0]["type"] == "json_invalid":
            said = f"{found[0]['ctx']['error']}, at character {found[0]['loc'][-1]}"
            return problem(400, detail=f"{said}; send JSON", instance=request.url.path)
        wrong = tuple(
            replace(
                one, field=one.field.removeprefix("body").removeprefix("path").removeprefix(".")
            )
            for one in complaints(found)
        )
        return problem(
            422,
            detail="; ".join(map(str, wrong[:3])) + "; correct the request",
            instance=request.url.path,
            errors=wrong,
        )


def _headers(request: Request, error: HTTPException) -> Mapping[str, str] | None:
    """Those of the error; `Allow` names the methods of every route of the path."""
    if error.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return error.headers
    allowed = [
        method
        for method in METHODS
        for route in request.app.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    ]
    return {"Allow": ", ".join(dict.fromkeys(allowed))}


def _detail(request: Request, status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return "no route has this path; /openapi.json lists them"
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"{request.method[:20]} is not among the route's methods; see the Allow header"
    if status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        return (
            "the body must come with `Content-Type: application/json`, or, with a line for each "
            "event, `application/x-ndjson`"
        )
    return "the body could not be read as JSON in UTF-8; send JSON"


def documented(*statuses: int, **other: str) -> dict[int | str, dict[str, object]]:
    """What OpenAPI says of the problems that a route may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    said = {status: f"{CODES[status][1]} (`{CODES[status][0]}`)" for status in statuses}
    said |= {int(name.removeprefix("http_")): text for name, text in other.items()}
    return {status: {"description": text, "content": content} for status, text in said.items()}

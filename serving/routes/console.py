"""`GET /` and `/console/{path}`: the console's files, which need no key and say nothing.

The headers let the page load nothing but what lies here, run no script that is written in it, and
be shown in no page of another site.

Source: W3C, Content Security Policy Level 3; RFC 9110, section 13.1.2, for `If-None-Match`
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from serving.pages import FIRST, is_among, page_of

METHODS = ["GET", "HEAD"]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def router() -> APIRouter:
    """The routes; they are no part of the API, and the schema does not show them."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/", methods=METHODS)
    def first(request: Request) -> Response:
        """The page that all begins with."""
        return _sent(FIRST, request)

    @routes.api_route("/console/{path:path}", methods=METHODS)
    def page(path: str, request: Request) -> Response:
        """A file of the console."""
        return _sent(path, request)

    return routes


def _sent(name: str, request: Request) -> Response:
    page = page_of(name)
    if page is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    headers = {**HEADERS, "ETag": page.etag}
    if is_among(page.etag, ", ".join(request.headers.getlist("if-none-match"))):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    content = page.content
    if request.method == "HEAD":
        content, headers["Content-Length"] = b"", str(len(page.content))
    return Response(content, headers=headers, media_type=page.media_type)

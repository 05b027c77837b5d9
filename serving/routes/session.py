"""`/v1/session`: a browser signs in with a key, and out; and anybody is told how far they reach."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from matcher.store.keys import SCOPES, Key
from serving import cookie
from serving.errors import documented
from serving.examples import SIGN_INS
from serving.keyring import Keyring
from serving.scopes import SESSION
from serving.session_schemas import SessionRecord, SignIn

PRIVATE = {"Cache-Control": "no-store"}


def router(keyring: Keyring, *, has_records: bool) -> APIRouter:
    """The routes over the known keys."""
    routes = APIRouter()

    def told(key: Key | None) -> Response:
        reached = SCOPES if not keyring.is_demanding else key.reach if key else ()
        session = SessionRecord(
            needs_key=keyring.is_demanding,
            signed_in=key is not None,
            scopes=reached,
            name=key and key.name,
            can_write=has_records and "write" in reached,
            records=has_records,
        )
        body = session.model_dump_json()
        return Response(body, headers=PRIVATE, media_type="application/json")

    @routes.get(
        SESSION,
        summary="Who asks",
        response_model=SessionRecord,
        responses=documented(500),
    )
    async def session(request: Request) -> Response:
        """How far the request reaches, by its header or its cookie; 200 without either, too."""
        return told(getattr(request.state, "key", None))

    @routes.post(
        SESSION,
        summary="Sign in",
        response_model=SessionRecord,
        responses=documented(400, 413, 415, 422, 500),
    )
    async def sign_in(
        asked: Annotated[SignIn, Body(openapi_examples=SIGN_INS)], request: Request
    ) -> Response:
        """Give a browser its key as a cookie, which counts where no `Authorization` comes.

        Only a page of the service's own may ask: by `Origin`, or by `Sec-Fetch-Site`.
        """
        text = asked.key.strip()
        key = keyring.known(text)
        request.state.key_id = key.key_id
        answer = told(key)
        cookie.give(answer, text, is_secure=_is_secure(request))
        return answer

    @routes.delete(
        SESSION,
        summary="Sign out",
        status_code=HTTPStatus.NO_CONTENT,
        responses=documented(500),
    )
    async def sign_out(request: Request) -> Response:
        """Take the cookie back; the key stays what it is."""
        answer = Response(status_code=HTTPStatus.NO_CONTENT, headers=PRIVATE)
        cookie.take_back(answer, is_secure=_is_secure(request))
        return answer

    return routes


def _is_secure(request: Request) -> bool:
    """Whether the browser speaks TLS: to the service, or to a proxy before it, by its page."""
    page = request.headers.get("origin", "")
    return request.url.scheme == "https" or page.lower().startswith("https:")

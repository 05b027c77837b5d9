"""At the door: to which name a request came, whose it is, and whether it reaches that far."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Request

from matcher.errors import MatcherError
from matcher.store.keys import Key
from serving import cookie
from serving.errors import answer_to
from serving.hosts import Hosts, check_origin, check_same_origin
from serving.keyring import Keyring
from serving.refusals import ForbiddenError, UnauthenticatedError
from serving.scopes import SESSION, needed

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Guarded:
    """Lets in who may ask, before anything of the body is read.

    Without a key the service is open, and then asks for its own name instead. `state` of a
    request that came with a key holds it as `key`, and its `key_id`.
    """

    def __init__(self, app: ASGIApp, *, keyring: Keyring, hosts: Hosts) -> None:
        self._app, self._keyring, self._hosts = app, keyring, hosts

    async def __call__(self, scope: Request, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] == "http":
            try:
                self._admit(scope)
            except MatcherError as error:
                await answer_to(error, instance=scope["path"])(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _admit(self, request: Request) -> None:
        headers = Headers(scope=request)
        is_session = request["path"] == SESSION
        if is_session and request["method"] not in SAFE:
            self._hosts.check(headers)
            check_same_origin(headers)
        if not self._keyring.is_demanding:
            self._hosts.check(headers)
            check_origin(headers)
            return
        need = needed(request["method"], request["path"], request["query_string"])
        if need == "nothing":  # a supervisor may ask by any address
            if is_session:
                self._recognise(request, headers)
            return
        if self._hosts.were_named:
            self._hosts.check(headers)
        key = self._holder(headers, method=request["method"])
        _note(request, key)
        if not key.allows(need):
            raise ForbiddenError(
                f"the key has the scope {', '.join(key.scopes)}, and this needs {need}; ask with a "
                "key that reaches farther"
            )

    def _recognise(self, request: Request, headers: Headers) -> None:
        """Note whose the request is, if it is anybody's."""
        try:
            _note(request, self._holder(headers, method=request["method"]))
        except UnauthenticatedError:
            return

    def _holder(self, headers: Headers, *, method: str) -> Key:
        """The key of a request: of its header, or else of its cookie.

        A browser sends a cookie by itself, so that it counts only where it was sent to one of the
        service's names, and writes only for a page of its own.
        """
        sent, kept = headers.getlist("authorization"), cookie.keys_in(headers)
        if sent or not kept:
            return self._keyring.key_of(sent)
        self._hosts.check(headers)
        (check_origin if method in SAFE else check_same_origin)(headers)
        if len(kept) > 1:
            raise UnauthenticatedError(
                f"the request has several cookies {cookie.NAME}; delete those of the site, and "
                "sign in again"
            )
        return self._keyring.known(kept[0])


def _note(request: Request, key: Key) -> None:
    request.setdefault("state", {}).update(key_id=key.key_id, key=key)

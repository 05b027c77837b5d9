"""At the door: to which name a request came, whose it is, and whether it reaches that far."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Request

from matcher.errors import MatcherError
from serving.errors import answer_to
from serving.hosts import Hosts, check_origin
from serving.keyring import Keyring
from serving.refusals import ForbiddenError
from serving.scopes import needed


class Guarded:
    """Lets in who may ask, before anything of the body is read.

    Without a key the service is open, and then asks for its own name instead. `state` of a
    request that is let in by a key holds its `key_id`.
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
        need = needed(request["method"], request["path"], request["query_string"])
        if not self._keyring.is_demanding:
            self._hosts.check(headers)
            check_origin(headers)
            return
        if need == "nothing":
            return  # a supervisor may ask by any address
        if self._hosts.were_named:
            self._hosts.check(headers)
        key = self._keyring.key_of(headers.getlist("authorization"))
        request.setdefault("state", {})["key_id"] = key.key_id
        if not key.allows(need):
            raise ForbiddenError(
                f"the key has the scope {', '.join(key.scopes)}, and this needs {need}; ask with a "
                "key that reaches farther"
            )

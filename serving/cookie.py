"""The cookie by which a browser shows its key: read, given and taken back.

No script can read it, and no page of another site makes a browser send it. It is the key itself,
so that a key that is revoked ends every session of its own at once.

Source: RFC 6265; draft-ietf-httpbis-rfc6265bis, section 8.8, for `SameSite`
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import Response

NAME = "matcher_session"
LASTS_S = 12 * 3600


def keys_in(headers: Headers) -> list[str]:
    """The text of every cookie of the name; usually one, or none.

    >>> keys_in(Headers({"cookie": "a=b; matcher_session=KEY; c"}))
    ['KEY']
    """
    pairs = (pair.partition("=") for sent in headers.getlist("cookie") for pair in sent.split(";"))
    return [value.strip() for name, _, value in pairs if name.strip() == NAME]


def give(response: Response, key: str, *, is_secure: bool) -> None:
    """Have a browser show a key from now on; over TLS alone, if it came that way."""
    _set(response, key, lasts_s=LASTS_S, is_secure=is_secure)


def take_back(response: Response, *, is_secure: bool) -> None:
    """Have a browser forget it."""
    _set(response, "", lasts_s=0, is_secure=is_secure)


def _set(response: Response, value: str, *, lasts_s: int, is_secure: bool) -> None:
    told = f"{NAME}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={lasts_s}"
    response.headers.append("Set-Cookie", f"{told}; Secure" if is_secure else told)

"""By which names the service may be called: against pages that reach it by a trick of DNS.

A page of another site may let its own name resolve to loopback, and then asks with the browser of
whoever reads it. The name in the Host header tells: a browser sends the page's own. And a page that
sends to loopback outright is told by its Origin.

Source: Jackson et al., Protecting Browsers from DNS Rebinding Attacks, ACM TWEB 3(1), 2009,
doi:10.1145/1462148.1462150; RFC 6454 for origins; RFC 9110, section 7.4, for the 421
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from starlette.datastructures import Headers

from matcher.errors import UsageError
from serving.refusals import ForbiddenOriginError, UnknownHostError

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{0,5}))?", re.ASCII)
_ORIGIN = re.compile(r"(https?)://(.+)", re.ASCII)
_PORTS = {"http": 80, "https": 443}


class Hosts:
    """The names that a service goes by, on any port.

    Args:
        host: The address that it listens on.
        named: Further names.

    Raises:
        UsageError: One of them is no name of a host.
    """

    def __init__(self, *, host: str, named: Sequence[str] = ()) -> None:
        self._names = {_plain(one) for one in (*LOOPBACK, host)}
        self.were_named = bool(named)
        for one in named:
            bare = f"[{one}]" if one.count(":") > 1 and not one.startswith("[") else one
            found = _split(bare)
            if found is None or found[1] is not None:
                raise UsageError(
                    f"MATCHER_ALLOWED_HOSTS: found {one[:100]!r}, expected names or addresses "
                    "without scheme and port, separated by commas"
                )
            self._names.add(found[0])

    def check(self, headers: Headers) -> None:
        """Make sure that a request came to one of the names.

        Raises:
            UnknownHostError: It came to another, or does not say.
        """
        sent = headers.getlist("host")
        found = _split(sent[0]) if len(sent) == 1 else None
        if found is None or found[0] not in self._names:
            said = repr(sent[0][:100]) if sent else "none"
            raise UnknownHostError(
                f"Host: found {said}, expected localhost, 127.0.0.1, [::1] or the address that the "
                "service listens on; other names are allowed by MATCHER_ALLOWED_HOSTS"
            )


def check_origin(headers: Headers) -> None:
    """Make sure that it is no page of another site that asks; what is no page says no origin.

    Raises:
        ForbiddenOriginError: Scheme and name of the origin lead to another port or name.
    """
    sent = headers.getlist("origin")
    if not sent:
        return
    found = _ORIGIN.fullmatch(sent[0].lower()) if len(sent) == 1 else None
    origin = found and _split(found[2])
    here = _split(headers.get("host", ""))
    if found is None or origin is None or here is None:
        raise ForbiddenOriginError
    usual = _PORTS[found[1]]
    if (origin[0], origin[1] or usual) != (here[0], here[1] or usual):
        raise ForbiddenOriginError


def check_same_origin(headers: Headers) -> None:
    """Make sure that a page of the service's own asks, which must say so.

    A browser says `Origin` wherever it writes, and `Sec-Fetch-Site` to what it trusts.

    Raises:
        ForbiddenOriginError: Neither is there, or one of them says otherwise.

    Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet; W3C, Fetch Metadata
    """
    check_origin(headers)
    fetched = headers.getlist("sec-fetch-site")
    if fetched not in ([], ["same-origin"]) or not (fetched or headers.getlist("origin")):
        raise ForbiddenOriginError


def _split(authority: str) -> tuple[str, int | None] | None:
    """Name and port, or None where it is neither."""
    found = _AUTHORITY.fullmatch(authority.lower())
    if found is None:
        return None
    return _plain(found[1].strip("[]")), int(found[2]) if found[2] else None


def _plain(name: str) -> str:
    """One spelling for each address; a name without the dot that ends it."""
    try:
        return ipaddress.ip_address(name).compressed
    except ValueError:
        return name.lower().removesuffix(".")

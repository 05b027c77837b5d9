"""On what terms the service may be used: under which names, and for how long."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from matcher.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was set, as the service needs it.

    Attributes:
        host: The address that it listens on.
        allowed_hosts: Names that it goes by beside loopback's and that address.
        body_timeout_s: How long a body may take to arrive.
        request_timeout_s: How long an answer may take, once the body is there.
        drain_s: How long requests in flight may take, once the service is told to end.
    """

    host: str = "127.0.0.1"
    allowed_hosts: tuple[str, ...] = ()
    body_timeout_s: float = 10.0
    request_timeout_s: float = 30.0
    drain_s: float = 20.0

    @classmethod
    def of(cls, settings: Settings) -> Terms:
        """What the settings say."""
        named = (one.strip() for one in settings.allowed_hosts.split(","))
        return cls(
            host=settings.host,
            allowed_hosts=tuple(one for one in named if one),
            body_timeout_s=settings.body_timeout_s,
            request_timeout_s=settings.request_timeout_s,
            drain_s=settings.drain_s,
        )


def url_of(address: tuple[str, int] | tuple[str, int, int, int]) -> str:
    """What a browser on this machine opens to see the console, by the address of a socket.

    >>> url_of(("127.0.0.1", 80)), url_of(("::1", 8080, 0, 0)), url_of(("0.0.0.0", 81))
    ('http://127.0.0.1:80/', 'http://[::1]:8080/', 'http://localhost:81/')
    """
    host, port = address[0], address[1]
    if ipaddress.ip_address(host).is_unspecified:
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def is_loopback(host: str) -> bool:
    """Whether an address is reached from this machine alone.

    >>> [is_loopback(one) for one in ("127.8.8.8", "::1", "localhost", "0.0.0.0", "")]
    [True, True, True, False, False]
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""What a request is refused for before, or instead of, being answered."""

from __future__ import annotations

from matcher.errors import MatcherError


class UnauthenticatedError(MatcherError):
    """No key came with the request, or none that is of use."""

    code = "unauthenticated"
    status = 401


class ForbiddenError(MatcherError):
    """The key does not reach as far as the request."""

    code = "forbidden"
    status = 403


class ForbiddenOriginError(MatcherError):
    """A page of another site asks, or may be what asks."""

    code = "forbidden-origin"
    status = 403

    def __init__(self) -> None:
        super().__init__(
            "the Origin header names another site than the Host header, or nothing says which page "
            "asks; pages of other sites may not ask a service that needs no key, nor write by its "
            "cookie: send an Origin that is the Host's, or the key as `Authorization: Bearer KEY`"
        )


class SlowBodyError(MatcherError):
    """The body did not arrive in time."""

    code = "slow-body"
    status = 408

    def __init__(self, within_s: float) -> None:
        super().__init__(
            f"the body was not there within {within_s:g} seconds, and nothing of it was kept; send "
            "it faster, or less of it"
        )


class UnknownHostError(MatcherError):
    """The service does not go by the name that the request came to."""

    code = "unknown-host"
    status = 421


class RequestTimeoutError(MatcherError):
    """The answer was not there in time."""

    code = "timeout"
    status = 503

    def __init__(self, within_s: float) -> None:
        super().__init__(
            f"there was no answer within {within_s:g} seconds; ask again in some seconds: a write "
            "that was under way may have been kept, and may safely be sent a second time"
        )


class DrainingError(MatcherError):
    """The service is draining: it finishes what it has begun, and ends."""

    code = "draining"
    status = 503

    def __init__(self) -> None:
        super().__init__(
            "the service is draining: it finishes what it has begun and takes nothing new; ask "
            "another one, or again in a second"
        )

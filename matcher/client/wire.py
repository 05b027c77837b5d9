"""Requests go out and answers come in, again where that is safe and may help."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from matcher.client.backoff import Backoff
from matcher.client.calls import Call
from matcher.client.errors import ApiError, Problem, UnreachableError, UnreadableAnswerError
from matcher.errors import MatcherError, UsageError

PASSING = {429, 502, 503, 504}
NOTHING_DONE = {"busy", "draining"}  # codes of a service that did not begin
NEVER_MADE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: bytes, and the version of the record where they hold one."""

    body: bytes
    version: str = ""


class Wire:
    """A connection to one service.

    Args:
        key: Sent as a bearer token; never shown.
        timeout_s: Of an attempt: to connect, and for every silence in between.
        retries: How often a request may be sent again.
    """

    def __init__(
        self,
        address: str,
        *,
        key: str | None,
        timeout_s: float,
        retries: int,
        backoff: Backoff,
        transport: httpx.BaseTransport | None,
    ) -> None:
        if retries < 0 or not 0 < timeout_s < math.inf:
            raise UsageError(
                f"found retries={retries} and timeout_s={timeout_s}, expected retries from 0 and a "
                "finite time above 0; correct them"
            )
        self._address, self._retries, self._backoff = _checked(address), retries, backoff
        self._http = httpx.Client(
            timeout=timeout_s, transport=transport, headers={"Accept": "application/json"}
        )
        if key is not None:
            self._http.headers["Authorization"] = f"Bearer {_sendable(key)}"

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def ask(self, call: Call, *, retries: int | None = None) -> Answer:
        """What the service answers, in as many attempts as it takes and may take.

        Args:
            retries: How many may follow the first; as many as usual, if None.

        Raises:
            ApiError: It refuses.
            UnreachableError: It does not answer.
            UnreadableAnswerError: What it sends breaks off, or is packed in an unknown way.
        """
        uncertain, attempt = False, 0
        most = self._retries if retries is None else retries
        while True:
            found = self._tried(call, attempts=attempt + 1, uncertain=uncertain)
            if isinstance(found, Answer):
                return found
            asked_s = found.retry_after_s if isinstance(found, ApiError) else None
            if attempt == most or not self._may_repeat(call, found, asked_s):
                raise found
            uncertain = uncertain or _is_uncertain(found)
            self._backoff.wait(attempt, asked_s=asked_s)
            attempt += 1

    def _tried(self, call: Call, *, attempts: int, uncertain: bool) -> Answer | MatcherError:
        """One attempt: an answer, or the failure that it is if it was the last."""
        headers = {**call.headers, **({"Content-Type": call.media} if call.body else {})}
        try:
            answer = self._http.request(
                call.method, self._address + call.path, content=call.body, headers=headers
            )
        except httpx.DecodingError as error:
            raise UnreadableAnswerError(
                f"{self._address} sent what cannot be unpacked ({error}); check what lies between"
            ) from error
        except httpx.TransportError as error:
            failure = UnreachableError(
                self._address,
                reason=f"{type(error).__name__}: {error}" if str(error) else type(error).__name__,
                attempts=attempts,
                uncertain=uncertain or not isinstance(error, NEVER_MADE),
            )
            failure.__cause__ = error
            return failure
        if answer.is_success:
            return Answer(answer.content, answer.headers.get("ETag", "").strip('"'))
        return ApiError(
            _problem(answer),
            status=answer.status_code,
            retry_after_s=self._backoff.asked_s(answer.headers.get("Retry-After")),
            uncertain=uncertain,
        )

    def _may_repeat(self, call: Call, found: MatcherError, asked_s: float | None) -> bool:
        if isinstance(found, UnreachableError):
            return call.repeatable or not found.uncertain
        return (
            call.repeatable
            and found.status in PASSING
            and (asked_s or 0.0) <= self._backoff.most_asked_s
        )


def _is_uncertain(found: MatcherError) -> bool:
    """Whether what was asked may have been carried out all the same."""
    if isinstance(found, ApiError):
        return found.status != HTTPStatus.TOO_MANY_REQUESTS and found.code not in NOTHING_DONE
    return isinstance(found, UnreachableError) and found.uncertain


def _problem(answer: httpx.Response) -> Problem:
    """What an answer says of its refusal, in whatever form it comes."""
    try:
        said = json.loads(answer.content)
    except (ValueError, RecursionError):
        said = None
    if isinstance(said, dict) and isinstance(said.get("code"), str):
        errors = said.get("errors")
        errors = errors if isinstance(errors, list) else []
        fields = tuple(one for one in errors if isinstance(one, dict))
        return Problem(code=said["code"], detail=str(said.get("detail", "")), fields=fields)
    phrase = answer.reason_phrase or _phrase(answer.status_code)
    text = " ".join(answer.text.split())[:LONGEST_DETAIL]
    return Problem(code="http-error", detail=f"{phrase}; what answered is not this API: {text!r}")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no known status"


def _checked(address: str) -> str:
    """The address without a slash at its end."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError) as error:
        raise _no_address(address) from error
    if url.userinfo:
        raise UsageError("the address holds a name or password; leave it out, and pass a key")
    if url.scheme not in {"http", "https"} or not url.host or url.query or url.fragment:
        raise _no_address(address)
    return str(url).rstrip("/")


def _no_address(address: object) -> UsageError:
    return UsageError(
        f"found {ascii(address)[:100]}, expected an address such as http://127.0.0.1:8080; "
        "correct it"
    )


def _sendable(key: str) -> str:
    if not (key and key.isascii() and key.isprintable() and " " not in key):
        raise UsageError(
            "the key holds what no key holds, or nothing: a line break, perhaps; pass it as it was "
            "issued"
        )
    return key

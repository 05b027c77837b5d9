"""Services that answer as they are told, and a clock that nobody waits for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import httpx

from matcher.client import MatcherClient
from matcher.client.backoff import Backoff

Step = httpx.Response | Exception


class Scripted(httpx.MockTransport):
    """Answers the first request with the first step, and so on.

    Attributes:
        requests: Those that came.
    """

    def __init__(self, steps: Iterable[Step]) -> None:
        self._steps = iter(steps)
        self.requests: list[httpx.Request] = []
        super().__init__(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = next(self._steps)
        if isinstance(step, Exception):
            raise step
        return step


class Waits:
    """Notes how long was waited; of every span that it is asked for it draws all."""

    def __init__(self, draw: Callable[[float, float], float] = lambda low, high: high) -> None:
        self.slept: list[float] = []
        self.backoff = Backoff(sleep=self.slept.append, uniform=draw)


def a_client(
    *steps: Step, waits: Waits | None = None, **options: object
) -> tuple[MatcherClient, Scripted]:
    service = Scripted(steps)
    waits = waits or Waits()
    client = MatcherClient(
        "http://localhost:1", transport=service, backoff=waits.backoff, **options
    )
    return client, service


def says(status: int = 200, content: object = None, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=json.dumps(content), headers=named)


def refuses(status: int, code: str, detail: str = "no", **headers: str) -> httpx.Response:
    problem = {"code": code, "detail": detail, "status": status, "title": "t"}
    return says(status, problem, content_type="application/problem+json", **headers)

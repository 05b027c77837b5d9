"""Work takes turns: a few at a time, some in line, and beyond that a refusal at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from matcher.errors import BusyError

WRITES_AT_ONCE = 2
MOST_WAITING = 64
MOST_MATCHES_WAITING = 128

Answer = TypeVar("Answer")


class Turns:
    """A bounded line before some threads; used from one event loop.

    Args:
        at_once: How many are at work at a time.
        most_waiting: How many more may wait.
        of: What they are, in words.
    """

    def __init__(
        self,
        *,
        at_once: int = WRITES_AT_ONCE,
        most_waiting: int = MOST_WAITING,
        of: str = "writes",
    ) -> None:
        self._of = of
        self._limiter = CapacityLimiter(at_once)
        self._most, self._waiting = at_once + most_waiting, most_waiting
        self._here = 0

    async def take(self, work: Callable[[], Answer]) -> Answer:
        """Do some work in a thread, in turn.

        Raises:
            BusyError: Too many wait already.
        """
        if self._here >= self._most:
            raise BusyError(self._waiting, of=self._of)
        self._here += 1
        try:
            return await to_thread.run_sync(work, limiter=self._limiter)
        finally:
            self._here -= 1

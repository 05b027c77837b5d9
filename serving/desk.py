"""Where written things are handed in: in turn, counted, and off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from matcher.errors import MatcherError, ReadOnlyError
from serving.current import Current
from serving.following import Follower
from serving.metrics import Metrics
from serving.turns import Turns
from serving.writing import Writer

READS_AT_ONCE = 4

Answer = TypeVar("Answer")


class Desk:
    """Takes writes and single reads to a store, where there is one.

    Args:
        current: What answers; only one that follows a store can be written to.
        metrics: Takes note of every write.
        turns: The line of those who write.
    """

    def __init__(self, current: Current, *, metrics: Metrics, turns: Turns) -> None:
        self._writer = Writer(current) if isinstance(current, Follower) else None
        self._metrics, self._turns = metrics, turns
        self._reads = CapacityLimiter(READS_AT_ONCE)

    @property
    def writer(self) -> Writer:
        """Who writes.

        Raises:
            ReadOnlyError: There is no store.
        """
        if self._writer is None:
            raise ReadOnlyError
        return self._writer

    async def write(
        self, route: str, work: Callable[[], Answer], *, outcome: Callable[[Answer], str]
    ) -> Answer:
        """Do a write in turn, and count what it came to: an outcome, or a code."""
        try:
            answer = await self._turns.take(work)
        except MatcherError as error:
            self.count(route, error.code)
            raise
        self.count(route, outcome(answer))
        return answer

    async def read(self, work: Callable[[], Answer]) -> Answer:
        """Read a record from the store."""
        return await to_thread.run_sync(work, limiter=self._reads)

    def count(self, route: str, outcome: str, *, times: int = 1) -> None:
        """Note what a write came to."""
        self._metrics.count_write(route=route, outcome=outcome, times=times)

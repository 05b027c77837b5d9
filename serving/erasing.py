"""Erasures are brought to their end behind the requests, by a thread of every process.

Who asked has been answered by then, and the person is on no list. What this process does not
finish another one does, or this one after its next start. Logs know erasures by number alone.
"""

from __future__ import annotations

from datetime import datetime
from threading import Event, Thread
from typing import Literal

import structlog

from matcher.errors import MatcherError
from matcher.store.erasing import Progress
from matcher.store.erasure import Asked
from serving.current import Current
from serving.filters import Closed
from serving.following import Follower
from serving.metrics import Metrics

LOOK_S = 5.0
AGAIN_S = 0.5  # where it failed, or a reader holds on to what is left; doubled each time
LONGEST_PAUSE_S = 60.0

log = structlog.get_logger(__name__)


class ErasureRecord(Closed):
    """An erasure that was asked for; the person is on no list any more.

    Attributes:
        erasure: Its number: logs and metrics know it by that alone.
        state: `pending`; `removed` from the tables; `done`, files included.
        done_at: When the person left the tables.
    """

    erasure: int
    state: Literal["pending", "removed", "done"]
    asked_at: datetime
    done_at: datetime | None


class Eraser:
    """Goes on with the erasures of the store that is followed; safe to use from several threads.

    Args:
        follower: Knows the store.
        look_s: How often others' erasures are looked for.
    """

    def __init__(self, follower: Follower, *, metrics: Metrics, look_s: float = LOOK_S) -> None:
        self._follower, self._metrics, self._look_s = follower, metrics, look_s
        self._rewritten = self._failures = 0
        self._wake, self._ending = Event(), Event()
        self._thread: Thread | None = None

    def asked(self, asked: Asked) -> None:
        """Note that an erasure was asked for; it is gone on with at once."""
        if asked.is_new:
            self._metrics.count_erasures("pending")
            log.info("erasure_asked", erasure=asked.erasure.number)
        self._wake.set()

    def begin(self) -> None:
        """Erase, in a thread of its own."""
        self._ending.clear()
        self._thread = Thread(target=self._erase, name="eraser", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop, once what goes on is committed."""
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _erase(self) -> None:
        while not self._ending.is_set():
            self._wake.clear()
            self._step()
            self._wake.wait(self._pause_s)

    @property
    def _pause_s(self) -> float:
        if not self._failures:
            return self._look_s
        return min(AGAIN_S * float(2**self._failures), LONGEST_PAUSE_S)

    def _step(self) -> None:
        """All that is there to do; whatever fails is told, and tried again."""
        try:
            with self._follower.store() as store:
                progress = store.erasures.finish(rewritten=self._rewritten)
        except MatcherError as error:
            if not self._failures:
                log.warning("erasures_wait", code=error.code, detail=str(error))
            self._failures = min(self._failures + 1, 16)
        except Exception:  # the top of a thread: nobody above could report it
            log.exception("erasing_failed", code="internal-error")
            self._failures = min(self._failures + 1, 16)
        else:
            self._failures = min(self._failures + 1, 16) if progress.waiting else 0
            self._tell(progress)

    def _tell(self, progress: Progress) -> None:
        self._rewritten = progress.rewritten
        for state, numbers in (("removed", progress.removed), ("done", progress.done)):
            if numbers:
                self._metrics.count_erasures(state, times=len(numbers))
                log.info("erasures", state=state, erasures=list(numbers))


def eraser_of(current: Current, *, metrics: Metrics) -> Eraser | None:
    """Who erases from the store that is followed; None where none is."""
    return Eraser(current, metrics=metrics) if isinstance(current, Follower) else None

"""Whether the service is warm: models loaded, one silent match made."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from time import perf_counter

import structlog

log = structlog.get_logger(__name__)


class Warmth:
    """Rehearses in a thread of its own, so that the process can say that it is not ready yet.

    Args:
        rehearse: Does once what the first request would otherwise wait for.
        on_ready: Called after it.
    """

    def __init__(self, rehearse: Callable[[], None], *, on_ready: Callable[[], None]) -> None:
        self._rehearse, self._on_ready = rehearse, on_ready
        self._is_ready = False
        self.state = "the service is loading its models; ask again in some seconds"

    @property
    def is_ready(self) -> bool:
        """Whether the rehearsal has ended well."""
        return self._is_ready

    def begin(self) -> None:
        """Start the rehearsal and return."""
        Thread(target=self._warm, name="rehearsal", daemon=True).start()

    def _warm(self) -> None:
        started = perf_counter()
        try:
            self._rehearse()
        except Exception:  # the top of a thread: nobody above could report it
            self.state = "the service could not make its first match; see its log"
            log.exception("rehearsal_failed")
            return
        self._is_ready = True
        self._on_ready()
        log.info("ready", took_s=round(perf_counter() - started, 3))

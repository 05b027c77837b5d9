"""Makes anew, beside what answers, what has grown by much."""

from __future__ import annotations

from threading import Thread

import structlog

from matcher.errors import MatcherError
from serving.building import Builder, Held
from serving.service import Served

log = structlog.get_logger(__name__)


class Renewal:
    """One thread at a time that builds; used by one other thread."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._thread: Thread | None = None
        self._made: Held | None = None

    @property
    def is_ready(self) -> bool:
        """Whether something was made that nobody took."""
        return self._made is not None

    def begin(self, before: Served) -> None:
        """Start making anew, unless it goes on already."""
        if self._thread is None or not (self._thread.is_alive() or self.is_ready):
            self._thread = Thread(target=self._make, args=(before,), name="renewal", daemon=True)
            self._thread.start()

    def take(self) -> Held | None:
        """What was made, once; it may lag behind what answers."""
        made, self._made = self._made, None
        return made

    def end(self) -> None:
        """Wait until nothing is made any more."""
        if self._thread is not None:
            self._thread.join()

    def _make(self, before: Served) -> None:
        try:
            self._made = self._builder.build(before)
        except MatcherError as error:
            log.warning("renewal_failed", code=error.code, detail=str(error))

"""Decisions go on record behind the answers: a bounded queue, and one thread that writes.

An answer does not wait for its decision to be written, so what is in the queue when the process
is killed is lost. Where the queue is full, since the database is away or slow, it is the newest
that is dropped: its own answer can still say so, while those in the queue have been answered
already as if they were on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from threading import Condition, Event, Thread
from time import monotonic, sleep
from typing import TypeVar

import structlog

from matcher.domain import DAY_US, instant_of
from matcher.errors import MatcherError
from matcher.store.decision import Decision
from matcher.store.decisions import PAGE, Prepared, keep, prune
from matcher.store.discretion import discreet
from serving.current import Present
from serving.decisions import Origin
from serving.following import Follower
from serving.metrics import Metrics
from serving.schemas import JobsAnswer, MatchAnswer
from serving.service import Clock, now

NOT_ON_RECORD = "decisions are not on record at the moment: this one cannot be asked for later"
MOST, MOST_BYTES = 4_096, 64 << 20
BATCH = 64
KEPT_DAYS = 400
DELAY_S = 0.04
LONGEST_PAUSE_S = 8.0
DRAIN_S = 5.0
PRUNE_EVERY_S = 3_600.0

Answer = TypeVar("Answer", MatchAnswer, JobsAnswer)

log = structlog.get_logger(__name__)


def noted(answer: Answer, notes: tuple[str, ...]) -> Answer:
    """An answer that warns of more."""
    return answer.model_copy(update={"warnings": (*answer.warnings, *notes)}) if notes else answer


class Recorder:
    """Keeps decisions in the store that is followed; safe to use from several threads.

    Args:
        follower: Knows the store.
        kept_days: How long decisions are kept.
        most: Of decisions in the queue.
        most_bytes: Of what they take together, about.
        delay_s: How long decisions are gathered before they are written together.
    """

    def __init__(
        self,
        follower: Follower,
        *,
        metrics: Metrics,
        kept_days: int = KEPT_DAYS,
        clock: Clock = now,
        most: int = MOST,
        most_bytes: int = MOST_BYTES,
        delay_s: float = DELAY_S,
    ) -> None:
        self._follower, self._metrics, self._clock = follower, metrics, clock
        self._kept_days, self._delay_s = kept_days, delay_s
        self._most, self._most_bytes = most, most_bytes
        with follower.store() as store:
            self._store = store.identity()
        self._queue: dict[str, Decision] = {}
        self._bytes, self._failures = 0, 0
        self._changed, self._ending = Condition(), Event()
        self._prune_at = monotonic()
        self._thread: Thread | None = None

    def origin(self, present: Present) -> Origin:
        """What a request is answered from, as a decision names it."""
        return Origin(served=present.served, store=self._store, seq=present.seq)

    def keep(self, decision: Decision) -> tuple[str, ...]:
        """Put a decision on record soon; what its answer has to warn of."""
        with self._changed:
            full = len(self._queue) >= self._most
            if full or self._bytes + decision.nbytes > self._most_bytes:
                self._metrics.count_decisions("dropped", times=1)
                return (NOT_ON_RECORD,)
            self._queue[decision.summary.decision_id] = decision
            self._bytes += decision.nbytes
            self._metrics.set_queued(len(self._queue))
            self._changed.notify()
        return ()

    def waiting(self, decision_id: str) -> Decision | None:
        """A decision that is not written yet; None of others."""
        return self._queue.get(decision_id)

    def settle(self, decision_ids: Sequence[str], *, outcome: str = "recorded") -> None:
        """Take decisions that are on record, or given up, from the queue."""
        with self._changed:
            taken = [self._queue.pop(one) for one in decision_ids if one in self._queue]
            self._bytes -= sum(one.nbytes for one in taken)
            self._metrics.set_queued(len(self._queue))
        if taken:
            self._metrics.count_decisions(outcome, times=len(taken))

    def begin(self) -> None:
        """Write, in a thread of its own."""
        self._ending.clear()
        self._thread = Thread(target=self._write, name="recorder", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Write what is in the queue, for some seconds at most, and stop."""
        self._ending.set()
        with self._changed:
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(2 * DRAIN_S)
            self._thread = None
        if self._queue:
            log.error("decisions_lost", count=len(self._queue))

    def _write(self) -> None:
        while not self._ending.is_set():
            with self._changed:
                if not self._queue:
                    self._changed.wait(max(self._prune_at - monotonic(), 0.0))
            self._ending.wait(self._pause_s)
            self._step()
        deadline = monotonic() + DRAIN_S
        while self._queue and monotonic() < deadline:
            self._step()
            sleep(self._delay_s if self._failures else 0.0)

    @property
    def _pause_s(self) -> float:
        return min(self._delay_s * float(2**self._failures), LONGEST_PAUSE_S)

    def _step(self) -> None:
        """One batch, and some of what is old; whatever fails is told, and tried again."""
        with self._changed:
            batch = list(islice(self._queue.values(), BATCH))
        try:
            self._put(batch)
            self._let_go()
            self._failures = 0
        except MatcherError as error:
            if not self._failures:
                log.warning("decisions_wait", code=error.code, detail=str(error))
            self._failures = min(self._failures + 1, 16)
        except Exception:  # the top of a thread: nobody above could report it
            log.exception("decisions_dropped", code="internal-error", count=len(batch))
            self.settle([one.summary.decision_id for one in batch], outcome="dropped")

    def _put(self, batch: Sequence[Decision]) -> None:
        if batch:
            prepared = Prepared.of(batch)
            with self._follower.store() as store, store.database.writing() as connection:
                left = discreet(connection, batch)
                keep(connection, prepared if left == batch else Prepared.of(left))
            self.settle([one.summary.decision_id for one in batch])

    def _let_go(self) -> None:
        """Delete a few old decisions, and look again in an hour where there are no more."""
        if monotonic() < self._prune_at or self._ending.is_set():
            return
        before = instant_of(self._clock()) - self._kept_days * DAY_US
        with self._follower.store() as store, store.database.writing() as connection:
            gone = prune(connection, before=before)
        if gone < PAGE:
            self._prune_at = monotonic() + PRUNE_EVERY_S
        if gone:
            log.info("decisions_pruned", count=gone)

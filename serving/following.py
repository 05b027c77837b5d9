"""Follows a store: what answers grows behind the requests, and is swapped between two.

A request keeps what it began with. One that comes after a write waits until what answers holds
that write, up to a bound; beyond it, and while the database is away, it is answered from what
there is, and told so. What a change does not fit onto is made anew; so is, beside it, what has
grown by much.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from time import monotonic, perf_counter

import anyio
import structlog

from matcher.errors import MatcherError, StoreUnavailableError
from matcher.outgrown import Outgrown
from matcher.store.keys import Keys
from matcher.store.store import Store
from serving.building import Builder, Held
from serving.current import Present
from serving.metrics import Metrics
from serving.recall import Recall
from serving.renewal import Renewal
from serving.service import Served

POLL_S = 0.5
STEP_S = 0.005
LONGEST_PAUSE_S = 8.0
LONGEST_REST_S = 0.25  # between two growths, so that one core is never busy with them alone
MOST_GROWN = 20_000
AWAY = "the database is away"

log = structlog.get_logger(__name__)


class Follower:
    """A `Current` that keeps up with a store; safe to use from several threads.

    Args:
        builder: Makes what answers.
        held: What answers at first.
        wait_s: How long a request waits for the writes before it.
        poll_s: How often other processes' writes are looked for.
        most_grown: After how many changes it is made anew.
    """

    def __init__(
        self,
        builder: Builder,
        held: Held,
        *,
        wait_s: float = 2.0,
        poll_s: float = POLL_S,
        most_grown: int = MOST_GROWN,
    ) -> None:
        self._builder, self._held = builder, held
        self._wait_s, self._poll_s, self._most_grown = wait_s, poll_s, most_grown
        self._renewal = Renewal(builder)
        self._written = self._head = held.seq
        self._failures, self._is_away = 0, False
        self._metrics: Metrics | None = None
        self._lock, self._wake, self._ended = Lock(), Event(), Event()
        self._advancing = Lock()
        self._end_of_rest = self._rebuild_s = 0.0
        self._is_rebuilding = False
        self._thread: Thread | None = None
        self._is_ending = False

    @property
    def served(self) -> Served:
        """What answers now."""
        return self._held.served

    @property
    def held(self) -> Held:
        """What answers now, and which change it follows."""
        return self._held

    @property
    def builder(self) -> Builder:
        """What makes what answers."""
        return self._builder

    @property
    def recall(self) -> Recall:
        """Where vectors come from."""
        return self._builder.recall

    @property
    def keys(self) -> Keys:
        """Who may ask."""
        return self._builder.store.keys

    @property
    def trouble(self) -> str:
        """Whether the database is away."""
        return AWAY if self._is_away else ""

    async def present(self) -> Present:
        """What holds every write that was acknowledged before, or what there is by the bound."""
        needed, deadline = self._written, monotonic() + self._wait_s
        known = max(needed, self._head)  # what comes while it waits is no concern of this request
        while self._held.seq < needed and self._keeps_up and monotonic() < deadline:
            await anyio.sleep(STEP_S)
        held = self._held
        notes = tuple(self._notes(known - held.seq))
        return Present(served=held.served, seq=held.seq, notes=notes)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store, to ask or to write; whether it is away is noticed.

        Raises:
            StoreUnavailableError: The database cannot be reached.
        """
        try:
            yield self._builder.store
        except StoreUnavailableError:
            self._is_away = True
            raise

    def wrote(self, seq: int) -> None:
        """Note that a change was acknowledged; requests from now on want to see it."""
        with self._lock:
            self._written = max(self._written, seq)
            self._head = max(self._head, seq)
        self._wake.set()

    def adopt(self, builder: Builder, held: Held) -> None:
        """Answer from another model from now on, once what it holds has caught up.

        Raises:
            StoreUnavailableError: The database cannot be asked; what answered goes on.
        """
        with self._advancing:
            try:
                caught_up = builder.grow(held)
            except Outgrown:
                caught_up = builder.build(held.served)
            renewal, self._renewal = self._renewal, Renewal(builder)
            self._builder, self._held = builder, caught_up
        renewal.end()

    def begin(self, metrics: Metrics) -> None:
        """Follow, in a thread of its own."""
        self._metrics, self._is_ending = metrics, False
        self._ended.clear()
        self._wake.set()  # what was made before may be old by now: people may have left
        self._tell()
        self._thread = Thread(target=self._follow, name="follower", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Follow no more, and let go of the database."""
        self._is_ending = True
        self._wake.set()
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._renewal.end()
        self._builder.store.close()

    @property
    def _keeps_up(self) -> bool:
        """Whether waiting may help."""
        in_time = not self._is_rebuilding or self._rebuild_s <= self._wait_s
        return self._thread is not None and not self._is_away and not self._failures and in_time

    def _notes(self, behind: int) -> Iterator[str]:
        if self._is_away:
            yield f"{AWAY}: the list rests on what was known before, and may be out of date"
        if behind > 0:
            counted = "1 change" if behind == 1 else f"{behind:,} changes"
            yield f"the list is {counted} behind what is on record; a later one will hold them"

    def _follow(self) -> None:
        while not self._is_ending:
            pause = min(self._poll_s * 2**self._failures, LONGEST_PAUSE_S)
            self._wake.wait(pause)
            self._wake.clear()
            self._ended.wait(max(self._end_of_rest - monotonic(), 0))
            if not self._is_ending:
                self._catch_up()

    def _catch_up(self) -> None:
        """Take in whatever is new; whatever fails is tried again."""
        try:
            head = self._builder.store.head()
            with self._lock:
                self._head = max(self._head, head)
            self._is_away = False
            with self._advancing:
                if head > self._held.seq or self._renewal.is_ready:
                    self._advance()
            self._failures = 0
        except StoreUnavailableError as error:
            if not self._is_away:
                log.warning("store_away", code=error.code, detail=str(error))
            self._is_away = True
        except Exception as error:  # the top of a thread: nobody above could report it
            self._failures = min(self._failures + 1, 16)
            code = error.code if isinstance(error, MatcherError) else "internal-error"
            log.exception("catching_up_failed", code=code, kept_seq=self._held.seq)
            if self._metrics is not None:
                self._metrics.count_failed_rebuild()
        self._tell()

    def _advance(self) -> None:
        """Grow by what came, or be made anew where it does not fit; then rest as long."""
        started, why = perf_counter(), ""
        try:
            held = self._grown()
        except Outgrown as reason:
            why = str(reason)
            held = self._made_anew()
        self._held = held
        took = perf_counter() - started
        log.info("rebuilt" if why else "grown", seq=held.seq, took_s=round(took, 3), why=why)
        if self._metrics is not None:
            count = self._metrics.count_rebuild if why else self._metrics.count_growth
            count(took)
        if held.grown > self._most_grown:
            self._renewal.begin(held.served)
        self._end_of_rest = monotonic() + min(took, LONGEST_REST_S)

    def _grown(self) -> Held:
        """What answers with what came since; on what was made anew beside it, if it fits there."""
        if (renewed := self._renewal.take()) is not None:
            try:
                return self._builder.grow(renewed)
            except Outgrown as reason:
                log.info("renewal_outgrown", seq=renewed.seq, why=str(reason))
        return self._builder.grow(self._held)

    def _made_anew(self) -> Held:
        """What answers, built; whoever asks waits for it where the last one was quick enough."""
        self._is_rebuilding, started = True, monotonic()
        try:
            self._held = self._builder.withdrawn(self._held)
            return self._builder.build(self._held.served)
        finally:
            self._is_rebuilding, self._rebuild_s = False, monotonic() - started

    def _tell(self) -> None:
        if self._metrics is not None:
            seq = self._held.seq
            self._metrics.set_snapshot(seq=seq, behind=max(self._head - seq, 0))

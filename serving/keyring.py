"""The keys that the service knows: read from the store behind the requests, judged in memory.

What a request is judged by is at most as old as `POLL_S` and the time of a read, so a key that is
revoked anywhere is refused within a second. While the database is away the known keys go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from threading import Event, Thread

import structlog

from matcher.errors import MatcherError
from matcher.store.keys import Key, Keys, parts_of
from serving.refusals import UnauthenticatedError
from serving.service import Clock, now

POLL_S = 0.25
_BEARER = re.compile(r"bearer +([\x21-\x7e]{1,200})", re.ASCII | re.IGNORECASE)
SEND = "send `Authorization: Bearer KEY`"
NOBODYS = Key(  # no text is known to have such a digest
    key_id="", name="", scopes=(), digest=bytes(32), created_at=datetime.min.replace(tzinfo=UTC)
)

log = structlog.get_logger(__name__)


class Keyring:
    """Says whose a request is; safe to use from several threads.

    Args:
        keys: Where they are on record; None: nowhere, and there are none.
        is_open: Whether requests are answered without any key until the first is made.
        clock: Tells which keys have expired.
        poll_s: How often they are read again.

    Raises:
        StoreUnavailableError: The database cannot be asked for the first time.
    """

    def __init__(
        self,
        keys: Keys | None = None,
        *,
        is_open: bool = True,
        clock: Clock = now,
        poll_s: float = POLL_S,
    ) -> None:
        self._keys, self._clock, self._poll_s = keys, clock, poll_s
        self._known: Mapping[str, Key] = {}
        self._is_demanding = not is_open
        self._is_away = False
        self._ending = Event()
        self._thread: Thread | None = None
        if keys is not None:
            self._take(keys.all())

    @property
    def is_demanding(self) -> bool:
        """Whether a request needs a key: once there was one, for good."""
        return self._is_demanding

    def key_of(self, authorization: Sequence[str]) -> Key:
        """The key of a request, by its `Authorization` headers.

        Raises:
            UnauthenticatedError: It has none, or none that is of use.
        """
        if len(authorization) > 1:
            raise UnauthenticatedError(f"the request has several Authorization headers; {SEND}")
        if not authorization:
            raise UnauthenticatedError(f"the request came without a key; {SEND}")
        found = _BEARER.fullmatch(authorization[0].strip(" \t"))
        return self.known(found[1] if found else "")

    def known(self, text: str) -> Key:
        """The key of a text; which part of another text is wrong takes no longer to find.

        Raises:
            UnauthenticatedError: It is none, or none that is of use.
        """
        key_id, secret = parts_of(text) or ("", "")
        key = self._known.get(key_id, NOBODYS)
        if not key.holds(secret):
            raise UnauthenticatedError(f"the key is not known here; {SEND} with one that is")
        state = key.state(self._clock())
        if state != "usable":
            said = "has expired" if state == "expired" else "was revoked"
            raise UnauthenticatedError(f"the key {said}; ask whoever runs the service for another")
        return key

    def begin(self) -> None:
        """Read the keys again and again, in a thread of its own."""
        if self._keys is not None:
            self._ending.clear()
            reading = self._keys.all
            self._thread = Thread(target=self._follow, args=(reading,), name="keyring", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Read them no more."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _follow(self, reading: Callable[[], tuple[Key, ...]]) -> None:
        while not self._ending.wait(self._poll_s):
            try:
                self._take(reading())
                self._is_away = False
            except Exception as error:  # the top of a thread: nobody above could report it
                if not self._is_away:
                    code = error.code if isinstance(error, MatcherError) else "internal-error"
                    bug = None if isinstance(error, MatcherError) else error
                    log.warning("keys_not_read", code=code, kept=len(self._known), exc_info=bug)
                self._is_away = True

    def _take(self, keys: Sequence[Key]) -> None:
        self._known = {key.key_id: key for key in keys}
        self._is_demanding = self._is_demanding or bool(keys)

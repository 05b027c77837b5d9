"""Erasures of a store: asked for, brought to their end, told of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from matcher.domain import instant_of
from matcher.store import erased, erasing, erasure
from matcher.store.database import Database
from matcher.store.erased import Barred
from matcher.store.erasing import Progress
from matcher.store.erasure import Asked, Erasure, Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasures:
    """The erasures in a database; safe to use from several threads.

    Every method raises `StoreUnavailableError` where the database is away.

    Attributes:
        clock: Tells the instant of asking and of removing.
    """

    database: Database
    clock: Callable[[], datetime]

    def ask(self, id_: str, *, if_match: str | None = None) -> Asked:
        """Take a person off every list, and note that nothing of them is to stay.

        Again it is the same erasure, unless a new person of this id came meanwhile.

        Raises:
            UnknownFreelancerError: There never was one of this id.
            StaleVersionError: It is of another version.
        """
        return erasure.ask(self.database, id_, if_match=if_match, now=self._now())

    def finish(self, *, rewritten: int = 0) -> Progress:
        """Go on with all that was asked for; `rewritten` is what was told the last time."""
        return erasing.finish(self.database, clock=self._now, rewritten=rewritten)

    def unfinished(self) -> list[Erasure]:
        """Those that have not come to their end, oldest first."""
        with self.database.reading() as connection:
            return erasure.unfinished(connection)

    def pending(self) -> frozenset[str]:
        """Ids of those who are in the tables still, and are not to be told of any more."""
        with self.database.reading() as connection:
            return erasure.pending(connection)

    def any_since(self, seq: int) -> bool:
        """Whether somebody left the tables after a change."""
        with self.database.reading() as connection:
            return erased.left_since(connection, seq) > 0

    def known(self, id_: str) -> Known:
        """What there is to tell of an id.

        Raises:
            UnknownErasureError: Nobody of this id was ever erased.
        """
        with self.database.reading() as connection:
            return erasure.known(connection, id_)

    def barred(self, ids: Iterable[str]) -> Barred:
        """Those of some ids that may not come back as they were."""
        with self.database.reading() as connection:
            return erased.barred(connection, ids)

    def _now(self) -> int:
        return instant_of(self.clock())

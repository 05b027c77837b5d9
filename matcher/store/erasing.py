"""Brings erasures to their end, behind whoever asked; may be cut short anywhere, and done again.

Decisions are gone through a page a transaction; then one transaction takes out all the rest, and
says so in the log; then the files are written anew. Several processes may do this at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from matcher.store import tables
from matcher.store.database import Database
from matcher.store.erased import PENDING, await_others
from matcher.store.erasure import Erasure, unfinished
from matcher.store.journal import writing
from matcher.store.redacting import redact_some
from matcher.store.removing import remove, texts_of_one
from matcher.store.wiping import cut_off, rewrite

_TABLE = tables.erasures


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far unfinished erasures came.

    Attributes:
        removed: Numbers of those that left the tables now; `done`: the files, too.
        waiting: Of those whose remains a reader still holds on to.
        rewritten: The greatest number that had left the tables when the files were written anew.
        seq: Of the last change that was made; 0 for none.
    """

    removed: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    rewritten: int = 0
    seq: int = 0


def finish(database: Database, *, clock: Callable[[], int], rewritten: int = 0) -> Progress:
    """Go on with every erasure that has not come to its end.

    Args:
        database: Of the store.
        clock: Tells the instant of the removal.
        rewritten: As told before: files are written anew only for later ones.

    Raises:
        StoreUnavailableError: The database is away; do it again later.
    """
    removed, seq = list[int](), 0
    for erasure in _left(database):
        if erasure.state == PENDING and (last := _remove(database, erasure.number, clock=clock)):
            removed.append(erasure.number)
            seq = last
    numbers = tuple(one.number for one in _left(database) if one.state == "removed")
    if not numbers:
        return Progress(removed=tuple(removed), rewritten=rewritten, seq=seq)
    if max(numbers) > rewritten:
        rewrite(database)
        rewritten = max(numbers)
    is_empty = cut_off(database)
    if is_empty:
        with database.writing() as connection:
            mine = (_TABLE.c.number.in_(numbers), _TABLE.c.state == "removed")
            connection.execute(update(_TABLE).where(*mine).values(state="done"))
    return Progress(
        removed=tuple(removed),
        done=numbers if is_empty else (),
        waiting=() if is_empty else numbers,
        rewritten=rewritten,
        seq=seq,
    )


def _left(database: Database) -> Sequence[Erasure]:
    with database.reading() as connection:
        return unfinished(connection)


def _remove(database: Database, number: int, *, clock: Callable[[], int]) -> int:
    """Take one person out of the tables; the change that says so, 0 where another did it."""
    with database.writing() as connection:
        await_others(connection)
    while redact_some(database, number):
        pass
    with database.reading() as connection:
        query = select(_TABLE.c.freelancer_id).where(_TABLE.c.number == number)
        id_ = connection.execute(query).scalar_one()
        digests = [] if id_ is None else texts_of_one(connection, id_)
    with writing(database, now=clock()) as work:
        return work.seq if remove(work, number, digests=digests) else 0

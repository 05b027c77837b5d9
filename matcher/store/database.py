"""A database as the store uses it: transactions that read, transactions that write.

Both databases keep the same promises. A reader sees one instant of the whole database and
waits for nobody. A writer may count on being durable once its block has ended: SQLite runs in
WAL mode with `synchronous = FULL`, PostgreSQL as its server is set.

Whatever the driver raises becomes a `MatcherError`, with the database named and no secret.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Table, create_engine, event, insert
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from matcher.errors import MatcherError, StoreRefusedError, StoreUnavailableError
from matcher.store.address import POSTGRESQL, SQLITE, file_of, shown

BUSY_S = 30.0
CONNECT_S = 5
CONNECTIONS = 5  # that are kept; twice as many more in a rush
CACHE_KIB = 32_768
_NO_STORE = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Database:
    """An address and its pool of connections; open one after a fork, never before."""

    url: URL
    engine: Engine

    @classmethod
    def at(cls, url: URL) -> Database:
        """The database of an address; no connection is made yet."""
        if url.get_backend_name() == SQLITE:
            return cls(url, _sqlite(url))
        return cls(url, _postgresql(url))

    @property
    def is_postgresql(self) -> bool:
        """Whether a server is spoken to, and not a file."""
        return self.url.get_backend_name() == POSTGRESQL

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one instant of the database.

        Raises:
            StoreUnavailableError: The database cannot be reached or asked.
        """
        options = {"isolation_level": "REPEATABLE READ"} if self.is_postgresql else {}
        asked = self.engine.execution_options(**options)
        with self.told(), asked.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; durable once the block ends well, else nothing is.

        Raises:
            StoreUnavailableError: The database cannot be reached or written.
        """
        asked = self.engine.execution_options(writes=True)
        with self.told(), asked.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def told(self) -> Iterator[None]:
        """What the driver raises, as an error of ours."""
        try:
            yield
        except DBAPIError as error:
            raise _failure(self.url, error.orig) from error
        except (PoolTimeoutError, sqlite3.Error) as error:
            raise _failure(self.url, error) from error


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert many rows; a column that a row lacks is null.

    SQLAlchemy's own way looks at every parameter of every row, which takes longer than to
    insert them. Here the statement is its own, and the rows go to the driver as they are.
    """
    compiled = insert(table).compile(dialect=connection.dialect)
    if compiled.positiontup is None:
        names = [column.name for column in table.columns]
        named = [{name: row.get(name) for name in names} for row in rows]
        connection.exec_driver_sql(str(compiled), named)
    else:
        names = compiled.positiontup
        connection.exec_driver_sql(str(compiled), [tuple(map(row.get, names)) for row in rows])


def _sqlite(url: URL) -> Engine:
    file = file_of(url)

    def connect() -> sqlite3.Connection:
        made = connected_file(url)
        made.execute("PRAGMA synchronous = FULL")
        made.execute("PRAGMA secure_delete = ON")
        made.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return made

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,  # without a file in the URL it would be one that suits memory alone
        pool_size=CONNECTIONS,
        pool_timeout=BUSY_S,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    _watch(engine, file)
    return engine


def connected_file(url: URL) -> sqlite3.Connection:
    """A connection to a file that is there: one that is gone is not made anew.

    Raises:
        sqlite3.Error: It cannot be opened.
    """
    mode = str(url.query.get("mode", "rw"))
    return sqlite3.connect(
        f"file:{quote(str(file_of(url)))}?mode={mode}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
        check_same_thread=False,
    )


def _begin(connection: Connection) -> None:
    """A writer takes the lock at once: one that reads first would be refused later."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _watch(engine: Engine, file: Path) -> None:
    """Give up connections to a file that was moved away: what they write would be lost."""

    def connected(_: object, record: Any) -> None:
        record.info["file"] = _identity(file)

    def checked_out(_: object, record: Any, __: object) -> None:
        if record.info.get("file") != _identity(file):
            raise DisconnectionError(f"{file} is another file than before")

    event.listen(engine, "connect", connected)
    event.listen(engine, "checkout", checked_out)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        pool_size=CONNECTIONS,
        pool_pre_ping=True,
        pool_timeout=BUSY_S,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_S, "application_name": "matcher"},
    )

    def connected(made: Any, _: object) -> None:
        made.execute(f"SET lock_timeout = '{BUSY_S:.0f}s'")
        made.commit()

    event.listen(engine, "connect", connected)
    return engine


def _failure(url: URL, cause: BaseException | None) -> MatcherError:
    if getattr(cause, "sqlite_errorcode", None) in _NO_STORE:
        return StoreRefusedError(
            f"{shown(url)} is damaged, or no database at all; name another one, or restore a backup"
        )
    return StoreUnavailableError(
        f"the database {shown(url)} cannot be used ({_reason(url, cause)}); check that it is "
        "there, has room and may be written, then try again: what was not acknowledged may safely "
        "be sent a second time"
    )


def _reason(url: URL, cause: BaseException | None) -> str:
    """The first line of what the driver says, for later ones may quote a record."""
    first = next(iter(str(cause).strip().splitlines()), type(cause).__name__)[:_LONGEST]
    return first.replace(url.password, "***") if url.password else first

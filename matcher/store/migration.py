"""Brings the tables of a database to the schema of this release, or refuses the database.

The scripts lie in `migrations/versions`, one a step, and run in one transaction under a lock:
processes that start at once take turns, and the second finds nothing left to do.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from matcher.errors import StoreRefusedError, StoreUnavailableError
from matcher.store.address import file_of, shown
from matcher.store.database import BUSY_S, Database, connected_file

VERSION_TABLE = "schema_version"
SCRIPTS = Path(__file__).parent / "migrations"
_ONE_AT_A_TIME = threading.Lock()  # Alembic's context is one for the whole process
_LOCK = 0x6D617463  # "matc"; any number that only this program uses


def prepare(database: Database, *, migrate: bool) -> bool:
    """Make sure that a database holds this release's tables; whether it was changed.

    Raises:
        StoreRefusedError: It is another program's, of the future, or (without `migrate`) older.
        StoreUnavailableError: It cannot be reached or written.
    """
    config = Config(attributes={})
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    if not database.is_postgresql:
        _make_file(database, migrate=migrate)
    if _is_current(database, scripts):
        _use_wal(database)
        return False
    if not migrate:
        raise StoreRefusedError(
            f"{shown(database.url)} is not of this release's schema; run `matcher migrate` first"
        )
    _use_wal(database)
    with database.writing() as connection:
        if database.is_postgresql:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if _check(connection, database, scripts):
            return False  # another process was faster
        config.attributes["connection"] = connection
        with _ONE_AT_A_TIME:
            command.upgrade(config, "head")
    return True


def _is_current(database: Database, scripts: ScriptDirectory) -> bool:
    with database.reading() as connection:
        return _check(connection, database, scripts)


def _check(connection: Connection, database: Database, scripts: ScriptDirectory) -> bool:
    """Whether nothing is to be done; refuses what must not be touched."""
    names = inspect(connection).get_table_names()
    if VERSION_TABLE not in names:
        if names:
            raise StoreRefusedError(
                f"{shown(database.url)} holds tables of another program ({names[0][:60]!r}, for "
                "one); name an empty database, or an empty schema of it"
            )
        return False
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    found = context.get_current_revision()
    if found not in {script.revision for script in scripts.walk_revisions()}:
        raise StoreRefusedError(
            f"{shown(database.url)} has schema {str(found)[:40]!r}, which this release does not "
            f"know (its own is {scripts.get_current_head()!r}): a later release wrote it; deploy "
            "that one, or restore a backup from before"
        )
    return found == scripts.get_current_head()


def _make_file(database: Database, *, migrate: bool) -> None:
    """An empty file where there is none, readable by its owner alone: it will hold people."""
    file = file_of(database.url)
    if file.exists() or not migrate:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise StoreUnavailableError(
            f"{shown(database.url)} cannot be made ({error.strerror}); name another file"
        ) from error


def _use_wal(database: Database) -> None:
    """Readers and one writer side by side; kept in the file, but not by every way to copy it."""
    if database.is_postgresql or database.url.query.get("mode") == "ro":
        return
    deadline = time.monotonic() + BUSY_S
    with database.told(), closing(connected_file(database.url)) as file:
        while True:
            try:
                file.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:  # another process is doing the same
                if time.monotonic() > deadline or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                time.sleep(0.02)
            else:
                return

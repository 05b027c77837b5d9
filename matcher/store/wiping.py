"""What was deleted leaves the database's files too, as far as they are ours.

SQLite overwrites what it deletes (`secure_delete`), but not what it left behind earlier when it
moved rows from page to page: of 300 rows among 20,000 two could still be read. So the file is
written anew, and what was in its log is cut off. PostgreSQL gives the room of dead rows free for
others; its own log and its backups keep what they hold.

Source: SQLite, PRAGMA secure_delete, and The WAL-mode File Format; PostgreSQL, Routine Vacuuming
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

from sqlalchemy import text

from matcher.store.database import Database, connected_file

BLOCKING_MS = 200  # writers wait as long where a reader holds on to the log
_TOUCHED = "freelancers, jobs, events, vectors, changes, decisions, overrides, erasures, about"


def rewrite(database: Database) -> None:
    """Write the files anew without what was deleted; writers wait meanwhile.

    Raises:
        StoreUnavailableError: There is no room, or somebody else is writing for long.
    """
    if database.is_postgresql:
        alone = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with database.told(), alone.connect() as connection:
            connection.execute(text(f"VACUUM {_TOUCHED}"))
        return
    with database.told(), closing(_own(database)) as file:
        file.execute("VACUUM")


def cut_off(database: Database) -> bool:
    """Empty the log beside the file; False where a reader still needs it.

    Raises:
        StoreUnavailableError: The database cannot be written.
    """
    if database.is_postgresql:
        return True
    with database.told(), closing(_own(database)) as file:
        file.execute(f"PRAGMA busy_timeout = {BLOCKING_MS}")
        busy, _, _ = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def _own(database: Database) -> sqlite3.Connection:
    file = connected_file(database.url)
    file.execute("PRAGMA secure_delete = ON")
    return file

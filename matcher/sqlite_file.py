"""A SQLite file that appears whole or not at all.

A long series of migrations is slow on a disk, for each one waits for it, and
useless when it is interrupted. It runs in memory instead.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

SQLITE = "sqlite:///"


def prepare(file: Path, *, migrate: Callable[[str], object]) -> None:
    """Make a database, unless there is one; another process may be doing the same.

    Args:
        file: Where it shall be.
        migrate: Given a database URL, makes the tables.

    Raises:
        sqlite3.Error: What is there is not a database, or it cannot be written.
    """
    if file.exists():
        with closing(sqlite3.connect(file)) as there:
            there.execute("PRAGMA schema_version")
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    token = secrets.token_hex(4)
    memory = f"file:empty-{token}?mode=memory&cache=shared"
    fresh = file.with_name(f".{file.name}.{token}.new")
    try:
        with closing(sqlite3.connect(memory, uri=True)) as made:
            migrate(f"{SQLITE}{memory}&uri=true")
            with closing(sqlite3.connect(fresh)) as copy:
                made.backup(copy)
        file.hardlink_to(fresh)
    except FileExistsError:
        return  # another process was faster: its file stays
    finally:
        fresh.unlink(missing_ok=True)

"""The record of who was champion: entries are added, never changed, never taken away.

One SQLite table. Triggers refuse to change, remove or replace an entry, and every entry
holds a SHA-256 over itself and the hash of the one before: what gets past the triggers
shows when the record is read. A write that is cut short leaves no part of itself.

The record stands beside MLflow's registry, which moves an alias without remembering.
Neither can be changed together with the other, so a move is two entries: what is
`intended`, and then that it was `moved`. `succession` writes them, under one lock.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from matcher.errors import LedgerError

Event = Literal["intended", "moved", "abandoned", "found", "refused"]
How = Literal["promotion", "rollback"]

BUSY_S = 30.0
FIRST = "0" * 64
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY, event TEXT NOT NULL, "
    "name TEXT NOT NULL, at TEXT NOT NULL, version TEXT, digest TEXT, how TEXT, by TEXT, "
    "why TEXT, figures TEXT NOT NULL, hash TEXT NOT NULL)",
    "CREATE TRIGGER IF NOT EXISTS no_change BEFORE UPDATE ON entries BEGIN "
    "SELECT RAISE(ABORT, 'an entry is never changed'); END",
    "CREATE TRIGGER IF NOT EXISTS no_removal BEFORE DELETE ON entries BEGIN "
    "SELECT RAISE(ABORT, 'an entry is never removed'); END",
    "CREATE TRIGGER IF NOT EXISTS no_replacement BEFORE INSERT ON entries "  # fires no delete
    "WHEN EXISTS (SELECT 1 FROM entries WHERE number = NEW.number) BEGIN "
    "SELECT RAISE(ABORT, 'an entry is never replaced'); END",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the record.

    Attributes:
        event: `intended` a move, `moved` or `abandoned` it; `found` moved by somebody else;
            `refused` a candidate.
        at: When, ISO 8601 in UTC; never before the entry before.
        version: Of the registered bundle that it is about; None for nobody.
        figures: What a comparison came to.
    """

    event: Event
    name: str
    at: str
    version: str | None = None
    digest: str | None = None
    how: How | None = None
    by: str | None = None
    why: str | None = None
    figures: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reign:
    """A span of time with one champion, or with none.

    Attributes:
        version: None for nobody.
        until: None for the one that goes on.
        how: None where the alias was moved by somebody else.
    """

    version: str | None
    digest: str | None
    since: str
    until: str | None
    how: How | None
    by: str | None
    why: str | None
    figures: Mapping[str, object]


COLUMNS = tuple(one.name for one in fields(Entry))


@dataclass(frozen=True, slots=True)
class Ledger:
    """The record in a file, made with its first entry."""

    file: Path

    def append(self, entry: Entry) -> None:
        """Add an entry for good; it is on disk when this returns.

        A clock that was set back does not reach the record: `at` is then that of the entry before.

        Raises:
            LedgerError: The record is damaged, or cannot be written.
        """
        with self._open(self.file) as db:
            db.execute("BEGIN IMMEDIATE")
            for statement in SCHEMA:
                db.execute(statement)
            known = self._chain(db)
            before, sealed = known[-1] if known else (entry, FIRST)
            entry = replace(entry, at=max(entry.at, before.at))
            values = [len(known) + 1, *_values(entry), _sealed(sealed, entry)]
            places = ", ".join("?" * len(values))
            db.execute(f"INSERT INTO entries VALUES ({places})", values)
            db.execute("COMMIT")

    def entries(self, name: str) -> tuple[Entry, ...]:
        """All there is about a registered bundle, earliest first.

        Raises:
            LedgerError: The record is damaged: an entry was changed, or is missing.
        """
        return tuple(entry for entry in self._all() if entry.name == name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody else moves an alias meanwhile; the lock ends with the process at the latest.

        Raises:
            LedgerError: Somebody else has held it for half a minute.
        """
        lock = self.file.with_name(f"{self.file.name}.lock")
        with self._open(lock) as db:
            db.execute("BEGIN EXCLUSIVE")
            yield

    def _all(self) -> list[Entry]:
        if not self.file.exists():
            return []
        with self._open(self.file) as db:
            return [entry for entry, _ in self._chain(db)]

    def _chain(self, db: sqlite3.Connection) -> list[tuple[Entry, str]]:
        """Every entry with its hash, each verified."""
        if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'entries'").fetchone() is None:
            return []
        columns = ", ".join(COLUMNS)
        chain: list[tuple[Entry, str]] = []
        for number, *values, found in db.execute(
            f"SELECT number, {columns}, hash FROM entries ORDER BY number"
        ):
            entry = _entry(values)
            before = chain[-1][1] if chain else FIRST
            if entry is None or number != len(chain) + 1 or found != _sealed(before, entry):
                raise LedgerError(
                    f"entry {len(chain) + 1} of the record at {self.file} is not the one that was "
                    "written; restore the file from a backup, or set it aside to begin a new record"
                )
            chain.append((entry, found))
        return chain

    @contextmanager
    def _open(self, file: Path) -> Iterator[sqlite3.Connection]:
        try:
            _make_folder(file.parent)
            with closing(sqlite3.connect(file, timeout=BUSY_S, isolation_level=None)) as db:
                yield db
        except sqlite3.Error as error:
            raise LedgerError(
                f"the record of champions at {file} cannot be used ({error}); is another "
                "promotion under way? If not, check the file and the disk, and try again"
            ) from error


def reigns(entries: tuple[Entry, ...]) -> tuple[Reign, ...]:
    """Who was champion from when to when, earliest first.

    Args:
        entries: Of one registered bundle, in their order.
    """
    out: list[Reign] = []
    intended: Entry | None = None
    for entry in entries:
        if entry.event == "intended":
            intended = entry
        elif entry.event == "moved" and intended is not None:
            _follow(out, intended, since=entry.at)
        elif entry.event == "found":
            _follow(out, entry, since=entry.at)
    return tuple(out)


def _follow(out: list[Reign], entry: Entry, *, since: str) -> None:
    """End the reign that goes on, and begin the next."""
    if out:
        out[-1] = replace(out[-1], until=since)
    shared = {one.name: getattr(entry, one.name) for one in fields(Reign) if one.name in COLUMNS}
    out.append(Reign(**shared, since=since, until=None))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(
            f"no record of champions can be kept in {folder} ({error}); check MATCHER_HOME"
        ) from error


def _values(entry: Entry) -> list[str | None]:
    """As kept, column by column; figures as JSON whose bytes depend on the content alone."""
    figures = json.dumps(entry.figures, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return [*list(asdict(entry).values())[:-1], figures]


def _entry(values: list[str | None]) -> Entry | None:
    """What a row holds; None where it cannot have been written by `append`."""
    *others, figures = values
    known = dict(zip(COLUMNS, others, strict=False))
    try:
        return TypeAdapter(Entry).validate_python({**known, "figures": json.loads(figures or "")})
    except ValueError:
        return None


def _sealed(before: str, entry: Entry) -> str:
    text = json.dumps([before, *_values(entry)], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

"""What `matcher ingest`, `export` and `migrate` do, apart from their options."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from matcher.errors import IngestConflictError, OutputExistsError
from matcher.marketplace import read_marketplace, write_marketplace
from matcher.progress import progress
from matcher.settings import Settings, home
from matcher.store.decisions import every
from matcher.store.ingest import OUTCOMES, Ingested
from matcher.store.showings import Showings, with_showings
from matcher.store.store import Store
from matcher.store.view import without
from matcher.violations import SHOWN, TABLE_NAMES


def database_url(named: str | None) -> str:
    """Where the store is: as named, as set, or a file under the user's home for matcher."""
    return named or Settings().database_url or f"sqlite:///{home() / 'matcher.db'}"


def ingest_directory(directory: Path, *, database: str | None, as_json: bool) -> None:
    """Read the directory whole, then take it in; told by table.

    Raises:
        InvalidMarketplaceError: It breaks the contract; nothing was written.
        IngestConflictError: Some rows say otherwise than the record; the others were kept.
    """
    marketplace = read_marketplace(directory)
    for warning in marketplace.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    total = sum(len(getattr(marketplace, name)) for name in TABLE_NAMES)
    with Store.open(database_url(database)) as store:
        is_new = store.head() == 0
        with progress("Ingesting", total=total) as advance:
            told = store.ingest(marketplace, advance=advance)
        if is_new:
            store.set_origin(f"directory:{_digest(directory)}")
        _tell(told, store, as_json=as_json)
    conflicts = sum(counts["conflicts"] for counts in told.tables.values())
    if conflicts:
        first = "".join(f"\n  {one}" for one in told.conflicts)
        raise IngestConflictError(
            f"{conflicts:,} rows say otherwise than what is on record of the past, and were left "
            f"out; all others were kept. The first {min(conflicts, SHOWN)}:{first}"
        )


def export_directory(out: Path, *, database: str | None, force: bool, as_json: bool) -> None:
    """Write everything on record as a marketplace directory in Parquet, whole or not at all.

    Raises:
        OutputExistsError: It is there, and `force` is not given.
    """
    if out.exists() and not force:
        raise OutputExistsError(out)
    with Store.open(database_url(database), migrate=False) as store:
        seq, told = _told_of(store)
    write_marketplace(told.marketplace, out, force=force)
    sizes = {name: len(getattr(told.marketplace, name)) for name in TABLE_NAMES}
    if as_json:
        counts = {"seats": told.seats, "decisions": told.decisions, "left_out": told.left_out}
        about = {"directory": str(out), "seq": seq, **sizes, "decisions": counts}
        sys.stdout.write(json.dumps(about) + "\n")
        return
    counted = ", ".join(f"{n:,} rows of {name}" for name, n in sizes.items())
    sys.stdout.write(f"{out}: {counted}, as of change {seq:,}\n")
    if told.decisions:
        sys.stdout.write(
            f"{told.seats:,} of the events are seats of {told.decisions:,} decisions, of which "
            f"{told.left_out:,} were left out\n"
        )


def _told_of(store: Store) -> tuple[int, Showings]:
    """All on record but people who are being erased; read again if somebody was meanwhile."""
    while True:
        leaving = store.erasures.pending()
        view = store.view()
        told = with_showings(without(view.marketplace, leaving), every(store.database))
        if store.erasures.pending() <= leaving and not store.erasures.any_since(view.seq):
            return view.seq, told


def migrate_database(*, database: str | None) -> None:
    """Make the tables of a store, or bring them to this release's schema."""
    with Store.open(database_url(database)) as store:
        sys.stdout.write(f"{store.name}: up to date, last change {store.head():,}\n")


def _tell(told: Ingested, store: Store, *, as_json: bool) -> None:
    if as_json:
        figures = {name: dict(counts) for name, counts in told.tables.items()}
        sys.stdout.write(json.dumps({"database": store.name, **figures, "seq": told.seq}) + "\n")
        return
    for name in TABLE_NAMES:
        counts = told.tables[name]
        some = ", ".join(
            f"{counts[outcome]:,} {outcome}"
            for outcome in OUTCOMES
            if counts[outcome] or outcome in OUTCOMES[:3]
        )
        sys.stdout.write(f"{name}: {some}\n")


def _digest(directory: Path) -> str:
    """Of the files of a directory, by name and content."""
    whole = hashlib.sha256()
    for file in sorted(one for one in directory.iterdir() if one.is_file()):
        with file.open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        whole.update(f"{file.name}\0{content}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()

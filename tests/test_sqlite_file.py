"""A database file appears whole or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from matcher.sqlite_file import SQLITE, prepare


def make_table(url: str) -> None:
    name = url.removeprefix(SQLITE).removesuffix("&uri=true")
    with closing(sqlite3.connect(name, uri=True)) as database:
        database.execute("CREATE TABLE runs (id INTEGER)")
        database.commit()


def tables(file) -> list[str]:
    with closing(sqlite3.connect(file)) as database:
        return [name for (name,) in database.execute("SELECT name FROM sqlite_master")]


def test_a_new_file_holds_what_the_migration_made(tmp_path):
    prepare(tmp_path / "deep" / "runs.db", migrate=make_table)
    assert tables(tmp_path / "deep" / "runs.db") == ["runs"]


def test_a_file_that_is_there_stays(tmp_path):
    prepare(tmp_path / "runs.db", migrate=make_table)
    before = (tmp_path / "runs.db").read_bytes()
    prepare(tmp_path / "runs.db", migrate=pytest.fail)
    assert (tmp_path / "runs.db").read_bytes() == before


def test_a_faster_process_wins(tmp_path):
    def overtaken(url: str) -> None:
        make_table(url)
        (tmp_path / "runs.db").write_bytes(b"the other's")

    prepare(tmp_path / "runs.db", migrate=overtaken)
    assert (tmp_path / "runs.db").read_bytes() == b"the other's"
    assert [path.name for path in tmp_path.iterdir()] == ["runs.db"]


def test_a_failed_migration_leaves_nothing(tmp_path):
    def fail(url: str) -> None:
        raise sqlite3.OperationalError("disk full")

    with pytest.raises(sqlite3.OperationalError, match="disk full"):
        prepare(tmp_path / "runs.db", migrate=fail)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "runs.db").write_text("something else" * 100)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        prepare(tmp_path / "runs.db", migrate=make_table)

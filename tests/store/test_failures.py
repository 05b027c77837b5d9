"""A database that is away, damaged, read-only or somebody else's: told, and got over."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from matcher.errors import StoreRefusedError, StoreUnavailableError, UsageError
from matcher.store.address import address_of, file_of, shown
from matcher.store.store import Store
from tests.contracts.store_contract import a_hire, filled, statuses
from tests.postgres import Server, running

# Addresses


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://root:secret@host/market", "scheme 'mysql', which is not supported; write sqlite"),
        ("postgresql+psycopg2://u:secret@host/market", "scheme 'postgresql.psycopg2'"),
        ("secret", "cannot be read; write sqlite"),
        ("", "cannot be read"),
        ("postgresql://u:secret@host:port/market", "cannot be read"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:///file:market?uri=true", "names no file"),
        ("sqlite://host/market.db", "names no file|cannot be read"),
        ("sqlite:///market.db?mode=rwc", "query that is not understood"),
        ("sqlite:///market.db?key=secret", "query that is not understood"),
    ],
)
def test_an_address_that_is_not_understood_is_refused_without_its_secrets(url, words):
    with pytest.raises(UsageError, match=words) as refused:
        Store.open(url)
    assert "secret" not in str(refused.value)


def test_an_address_is_shown_without_its_password_wherever_that_stands():
    url = address_of("postgresql://matcher:s3cret@host:5433/market?password=s3cret&sslmode=require")
    assert shown(url) == "postgresql://matcher:***@host:5433/market"
    assert shown(address_of("sqlite:////tmp/a.db")) == "sqlite:////tmp/a.db"


# SQLite


def test_the_file_is_safe_and_its_owner_alone_may_read_it(sqlite_url: str):
    with Store.open(sqlite_url) as store, store.database.reading() as connection:
        asked = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
    assert asked == ["wal", 2, 30_000]
    assert stat.S_IMODE(file_of(address_of(sqlite_url)).stat().st_mode) == 0o600


def test_a_copy_that_lost_its_mode_gets_it_back(sqlite_url: str, tmp_path: Path):
    with Store.open(sqlite_url) as store:
        filled(store)
    copy = tmp_path / "copy.db"
    with closing(sqlite3.connect(file_of(address_of(sqlite_url)))) as file:
        file.execute(f"VACUUM INTO '{copy}'")
    with Store.open(f"sqlite:///{copy}") as store:
        assert store.head() == 3
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_is_moved_away_is_missed_and_found_again(sqlite_url: str):
    """What is written to a file without a name would be acknowledged, and lost."""
    file = file_of(address_of(sqlite_url))
    with Store.open(sqlite_url) as store:
        filled(store)
        away = file.with_name("away.db")
        file.rename(away)
        for attempt in (lambda: store.add_events([a_hire("e2")]), store.head, store.view):
            with pytest.raises(StoreUnavailableError, match=r"deep/matcher\.db cannot be used"):
                attempt()
        assert not file.exists()
        away.rename(file)
        assert statuses(store.add_events([a_hire(), a_hire("e2")])) == ["duplicate", "accepted"]
        assert store.head() == 4


def test_a_file_that_may_only_be_read_is_read(sqlite_url: str):
    with Store.open(sqlite_url) as store:
        filled(store)
    with Store.open(f"{sqlite_url}?mode=ro") as store:
        assert len(store.marketplace().events) == 1
        with pytest.raises(StoreUnavailableError, match="readonly database"):
            store.add_events([a_hire("e2")])
        assert store.head() == 3


@pytest.mark.parametrize("content", [b"no database " * 500, b"SQLite format 3\0" + b"x" * 5_000])
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content):
    file = tmp_path / "notes.db"
    file.write_bytes(content)
    with pytest.raises((StoreRefusedError, StoreUnavailableError), match=r"notes\.db"):
        Store.open(f"sqlite:///{file}")
    assert file.read_bytes() == content


def test_a_folder_that_is_none_is_told(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailableError, match="cannot be made"):
        Store.open(f"sqlite:///{tmp_path}/file/matcher.db")


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path):
    with pytest.raises(StoreUnavailableError, match="cannot be used"):
        Store.open(f"sqlite:///{tmp_path}")


def test_a_name_may_hold_any_character(tmp_path: Path):
    name = "my market #1 100% é"
    with Store.open(f"sqlite:///{tmp_path}/{name}.db") as store:
        filled(store)
    assert (tmp_path / f"{name}.db").exists()


def test_a_writer_waits_for_another_program_that_holds_the_file(sqlite_url: str):
    with Store.open(sqlite_url) as store:
        filled(store)
        with closing(sqlite3.connect(file_of(address_of(sqlite_url)))) as other:
            other.execute("BEGIN IMMEDIATE")
            assert store.head() == 3  # a reader waits for nobody
            other.rollback()
        assert statuses(store.add_events([a_hire("e2")])) == ["accepted"]


# PostgreSQL


@pytest.mark.slow
def test_a_server_that_is_away_is_missed_and_found_again():
    with running() as server, Store.open(server.new_schema()) as store:
        filled(store)
        server.stop()
        for attempt in (lambda: store.add_events([a_hire("e2")]), store.head):
            with pytest.raises(StoreUnavailableError, match="cannot be used") as told:
                attempt()
            assert server.password not in str(told.value)
            assert StoreUnavailableError.status == 503
        server.start()
        told = store.add_events([a_hire(), a_hire("e2")])
        assert statuses(told) == ["duplicate", "accepted"]


def test_a_wrong_password_is_told_without_it(postgres: Server):
    url = postgres.url().replace(postgres.password, "wr0ng")
    with pytest.raises(StoreUnavailableError, match="password authentication failed") as told:
        Store.open(url)
    assert "wr0ng" not in str(told.value)
    assert f"matcher:***@127.0.0.1:{postgres.port}" in str(told.value)


def test_a_server_that_is_not_there_is_told():
    with pytest.raises(StoreUnavailableError, match=r"127\.0\.0\.1:1/market cannot be used"):
        Store.open("postgresql://u:secret@127.0.0.1:1/market")

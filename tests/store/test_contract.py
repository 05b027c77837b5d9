"""The store over both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.store.address import address_of, file_of
from tests.contracts.store_contract import RecordsContract
from tests.contracts.store_decisions_contract import DecisionsContract
from tests.contracts.store_erasure_contract import ErasureContract
from tests.contracts.store_keys_contract import KeysContract
from tests.contracts.store_log_contract import LogContract
from tests.contracts.store_schema_contract import SchemaContract
from tests.contracts.store_timeline_contract import TimelineContract
from tests.contracts.store_together_contract import TogetherContract
from tests.postgres import Server


class OnSqlite:
    kills = 4

    @pytest.fixture
    def url(self, sqlite_url: str) -> str:
        return sqlite_url

    @pytest.fixture
    def created(self, url: str) -> Path:
        file = file_of(address_of(url))
        file.parent.mkdir()
        file.touch()
        return file


class OnPostgresql:
    kills = 1

    @pytest.fixture
    def url(self, postgres: Server) -> str:
        return postgres.new_schema()

    @pytest.fixture
    def created(self) -> None:
        """A schema is there already."""


class TestSqliteRecords(OnSqlite, RecordsContract):
    pass


class TestSqliteKeys(OnSqlite, KeysContract):
    pass


class TestSqliteErasure(OnSqlite, ErasureContract):
    pass


class TestSqliteLog(OnSqlite, LogContract):
    pass


class TestSqliteDecisions(OnSqlite, DecisionsContract):
    pass


class TestSqliteTimeline(OnSqlite, TimelineContract):
    pass


class TestSqliteTogether(OnSqlite, TogetherContract):
    pass


class TestSqliteSchema(OnSqlite, SchemaContract):
    pass


class TestPostgresqlRecords(OnPostgresql, RecordsContract):
    pass


class TestPostgresqlKeys(OnPostgresql, KeysContract):
    pass


class TestPostgresqlErasure(OnPostgresql, ErasureContract):
    pass


class TestPostgresqlLog(OnPostgresql, LogContract):
    pass


class TestPostgresqlDecisions(OnPostgresql, DecisionsContract):
    pass


class TestPostgresqlTimeline(OnPostgresql, TimelineContract):
    pass


class TestPostgresqlTogether(OnPostgresql, TogetherContract):
    pass


class TestPostgresqlSchema(OnPostgresql, SchemaContract):
    pass

"""The store over both databases."""

from __future__ import annotations

import pytest

from tests.contracts.store_contract import StoreContract
from tests.postgres import Server


class TestSqlite(StoreContract):
    @pytest.fixture
    def url(self, sqlite_url: str) -> str:
        return sqlite_url


class TestPostgresql(StoreContract):
    @pytest.fixture
    def url(self, postgres: Server) -> str:
        return postgres.new_schema()

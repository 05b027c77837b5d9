"""What a `Store` promises of its tables: made, brought up to date, or refused.

Inherit, and give a fixture `url`: the address of an empty database.
"""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from matcher.errors import StoreRefusedError
from matcher.store.address import address_of
from matcher.store.database import Database
from matcher.store.migration import VERSION_TABLE, prepare
from matcher.store.store import Store
from matcher.store.tables import metadata
from tests.contracts.store_contract import filled
from tests.contracts.store_together_contract import at_once


def changed(url: str, statement: str) -> None:
    """Do to a database what no release does."""
    database = Database.at(address_of(url))
    with database.writing() as connection:
        connection.execute(text(statement))
    database.engine.dispose()


def names(url: str) -> set[str]:
    database = Database.at(address_of(url))
    with database.reading() as connection:
        found = set(inspect(connection).get_table_names())
    database.engine.dispose()
    return found


class SchemaContract:
    def test_the_scripts_make_the_tables_that_the_code_expects(self, url: str):
        with Store.open(url) as store, store.database.reading() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
            assert compare_metadata(context, metadata) == []
        assert names(url) == {*metadata.tables, VERSION_TABLE}

    def test_the_second_time_there_is_nothing_to_do(self, url: str):
        with Store.open(url) as store:
            before = filled(store).changes(0)
            assert prepare(store.database, migrate=True) is False
        with Store.open(url, migrate=False) as store:
            assert store.changes(0) == before

    def test_many_may_open_an_empty_database_at_once(self, url: str):
        def identity() -> str:
            with Store.open(url) as store:
                return store.identity()

        assert len(set(at_once([identity] * 6))) == 1

    def test_a_database_of_the_future_is_refused_and_left_alone(self, url: str):
        with Store.open(url) as store:
            filled(store)
            with store.database.reading() as connection:
                [ours] = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).one()
        changed(url, f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
        with pytest.raises(
            StoreRefusedError, match=r"has schema '9999'.* a later release wrote it"
        ):
            Store.open(url)
        assert StoreRefusedError.exit_code == 4
        changed(url, f"UPDATE {VERSION_TABLE} SET version_num = '{ours}'")
        with Store.open(url) as store:
            assert store.head() == 3

    def test_the_database_of_another_program_is_refused_and_left_alone(self, url: str, created):
        changed(url, "CREATE TABLE invoices (id INTEGER)")
        with pytest.raises(StoreRefusedError, match="tables of another program"):
            Store.open(url)
        assert names(url) == {"invoices"}

    def test_no_table_is_made_where_none_is_asked_for(self, url: str, created):
        with pytest.raises(StoreRefusedError, match="run `matcher migrate` first"):
            Store.open(url, migrate=False)
        assert names(url) == set()

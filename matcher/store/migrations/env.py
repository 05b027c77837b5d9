"""Runs the scripts over the connection, and in the transaction, of whoever asks for it."""

from __future__ import annotations

from alembic import context

from matcher.store.migration import VERSION_TABLE


def run() -> None:
    """Every script that the database has not seen yet."""
    connection = context.config.attributes["connection"]
    context.configure(connection=connection, version_table=VERSION_TABLE)
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":  # the name by which Alembic runs this file; importing it does nothing
    run()

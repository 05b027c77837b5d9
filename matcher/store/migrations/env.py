"""Runs the scripts over the connection, and in the transaction, of whoever asks for it."""

from __future__ import annotations

from alembic import context

from matcher.store.migration import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()

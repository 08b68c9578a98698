"""Alembic's entry: runs the steps on the connection that `bot.storage.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from bot.storage import book_tables
from bot.storage.tables import metadata

assert book_tables  # its tables are part of the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()

"""Every test of this folder runs on SQLite and on PostgreSQL."""

from tests.databases import (  # noqa: F401
    by_threes,
    database_url,
    empty_postgres_url,
    migrated_sqlite_file,
    opening,
    postgres_server,
    postgres_url,
    sqlite_url,
    storage,
)

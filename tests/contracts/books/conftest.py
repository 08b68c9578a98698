"""Imports and payments run on SQLite and on PostgreSQL, with the programme that comes along."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.database import DatabaseStorage
from tests.contracts.books.lender import Lender
from tests.databases import (  # noqa: F401
    database_url,
    migrated_sqlite_file,
    opening,
    postgres_server,
    postgres_url,
    sqlite_url,
    storage,
)


@pytest.fixture
def lender(storage: DatabaseStorage, tmp_path: Path) -> Lender:  # noqa: F811
    return Lender(storage, tmp_path)

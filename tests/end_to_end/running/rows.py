"""What stands in the database, read beside the product: plain rows by plain SQL, on either kind."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import asyncpg

from bot.jobs.postgres import connection_url
from bot.storage.place import place_of
from tests.end_to_end.running.program import PATIENCE

Row = Mapping[str, Any]


async def rows(database_url: str, sql: str) -> list[Row]:
    """The rows of a SELECT, by column name."""
    path = place_of(database_url).path
    if path is not None:
        return await asyncio.to_thread(_from_file, str(path), sql)
    connection = await asyncpg.connect(connection_url(database_url))
    try:
        return [dict(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


def _from_file(path: str, sql: str) -> list[Row]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


async def until_rows(database_url: str, sql: str) -> list[Row]:
    """The rows, as soon as there are any. Nothing tells when a database changes, so it is asked again and again."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await rows(database_url, sql)):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found

"""Opening the storage: the right database for a URL, its schema looked at, its keys tried."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from contextlib import AsyncExitStack

from bot.domain.errors import ConfigurationProblems
from bot.storage.database import Database, DatabaseStorage
from bot.storage.keys import installation_key
from bot.storage.one_process import lock_for_one_process
from bot.storage.place import Place, place_of
from bot.storage.schema import look_at_schema
from bot.storage.sealing import Keyring

__all__ = ["lock_for_one_process", "open_storage"]


async def open_storage(url: str, secret_keys: Sequence[str]) -> DatabaseStorage:
    """The storage behind `url`; personal data is sealed with `secret_keys`, newest first.

    Raises ConfigurationProblems where the schema is not this version's or no key opens the database, and
    StorageUnavailable where the database does not answer.
    """
    keyring = Keyring(secret_keys)
    async with AsyncExitStack() as unless_opened:
        database = await _connect(place_of(url))
        unless_opened.push_async_callback(database.close)
        await database.read(look_at_schema())
        await database.write(lambda: installation_key(keyring))
        unless_opened.pop_all()
    return DatabaseStorage(database, keyring)


async def _connect(place: Place) -> Database:
    if place.path is None:
        # Only here, so that an installation on SQLite needs no driver for PostgreSQL.
        if importlib.util.find_spec("asyncpg") is None:
            raise ConfigurationProblems(["PostgreSQL needs the extra `postgres`: pip install 'gracebot[postgres]'."])
        from bot.storage.postgres import connect_postgres

        return await connect_postgres(place.for_asyncpg)
    if not place.path.exists():
        raise ConfigurationProblems(
            [f"There is no database at {place.path}: run `python run_bot.py database upgrade`, which makes it."]
        )
    from bot.storage.sqlite import SqliteDatabase

    return SqliteDatabase(place.path)

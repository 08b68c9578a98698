"""Bringing a database's schema to this version of the program, and saying whether it is there.

A database that is there already is looked at with its driver alone: Alembic is loaded only where there is something to do. Call
from a thread, never inside an event loop: on PostgreSQL these functions run one of their own.
"""

from __future__ import annotations

import asyncio

from bot.storage.place import Place, place_of
from bot.storage.schema import SCHEMA, stored_revision


def upgrade(url: str, revision: str = "head") -> str:
    """Upgrades the database, making the file where there is none; the revision it has now. Raises StorageUnavailable."""
    place = place_of(url)
    if revision == "head" and _revision_of(place) == SCHEMA:
        return SCHEMA
    from bot.storage.migrations.running import go_up

    if place.path is not None:
        place.path.parent.mkdir(parents=True, exist_ok=True)
    go_up(place, revision)
    return _revision_of(place)


def downgrade(url: str, revision: str) -> str:
    """Takes steps back, down to `revision` or "base"; what they added is lost. The revision it has now."""
    from bot.storage.migrations.running import go_down

    place = place_of(url)
    go_down(place, revision)
    return _revision_of(place)


def check(url: str) -> tuple[str, str]:
    """The revision that the database has ("" for an empty one) and the one that this program needs."""
    return _revision_of(place_of(url)), SCHEMA


def _revision_of(place: Place) -> str:
    if place.path is None:
        return asyncio.run(_on_postgres(place))
    from bot.storage.sqlite import Reader

    if not place.path.exists():
        return ""
    reader = Reader(place.path)
    try:
        return reader.read(stored_revision())
    finally:
        reader.close()


async def _on_postgres(place: Place) -> str:
    from bot.storage.postgres import connect_postgres

    database = await connect_postgres(place.for_asyncpg)
    try:
        return await database.read(stored_revision())
    finally:
        await database.close()

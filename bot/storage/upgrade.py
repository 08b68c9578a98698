"""Bringing a database's schema to this version of the program, and saying whether it is there.

Alembic runs on SQLAlchemy's own connections, not on the storage's; nothing here is imported by a running bot that finds its
schema in order. Call from a thread, never inside an event loop: on PostgreSQL these functions run one of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.errors import StorageUnavailable
from bot.storage.place import Place, place_of

T = TypeVar("T")


def upgrade(url: str, revision: str = "head") -> str:
    """Upgrades the database, making the file where there is none; the revision it has now. Raises StorageUnavailable."""

    def steps(connection: Connection) -> str:
        command.upgrade(_config(connection), revision)
        return _revision(connection)

    place = place_of(url)
    if place.path is not None:
        place.path.parent.mkdir(parents=True, exist_ok=True)
    return _on_connection(place, steps)


def downgrade(url: str, revision: str) -> str:
    """Takes steps back, down to `revision` or "base"; what they added is lost."""

    def steps(connection: Connection) -> str:
        command.downgrade(_config(connection), revision)
        return _revision(connection)

    return _on_connection(place_of(url), steps)


def check(url: str) -> tuple[str, str]:
    """The revision that the database has ("" for an empty one) and the one that this program needs."""
    place = place_of(url)
    if place.path is not None and not place.path.exists():
        return "", newest()
    return _on_connection(place, _revision), newest()


def newest() -> str:
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _revision(connection: Connection) -> str:
    return MigrationContext.configure(connection).get_current_revision() or ""


def _on_connection(place: Place, work: Callable[[Connection], T]) -> T:
    try:
        return asyncio.run(_on_postgres(place, work)) if place.path is None else _on_sqlite(place.path, work)
    except (SQLAlchemyError, OSError) as error:
        raise StorageUnavailable(f"the database cannot be upgraded or looked at: {type(error).__name__}") from error


def _on_sqlite(path: Path, work: Callable[[Connection], T]) -> T:
    engine = create_engine(f"sqlite:///{path}")

    # The driver's own idea of transactions would commit before each CREATE TABLE; half a migration must leave nothing.
    @event.listens_for(engine, "connect")
    def manual(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            return work(connection)
    finally:
        engine.dispose()


async def _on_postgres(place: Place, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine(place.url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()

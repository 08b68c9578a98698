"""Running the steps with Alembic, on SQLAlchemy's own connections; all of one run in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.domain.errors import StorageUnavailable
from bot.storage.place import Place
from bot.storage.sqlite import refuse_old_sqlite

#: Processes that start together on an old or empty database queue here; all but the first find nothing left to do.
_ONE_AT_A_TIME = 0x677261636502


def go_up(place: Place, revision: str) -> None:
    _on_connection(place, lambda connection: command.upgrade(_config(connection), revision))


def go_down(place: Place, revision: str) -> None:
    _on_connection(place, lambda connection: command.downgrade(_config(connection), revision))


def newest() -> str:
    """The number of the last step there is."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _on_connection(place: Place, work: Callable[[Connection], None]) -> None:
    try:
        if place.path is None:
            asyncio.run(_on_postgres(place, work))
        else:
            _on_sqlite(place.path, work)
    except (SQLAlchemyError, OSError) as error:
        raise StorageUnavailable(f"the database cannot be changed now: {type(error).__name__}") from error


def _on_sqlite(path: Path, work: Callable[[Connection], None]) -> None:
    refuse_old_sqlite()
    engine = create_engine(f"sqlite:///{path}")

    # The driver's own idea of transactions would commit before each CREATE TABLE; half a run must leave nothing.
    @event.listens_for(engine, "connect")
    def manual(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            work(connection)
    finally:
        engine.dispose()


async def _on_postgres(place: Place, work: Callable[[Connection], None]) -> None:
    engine = create_async_engine(place.url)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
            await connection.run_sync(work)
    finally:
        await engine.dispose()

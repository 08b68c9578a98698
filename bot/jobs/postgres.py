"""Wake-ups over PostgreSQL by PgQueuer: any process puts one, any worker serves it.

The engine is trusted with nothing but speed: rows are the truth, and the sweep finds what a lost wake-up left behind. So its
tables need not survive a crash of the database, and nobody waits for it: a wake-up that cannot be put at once is let go.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from bot.domain.errors import StorageUnavailable
from bot.jobs.memory import MemoryWakeUps
from bot.services.ports import Clock, WakeUp

#: A worker that has been silent this long is dead, and what it had picked is handed to another.
_HEARTBEAT = timedelta(seconds=10)
_BATCH = 16
#: Seconds for which a wake-up is worth waiting for: the sweep comes sooner.
_PATIENCE = 2.0
#: How often the engine's own log, which nobody reads, is emptied: it keeps two rows of every wake-up.
_TIDY_SECONDS = 300.0
#: So that processes that start together do not install the schema twice.
_INSTALLING = 0x677261636501
#: What the database raises when it is away; a wake-up that fails so is lost without harm.
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, FailingListenerError)


def connection_url(database_url: str) -> str:
    """The URL of INTERFACE as asyncpg takes it."""
    return database_url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def install_engine(database_url: str) -> None:
    """Installs or upgrades the engine's own schema. Raises StorageUnavailable."""
    try:
        connection = await asyncpg.connect(connection_url(database_url))
        try:
            # For the session, since an upgrade cannot run in one transaction; it ends with the connection.
            await connection.execute("SELECT pg_advisory_lock($1)", _INSTALLING)
            await _install(connection)
        finally:
            await connection.close()
    except _AWAY as error:
        raise StorageUnavailable(f"the engine cannot be installed: {type(error).__name__}") from error


async def _install(connection: Any) -> None:
    settings = DBSettings(durability=Durability.volatile)
    queries = Queries(AsyncpgDriver(connection), QueryBuilderEnvironment(settings))
    if await queries.schema_is_installed():
        await queries.upgrade()
    else:
        await queries.install()


class PostgresWakeUps:
    """The engine for many processes. Only a process that has registered handlers takes wake-ups out."""

    def __init__(self, database_url: str, clock: Clock) -> None:
        self._url = connection_url(database_url)
        self._clock = clock
        self._local = MemoryWakeUps(clock)
        self._kinds: list[str] = []
        self._pool: Any = None
        self._connecting = asyncio.Lock()
        self._engine: PgQueuer | None = None
        self._stopped = asyncio.Event()

    def register(self, kind: str, handler: Callable[[str], Awaitable[None]]) -> None:
        self._kinds.append(kind)
        self._local.register(kind, handler)

    async def put(self, wake_up: WakeUp, at: datetime | None = None) -> None:
        wait = max(at - self._clock.now(), timedelta()) if at is not None else timedelta()
        if wait and wake_up.kind in self._kinds:
            # Whoever served a row knows when to look again; to remember it here costs nothing, and were it forgotten, the
            # sweep of any worker finds the row when its time has come.
            await self._local.put(wake_up, at)
            return
        # Not deduplicated: a wake-up for now may come while the same one is being served and past the new row already.
        dedupe = f"{wake_up.kind}:{wake_up.key}:{at:%Y%m%d%H%M%S}" if wait and at is not None else None
        with suppress(*_AWAY):
            pool = await self._connected()
            async with pool.acquire(timeout=_PATIENCE) as connection:
                queries = Queries.from_asyncpg_connection(connection)
                await queries.enqueue(wake_up.kind, wake_up.key.encode(), 0, wait or None, dedupe, on_conflict="skip")

    async def run(self) -> None:
        """Serves wake-ups until `stop`; raises StorageUnavailable when the database goes away, and may then be run again."""
        if not self._kinds:
            await self._stopped.wait()
            return
        try:
            connection = await asyncpg.connect(self._url)
        except _AWAY as error:
            raise StorageUnavailable(f"the engine cannot reach the database: {type(error).__name__}") from error
        tidying = asyncio.create_task(self._tidy())
        try:
            await self._run_engine(connection)
        except _AWAY as error:
            raise StorageUnavailable(f"the engine lost the database: {type(error).__name__}") from error
        finally:
            tidying.cancel()
            await asyncio.gather(tidying, return_exceptions=True)
            connection.terminate()

    async def _run_engine(self, connection: Any) -> None:
        self._engine = PgQueuer.from_asyncpg_connection(connection)
        for kind in self._kinds:
            self._engine.entrypoint(kind)(self._serve)
        if self._stopped.is_set():
            return
        await self._engine.run(
            dequeue_timeout=timedelta(seconds=5),
            batch_size=_BATCH,
            heartbeat_timeout=_HEARTBEAT,
            shutdown_on_listener_failure=True,
            log_aggregation_interval=timedelta(),
        )

    async def _serve(self, job: Job) -> None:
        await self._local.serve(WakeUp(job.entrypoint, (job.payload or b"").decode()))

    async def _tidy(self) -> None:
        while True:
            with suppress(*_AWAY):
                pool = await self._connected()
                async with pool.acquire(timeout=_PATIENCE) as connection:
                    await Queries.from_asyncpg_connection(connection).clear_queue_log()
            await asyncio.sleep(_TIDY_SECONDS)

    async def _connected(self) -> Any:
        async with self._connecting:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url, min_size=1, max_size=4, timeout=_PATIENCE, command_timeout=_PATIENCE
                )
            return self._pool

    async def stop(self) -> None:
        self._stopped.set()
        if self._engine is not None:
            self._engine.shutdown.set()
        await self._local.stop()
        if self._pool is not None:
            self._pool.terminate()

"""Wake-ups over PostgreSQL by PgQueuer: any process puts one, any worker serves it.

The engine is trusted with nothing but speed: rows are the truth, and the sweep finds what a lost wake-up left behind. A
wake-up that arrives while the same one is being served here makes it run once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import asyncpg
from pgqueuer import PgQueuer
from pgqueuer.models import Job
from pgqueuer.queries import Queries

from bot.domain.errors import StorageUnavailable
from bot.jobs.memory import MemoryWakeUps
from bot.services.ports import Clock, WakeUp

#: A worker that has been silent this long is dead, and what it had picked is handed to another.
_HEARTBEAT = timedelta(seconds=10)
_BATCH = 16
#: What the database raises when it is away; a wake-up that fails so is lost without harm.
_AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


def connection_url(database_url: str) -> str:
    """The URL of INTERFACE as asyncpg takes it."""
    return database_url.replace("postgresql+asyncpg://", "postgresql://", 1)


async def install_engine(database_url: str) -> None:
    """Installs or upgrades the engine's own schema."""
    connection = await asyncpg.connect(connection_url(database_url))
    try:
        queries = Queries.from_asyncpg_connection(connection)
        if await queries.schema_is_installed():
            await queries.upgrade()
        else:
            await queries.install()
    finally:
        await connection.close()


class PostgresWakeUps:
    """The engine for many processes. Only a process that has registered handlers takes wake-ups out."""

    def __init__(self, database_url: str, clock: Clock) -> None:
        self._url = connection_url(database_url)
        self._clock = clock
        self._local = MemoryWakeUps(clock)
        self._kinds: list[str] = []
        self._pool: asyncpg.Pool | None = None
        self._engine: PgQueuer | None = None
        self._stopped = asyncio.Event()

    def register(self, kind: str, handler: Callable[[str], Awaitable[None]]) -> None:
        self._kinds.append(kind)
        self._local.register(kind, handler)

    async def put(self, wake_up: WakeUp, at: datetime | None = None) -> None:
        wait = at - self._clock.now() if at is not None else timedelta()
        later = wait if wait > timedelta() else None
        # Those for later are many and alike; those for now are not deduplicated, since the one being served may be past the row.
        dedupe = f"{wake_up.kind}:{wake_up.key}:{at:%Y%m%d%H%M%S}" if later and at else None
        try:
            pool = await self._connected()
            async with pool.acquire() as connection:
                queries = Queries.from_asyncpg_connection(connection)
                await queries.enqueue(wake_up.kind, wake_up.key.encode(), 0, later, dedupe, on_conflict="skip")
        except _AWAY:
            return  # the sweep finds the row

    async def run(self) -> None:
        """Serves wake-ups until `stop`; raises StorageUnavailable when the database goes away."""
        if not self._kinds:
            await self._stopped.wait()
            return
        try:
            connection = await asyncpg.connect(self._url)
        except _AWAY as error:
            raise StorageUnavailable(f"the engine cannot reach the database: {type(error).__name__}") from error
        self._engine = PgQueuer.from_asyncpg_connection(connection)
        for kind in self._kinds:
            self._engine.entrypoint(kind)(self._serve)
        try:
            await self._engine.run(
                dequeue_timeout=timedelta(seconds=5), batch_size=_BATCH, heartbeat_timeout=_HEARTBEAT
            )
        except _AWAY as error:
            raise StorageUnavailable(f"the engine lost the database: {type(error).__name__}") from error
        finally:
            if not connection.is_closed():
                await connection.close()

    async def _serve(self, job: Job) -> None:
        await self._local.serve(WakeUp(job.entrypoint, (job.payload or b"").decode()))

    async def _connected(self) -> asyncpg.Pool:
        if self._pool is None:
            self._pool = await asyncpg.create_pool(self._url, min_size=1, max_size=4)
        return self._pool

    async def stop(self) -> None:
        self._stopped.set()
        if self._engine is not None:
            self._engine.shutdown.set()
        await self._local.stop()
        if self._pool is not None:
            await self._pool.close()

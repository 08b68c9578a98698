"""PostgreSQL: the same programs on asyncpg, each write in a transaction of its own, over a pool that heals itself.

READ COMMITTED is enough: every write that depends on what was read says so in its own condition. A statement is prepared once per
connection and parameters go by position. Errors of the world are translated here, once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg

from bot.domain.errors import Conflict, Duplicate, StorageError, StorageUnavailable
from bot.storage.installation import PROBE, setting
from bot.storage.statements import Alone, Change, ChangeMany, Fetch, Parameters, Program, Question

T = TypeVar("T")

_CONNECTIONS = 10
#: How long a caller waits for a connection or an answer before the database counts as unavailable.
_PATIENCE_SECONDS = 10.0
#: Two transactions that waited for each other: one of them is simply run again.
_ATTEMPTS = 3
#: Key space of our advisory locks, so that they never meet another program's in the same database.
_LOCKS = 0x6772616365

_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    # What the driver says of a connection whose end it has not noticed yet.
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresIOError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.ReadOnlySQLTransactionError,
)


def _translated(error: Exception) -> StorageError:
    """Our word for it. A message of the server's may quote values, so only names are taken over."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return Duplicate(f"PostgreSQL: {error.constraint_name}")
    if isinstance(error, (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)):
        return Conflict("two transactions waited for each other")
    if isinstance(error, (*_LOST, OSError, asyncio.TimeoutError)):
        return StorageUnavailable(f"PostgreSQL: {type(error).__name__}")
    about = getattr(error, "constraint_name", None) or getattr(error, "table_name", None) or ""
    return StorageError(f"PostgreSQL: {type(error).__name__} {about}".rstrip())


_FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, asyncio.TimeoutError)


async def run(connection: Any, program: Program[T]) -> T:
    """Answers the program's questions one by one. What the database refuses is thrown into the program."""
    try:
        question = next(program)
        while True:
            try:
                answer = await _answer(connection, question)
            except _FAILURES as error:
                translated = _translated(error)
                translated.__cause__ = error
                question = program.throw(translated)
            else:
                question = program.send(answer)
    except StopIteration as done:
        result: T = done.value
        return result


async def _answer(connection: Any, question: Question) -> Any:
    if isinstance(question, Fetch):
        sql, names, constants = question.statement.for_postgres
        return await connection.fetch(sql, *_ordered(names, constants, question.parameters))
    if isinstance(question, Change):
        sql, names, constants = question.statement.for_postgres
        status: str = await connection.execute(sql, *_ordered(names, constants, question.parameters))
        return int(status.rpartition(" ")[2])
    if isinstance(question, ChangeMany):
        sql, names, constants = question.statement.for_postgres
        return await connection.executemany(sql, [_ordered(names, constants, p) for p in question.parameters])
    assert isinstance(question, Alone)
    return await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCKS + question.point)


def _ordered(names: tuple[str, ...], constants: Parameters, given: Parameters) -> list[Any]:
    return [given[name] if name in given else constants[name] for name in names]


@asynccontextmanager
async def _translating() -> AsyncIterator[None]:
    try:
        yield
    except _FAILURES as error:
        raise _translated(error) from error


class PostgresDatabase:
    """`bot.storage.database.Database` on a pool of connections."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool

    async def read(self, program: Program[T]) -> T:
        async with self._connection() as connection:
            return await run(connection, program)

    async def read_together(self, program: Program[T]) -> T:
        async with self._connection() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            return await run(connection, program)

    async def read_page(self, program: Program[T]) -> T:
        return await self.read(program)

    async def write(self, make_program: Callable[[], Program[T]]) -> T:
        attempt = 1
        while True:
            try:
                async with self._connection() as connection, connection.transaction():
                    return await run(connection, make_program())
            except Conflict as conflict:
                if attempt == _ATTEMPTS or not isinstance(conflict.__cause__, asyncpg.PostgresError):
                    raise
                attempt += 1

    async def write_page(self, make_program: Callable[[], Program[T]]) -> T:
        return await self.write(make_program)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        """From the pool, which replaces a lost one by itself; whatever fails around the program is translated too."""
        try:
            connection = await self._acquire()
            async with _translating():
                try:
                    yield connection
                finally:
                    await self._pool.release(connection)
        except StorageUnavailable:
            # The others in the pool were probably lost with it, and each would cost somebody a failure to find out.
            await self._pool.expire_connections()
            raise

    async def _acquire(self) -> Any:
        try:
            return await self._pool.acquire(timeout=_PATIENCE_SECONDS)
        except _FAILURES as error:
            # Whatever the server has against a connection, there is none to be had.
            raise StorageUnavailable(f"PostgreSQL: {type(error).__name__}") from error

    async def ping(self) -> None:
        await self.read(setting(PROBE))

    async def close(self) -> None:
        await self._pool.close()


async def connect_postgres(url: str) -> PostgresDatabase:
    """Raises StorageUnavailable where the server does not answer."""
    async with _translating():
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=_CONNECTIONS,
            command_timeout=_PATIENCE_SECONDS * 3,
            statement_cache_size=500,
            server_settings={
                "application_name": "gracebot",
                "jit": "off",
                "lock_timeout": "10s",
                # A process that stands still in the middle of a transaction must not keep its locks from all others.
                "idle_in_transaction_session_timeout": "10s",
            },
        )
    return PostgresDatabase(pool)

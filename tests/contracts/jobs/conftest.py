"""The engines behind the WakeUps port: each test of the port runs on all of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from bot.jobs.clock import SystemClock
from bot.jobs.memory import MemoryWakeUps
from bot.jobs.postgres import PostgresWakeUps, install_engine
from bot.services.ports import WakeUps
from tests.contracts.jobs.served import Engine, stopping
from tests.databases import migrated_sqlite_file, postgres_server, postgres_url, sqlite_url  # noqa: F401


@pytest.fixture
async def engine_url(postgres_url: str) -> str:  # noqa: F811
    """A database with the engine's schema."""
    await install_engine(postgres_url)
    return postgres_url


@pytest.fixture(params=["memory", "postgres"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    """One engine that is not running yet."""
    made: WakeUps
    if request.param == "memory":
        made = MemoryWakeUps(SystemClock())
    else:
        url = request.getfixturevalue("postgres_url")
        await install_engine(url)
        made = PostgresWakeUps(url, SystemClock())
    async with stopping(Engine(made)) as engine:
        yield engine


@pytest.fixture
async def another(engine_url: str) -> AsyncIterator[Callable[[], Engine]]:
    """Makes engines as other processes on the same database would have them; they share `changed`."""
    async with AsyncExitStack() as stack:
        made: list[Engine] = []
        changed = asyncio.Condition()

        def make() -> Engine:
            made.append(Engine(PostgresWakeUps(engine_url, SystemClock()), changed))
            return made[-1]

        yield make
        for engine in made:
            await stack.enter_async_context(stopping(engine))

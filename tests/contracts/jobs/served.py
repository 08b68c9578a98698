"""An engine under test, and what it has served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.services.ports import WakeUps


class Engine:
    """`served` holds the keys in the order in which serving began; `during` is run while one is served."""

    def __init__(self, wake_ups: WakeUps, changed: asyncio.Condition | None = None) -> None:
        """`changed` may be shared by several engines; it is told of everything served and ended."""
        self.wake_ups = wake_ups
        self.served: list[str] = []
        self.ended: list[str] = []
        self.during: Callable[[str], Awaitable[None]] | None = None
        self.changed = changed or asyncio.Condition()
        self._running: asyncio.Task[None] | None = None

    def register(self, kind: str = "inbox") -> None:
        self.wake_ups.register(kind, self._handle)

    def start(self) -> None:
        self._running = asyncio.create_task(self.wake_ups.run())

    async def _handle(self, key: str) -> None:
        await self._note(self.served, key)
        try:
            if self.during is not None:
                await self.during(key)
        finally:
            await self._note(self.ended, key)

    async def _note(self, keys: list[str], key: str) -> None:
        async with self.changed:
            keys.append(key)
            self.changed.notify_all()

    async def until(self, count: int) -> list[str]:
        """The keys served, as soon as there are so many."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(lambda: len(self.served) >= count)
        return list(self.served)

    async def end(self) -> BaseException | None:
        """Waits until the engine has ended by itself; what it raised."""
        assert self._running is not None
        async with asyncio.timeout(30):
            await asyncio.wait([self._running])
        return self._running.exception()

    async def stop(self) -> None:
        await self.wake_ups.stop()
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)


@asynccontextmanager
async def stopping(engine: Engine) -> AsyncIterator[Engine]:
    try:
        yield engine
    finally:
        await engine.stop()

"""Wake-ups in the memory of one process: a set of (kind, key) pairs, served as soon as a hand is free.

Everything kept here may be lost: the sweep that runs beside it finds the same rows again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.domain.errors import StorageUnavailable
from bot.services.ports import Clock, WakeUp

_log = structlog.get_logger(__name__)

#: So many wake-ups of one kind are served at once.
HANDS = 64


class MemoryWakeUps:
    """The in-process engine. The same (kind, key) is never served twice at once; a wake-up that comes meanwhile is kept."""

    def __init__(self, clock: Clock, hands: int = HANDS) -> None:
        self._clock = clock
        self._handlers: dict[str, Callable[[str], Awaitable[None]]] = {}
        self._hands: dict[str, asyncio.Semaphore] = {}
        self._size = hands
        self._running: dict[WakeUp, bool] = {}  # True: serve once more when done
        self._tasks: set[asyncio.Task[None]] = set()
        self._later: dict[WakeUp, tuple[datetime, asyncio.Task[None]]] = {}
        self._stopped = asyncio.Event()

    def register(self, kind: str, handler: Callable[[str], Awaitable[None]]) -> None:
        self._handlers[kind] = handler
        self._hands[kind] = asyncio.Semaphore(self._size)

    async def put(self, wake_up: WakeUp, at: datetime | None = None) -> None:
        if self._stopped.is_set():
            return
        if at is not None and at > self._clock.now():
            self._put_later(wake_up, at)
        elif wake_up in self._running:
            self._running[wake_up] = True
        elif wake_up.kind in self._handlers:
            self._running[wake_up] = False
            self._keep(asyncio.create_task(self._serve(wake_up)))

    async def serve(self, wake_up: WakeUp) -> None:
        """Serves one now and returns when it is done; while the same one is being served, that one runs once more."""
        if self._stopped.is_set() or wake_up.kind not in self._handlers:
            return
        if wake_up in self._running:
            self._running[wake_up] = True
            return
        self._running[wake_up] = False
        task = asyncio.create_task(self._serve(wake_up))
        self._keep(task)
        # Whoever waits here may be cancelled; what is being served is not, and `stop` waits for it.
        await asyncio.wait([task])

    def _put_later(self, wake_up: WakeUp, at: datetime) -> None:
        known = self._later.get(wake_up)
        if known is not None:
            if known[0] <= at:
                return
            known[1].cancel()
        task = asyncio.create_task(self._wait(wake_up, at))
        self._later[wake_up] = (at, task)
        self._keep(task)

    async def _wait(self, wake_up: WakeUp, at: datetime) -> None:
        await self._clock.sleep_until(at)
        self._later.pop(wake_up, None)
        await self.put(wake_up)

    async def _serve(self, wake_up: WakeUp) -> None:
        try:
            async with self._hands[wake_up.kind]:
                while True:
                    self._running[wake_up] = False
                    await self._handle(wake_up)
                    if not self._running[wake_up] or self._stopped.is_set():
                        return
        finally:
            self._running.pop(wake_up, None)

    async def _handle(self, wake_up: WakeUp) -> None:
        try:
            await self._handlers[wake_up.kind](wake_up.key)
        except StorageUnavailable as error:
            _log.warning("wake_up_in_vain", kind=wake_up.kind, reason=str(error))
        except Exception:  # noqa: BLE001 - one job: the row behind it is untouched and the sweep comes back to it
            _log.exception("wake_up_failed", kind=wake_up.kind)

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        await self._stopped.wait()

    async def stop(self) -> None:
        """Lets what is being served finish, then forgets the rest."""
        self._stopped.set()
        for _, task in self._later.values():
            task.cancel()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

"""The part of storage that taking updates in needs: an inbox by update number, and the lease of the one who polls."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from bot.domain.errors import StorageUnavailable
from bot.services.ports import WakeUp
from bot.services.writes import Batch, StoreUpdate


class InboxStorage:
    """`failures` commits raise StorageUnavailable first; `stored` keeps what came after, once each."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.stored: dict[int, StoreUpdate] = {}
        self.batches: list[int] = []
        self.leases: dict[str, tuple[str, datetime]] = {}
        self._grew = asyncio.Event()

    async def commit(self, batch: Batch) -> tuple[int, ...]:
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise StorageUnavailable
        self.batches.append(len(batch))
        new = [write for write in batch if isinstance(write, StoreUpdate) and write.update_key not in self.stored]
        self.stored |= {write.update_key: write for write in new}
        self._grew.set()
        return tuple(write.update_key for write in new)

    async def hold_lease(self, name: str, holder: str, now: datetime, seconds: float) -> bool:
        owner, until = self.leases.get(name, (holder, now))
        if owner != holder and until > now:
            return False
        self.leases[name] = holder, now + timedelta(seconds=seconds)
        return True

    async def until_stored(self, count: int) -> list[StoreUpdate]:
        """The stored updates by number, as soon as there are so many."""
        async with asyncio.timeout(10):
            while len(self.stored) < count:
                self._grew.clear()
                await self._grew.wait()
        return [self.stored[key] for key in sorted(self.stored)]


class HeardWakeUps:
    """Wake-ups that nobody serves."""

    def __init__(self) -> None:
        self.heard: list[WakeUp] = []

    async def put(self, wake_up: WakeUp, at: datetime | None = None) -> None:
        assert at is None
        self.heard.append(wake_up)

"""A clock that jumps to whatever it is asked to sleep until, and remembers the sleeps."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta


class SleptEnough(Exception):
    """The test has seen as many sleeps as it wanted."""


class JumpingClock:
    """Starts on 4 March 2026, 10:00 UTC. After `sleeps` of them the next sleep raises SleptEnough."""

    def __init__(self, sleeps: int = 1000) -> None:
        self._now = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
        self._most = sleeps
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def pass_seconds(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    async def sleep_until(self, instant: datetime) -> None:
        if len(self.slept) >= self._most:
            raise SleptEnough
        self.slept.append((instant - self._now).total_seconds())
        self._now = max(self._now, instant)
        await asyncio.sleep(0)

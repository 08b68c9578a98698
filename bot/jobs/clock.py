"""The one clock. `SystemClock` follows the machine; `MovableClock` runs ahead of it by what the demo or a test has moved it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

#: No sleeper waits longer than this on the machine's timer, so that a suspended machine wakes up to the right time.
_LONGEST_NAP = 30.0


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this is the one clock

    async def sleep_until(self, instant: datetime) -> None:
        while (left := (instant - self.now()).total_seconds()) > 0:  # noqa: ASYNC110 - only the machine's timer tells
            await asyncio.sleep(min(left, _LONGEST_NAP))


class MovableClock:
    """A clock that goes with the machine's time from `start` on, or stands still, and can be moved forward."""

    def __init__(self, start: datetime | None = None, *, standing: bool = False) -> None:
        self._machine = SystemClock()
        self._begun = self._machine.now()
        self._start = start or self._begun
        self._standing = standing
        self._moved = timedelta()
        self._jumped = asyncio.Event()

    def now(self) -> datetime:
        passed = timedelta() if self._standing else self._machine.now() - self._begun
        return self._start + self._moved + passed

    def move_to(self, instant: datetime) -> None:
        """Forward only: time that has passed stays passed. Raises ValueError for an instant in the past."""
        step = instant - self.now()
        if step < timedelta():
            raise ValueError("the clock only moves forward")
        self._moved += step
        jumped, self._jumped = self._jumped, asyncio.Event()
        jumped.set()

    async def sleep_until(self, instant: datetime) -> None:
        while (left := (instant - self.now()).total_seconds()) > 0:
            nap = _LONGEST_NAP if self._standing else min(left, _LONGEST_NAP)
            try:
                await asyncio.wait_for(self._jumped.wait(), nap)
            except TimeoutError:
                continue

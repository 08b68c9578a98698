"""Waiting for a change without polling: whoever waits is woken by the next `ring`.

All of the stand-in runs in one event loop, so a condition can be checked and the wait begun without a lock.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Bell:
    """Wakes everybody who waits for the next change."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Something changed: let every waiter look again."""
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, look: Callable[[], Found | None], timeout: float | None) -> Found:  # noqa: ASYNC109
        """The first value other than None that `look` gives; TimeoutError after `timeout` real seconds."""
        async with asyncio.timeout(timeout):
            while (found := look()) is None:
                waiter = asyncio.get_running_loop().create_future()
                self._waiters.add(waiter)
                try:
                    await waiter
                finally:
                    self._waiters.discard(waiter)
            return found

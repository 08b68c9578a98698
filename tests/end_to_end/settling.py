"""Waiting until nothing is left to do at the clock's present instant, by asking the database, never by guessing a time."""

import asyncio

from bot.demo.running import Demo

#: Rounds of a hundredth of a second; a minute in all, after which something is stuck.
_ROUNDS = 6000


async def settled(running: Demo) -> None:
    """Returns when every update is handled, every due timer has run and every due message is settled, twice in a row."""
    storage, quiet = running.application.storage, 0
    for _ in range(_ROUNDS):
        now = running.clock.now()
        counts = await storage.counts()
        waiting = (
            running.standin.updates.pending
            or await storage.chats_waiting(1)
            or await storage.shards_waiting(now)
            or await storage.due_timers(now, 1)
            or counts.get("outbox_sending")
        )
        quiet = 0 if waiting else quiet + 1
        if quiet == 3:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"still busy: {counts}")

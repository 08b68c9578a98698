"""Deliver the outbox: claim what is due in a shard and send it, each chat on its own, so that a slow one keeps nobody waiting.

A chat's next message is claimed when the one before is settled: what is claimed is on its way, and what is not can neither be
lost nor doubled by a crash.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.domain.borrower import Address
from bot.domain.errors import StorageUnavailable
from bot.services.ports import ClaimedRow, Clock, Storage, WakeUp, WakeUps
from bot.services.send_claimed import SendClaimed

_log = structlog.get_logger(__name__)

#: Rows claimed at once.
CLAIM = 8
#: Rows of one process in flight at once; it is also the most that a crash can catch.
MOST_IN_FLIGHT = 48
#: A row that has been in flight for so long needs a sign of life.
_SLOW = timedelta(seconds=4)


@dataclass(slots=True)
class DeliverOutbox:
    """The drain of the outbox. `holder` names this process among others."""

    storage: Storage
    clock: Clock
    wake_ups: WakeUps
    sending: SendClaimed
    holder: str
    messages_per_second: float
    _free: int = MOST_IN_FLIGHT
    _in_flight: dict[int, datetime] = field(default_factory=dict)  # outbox id -> when it was claimed
    _lanes: set[asyncio.Task[None]] = field(default_factory=set)
    #: Shards being drained; True: look once more when done.
    _draining: dict[int, bool] = field(default_factory=dict)
    #: Shards with something due that were left because too much was in flight.
    _left: set[int] = field(default_factory=set)
    _closing: bool = False

    async def shard(self, key: str) -> None:
        """Takes up all that is due in one shard; does not wait until it is sent."""
        await self._drain(int(key))

    async def renew(self) -> None:
        """A sign of life for what has been in flight for long."""
        now = self.clock.now()
        slow = [outbox_id for outbox_id, claimed_at in self._in_flight.items() if now - claimed_at > _SLOW]
        if slow:
            await self.storage.renew_outbox(slow, self.holder, now)

    async def close(self) -> None:
        """Claims nothing more, and returns when what is in flight is settled."""
        self._closing = True
        while self._lanes:
            await asyncio.wait(self._lanes)

    async def _drain(self, number: int) -> None:
        if number in self._draining:
            self._draining[number] = True
            return
        self._draining[number] = True
        try:
            while self._draining[number] and not self._closing:
                self._draining[number] = False
                await self._claim_all(number)
        finally:
            del self._draining[number]

    async def _claim_all(self, number: int) -> None:
        while not self._closing:
            if not self._free:
                self._left.add(number)
                return
            rows = await self._claim(number, min(CLAIM, self._free))
            due_at = await self.storage.next_outbox_at(number)
            if due_at is None:
                return
            now = self.clock.now()
            if due_at > now or not rows:
                # Due and yet not to be had: the bucket was empty.
                soonest = now + timedelta(seconds=1 / self.messages_per_second)
                await self.wake_ups.put(WakeUp("outbox", str(number)), at=max(due_at, soonest))
                return

    async def _claim(self, number: int, wanted: int) -> Sequence[ClaimedRow]:
        """Claims at most so many rows and sets them on their way."""
        self._free -= wanted
        rows: Sequence[ClaimedRow] = ()
        now = self.clock.now()
        try:
            rows = await self.storage.claim_outbox(number, self.holder, now, wanted, self.messages_per_second)
        finally:
            self._free += wanted - len(rows)
        lanes: dict[Address, list[ClaimedRow]] = defaultdict(list)
        for row in rows:
            self._in_flight[row.message.outbox_id] = now
            lanes[row.message.address].append(row)
        for lane in lanes.values():
            task = asyncio.create_task(self._send(number, lane))
            self._lanes.add(task)
            task.add_done_callback(self._ended)
        return rows

    async def _send(self, number: int, lane: Sequence[ClaimedRow]) -> None:
        try:
            await self.sending.lane(lane)
        finally:
            self._free += len(lane)
            for row in lane:
                del self._in_flight[row.message.outbox_id]
        left, self._left = self._left, set()
        for waiting in (number, *left):
            await self._look_again(waiting)

    async def _look_again(self, number: int) -> None:
        """The chat's next row, if there is one, has waited for this one."""
        due_at = await self.storage.next_outbox_at(number)
        if due_at is None:
            return
        if due_at <= self.clock.now():
            await self._drain(number)
        else:
            await self.wake_ups.put(WakeUp("outbox", str(number)), at=due_at)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._lanes.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, StorageUnavailable):
            _log.warning("outbox_unread", reason=str(error))
        elif error is not None:
            # One job: its rows are found where they were left, and nobody else is kept waiting.
            _log.error("lane_failed", exc_info=error)

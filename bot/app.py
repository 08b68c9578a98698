"""The composition root: builds the adapters, hands them to the services, starts and stops them in order.

One process with `role="all"` does everything; `web` takes updates in, `worker` does the rest, both on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.config import Settings
from bot.domain.errors import ConfigurationProblems, GraceError, StorageUnavailable
from bot.jobs.memory import MemoryWakeUps
from bot.services.deliver_outbox import DeliverOutbox, Pace
from bot.services.handle_inbound import HandleInbound, Read
from bot.services.live import LiveScripts
from bot.services.plan_day import PlanDay
from bot.services.ports import Channel, Clock, Storage, WakeUp, WakeUps
from bot.services.publish_scripts import load_or_publish, read_files
from bot.services.run_timers import RunTimers
from bot.services.apply import Sign
from bot.storage.open import open_storage
from bot.web.health import Check, Health
from bot.web.server import WebServer, web_application

_log = structlog.get_logger(__name__)

Role = Literal["all", "web", "worker"]

#: The sweep finds what lost wake-ups left behind; this is the longest such a row waits.
_SWEEP_SECONDS = 2.0
#: An outbox row left in flight by a dead process is taken up after this long.
_RECOVER_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class ChannelParts:
    """What a channel brings along: how to send, how to read what it stored, how to sign its buttons."""

    channel: Channel
    read: Read
    sign: Sign


@dataclass(slots=True)
class Application:
    """A running Gracebot. `intake` are the loops that take updates in; `routes` what the web server serves besides health."""

    storage: Storage
    scripts: LiveScripts
    clock: Clock
    wake_ups: WakeUps
    parts: Mapping[str, ChannelParts]
    pace: Pace
    messages_per_second: float
    role: Role = "all"
    intake: Sequence[Callable[[], Awaitable[None]]] = ()
    checks: dict[str, Check] = field(default_factory=dict)
    holder: str = ""
    crash_point: Callable[[str], None] = field(default=lambda _name: None)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    inbound: HandleInbound = field(init=False)
    timers: RunTimers = field(init=False)
    plan: PlanDay = field(init=False)
    delivery: DeliverOutbox = field(init=False)

    def __post_init__(self) -> None:
        self.holder = self.holder or f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        signers = {name: part.sign for name, part in self.parts.items()}
        readers = {name: part.read for name, part in self.parts.items()}
        channels = {name: part.channel for name, part in self.parts.items()}
        self.inbound = HandleInbound(self.storage, self.scripts, self.clock, self.wake_ups, readers, signers)
        self.timers = RunTimers(self.storage, self.scripts, self.clock, self.wake_ups, signers, self.holder)
        self.plan = PlanDay(self.storage, self.scripts, self.clock, self.wake_ups)
        self.delivery = DeliverOutbox(
            self.storage,
            self.scripts,
            self.clock,
            self.wake_ups,
            channels,
            self.pace,
            self.holder,
            self.messages_per_second,
            self.crash_point,
        )

    def health(self) -> Health:
        return Health(self.storage, self.checks, self.registry)

    async def start(self) -> None:
        """Takes up what a dead process left, then starts the loops."""
        if self.role != "web":
            self.wake_ups.register("inbox", self.inbound.chat)
            self.wake_ups.register("outbox", self.delivery.shard)
            self.wake_ups.register("timers", self.timers.all)
            self.wake_ups.register("plan", self.plan.programme)
            await self.storage.recover_outbox(self.clock.now(), _RECOVER_SECONDS)
            loops = [self._sweep, self._recover, self._plan, *self.intake]
        else:
            loops = list(self.intake)
        self._tasks = [asyncio.create_task(self._keep_up(loop)) for loop in (self.wake_ups.run, *loops)]

    async def stop(self) -> None:
        """Takes nothing more in, lets what is being done finish, gives its leases back."""
        for task in self._tasks[1:]:
            task.cancel()
        await asyncio.gather(*self._tasks[1:], return_exceptions=True)
        await self.wake_ups.stop()
        self._tasks[0].cancel()
        await asyncio.gather(self._tasks[0], return_exceptions=True)
        await self.storage.release_shards(self.holder)

    async def wait(self) -> None:
        """Returns when a loop has ended by itself, raising what ended it."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def _keep_up(self, loop: Callable[[], Awaitable[None]]) -> None:
        """A loop that goes on after the database was away; anything else it raises ends the program with a sentence."""
        while True:
            try:
                await loop()
                return
            except StorageUnavailable as error:
                _log.warning("storage_unavailable", reason=str(error))
                await asyncio.sleep(1)

    async def _sweep(self) -> None:
        while True:
            await self.scripts.refresh()
            await self.inbound.sweep()
            for shard in await self.storage.shards_waiting(self.clock.now()):
                await self.wake_ups.put(WakeUp("outbox", str(shard)))
            await self.wake_ups.put(WakeUp("timers", "all"))
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _recover(self) -> None:
        while True:
            await asyncio.sleep(_RECOVER_SECONDS / 3)
            await self.storage.recover_outbox(self.clock.now(), _RECOVER_SECONDS)

    async def _plan(self) -> None:
        """At every full hour of the clock some borrower's day may begin."""
        while True:
            await self.plan.all()
            now = self.clock.now()
            await self.clock.sleep_until(now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))

"""Run by long polling: our own getUpdates loop. An update is confirmed to Telegram only after it is stored.

Telegram keeps what is not confirmed and gives it again, so nothing has to be remembered over a restart: whatever had been
stored before the crash is known by its number and changes nothing. One process polls at a time, by a lease.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.channels.telegram.bot_api import Answer, BotApi
from bot.channels.telegram.receive import ALLOWED_UPDATES, CHANNEL, to_store
from bot.channels.telegram.request import AnswerLost, NeverSent
from bot.domain.errors import ChannelUnavailable, ConfigurationProblems
from bot.services.crash_points import CrashPoint, pass_by
from bot.services.ports import Clock, Storage, WakeUp, WakeUps
from bot.services.writes import StoreUpdate

_log = structlog.get_logger(__name__)

#: Seconds for which Telegram may hold a call open while there is nothing to tell.
LONG_POLL = 10
#: Seconds after which another process takes over from one that died. Renewed between two calls, so longer than one.
LEASE = 20
#: Seconds for which another poller is tolerated: a call of a process that died may stay with Telegram until it ends.
CONFLICT_GRACE = 15
#: Conflicts further apart than this many seconds have nothing to do with each other.
_CONFLICT_MEMORY = 90
_CONFLICT_PAUSE = 3
_LONGEST_PAUSE = 30

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(slots=True)
class Polling:
    """The loop. `holder` names this process; `jitter` gives numbers from 0 to 1, so that many do not try in step."""

    api: BotApi
    storage: Storage
    clock: Clock
    wake_ups: WakeUps
    holder: str
    jitter: Callable[[], float]
    crash_point: CrashPoint = pass_by
    _offset: int | None = field(default=None, init=False)
    _failures: int = field(default=0, init=False)
    _leased_until: datetime | None = field(default=None, init=False)
    _conflicts: tuple[datetime, datetime] | None = field(default=None, init=False)  # first and last of a row

    async def run(self) -> None:
        """Takes updates in until cancelled.

        Raises ChannelUnavailable when another copy goes on polling with this token, ConfigurationProblems when Telegram
        does not know the token, and StorageUnavailable when the database is away; after that it may be run again.
        """
        while True:
            await self._wait_for_lease()
            try:
                answer = await self.api.call("getUpdates", self._asked(), waits=LONG_POLL)
            except (NeverSent, AnswerLost) as error:
                await self._rest(str(error))
                continue
            if answer.ok and isinstance(answer.result, list):
                self._failures = 0
                await self._take_in(answer.result)
            else:
                await self._refused(answer)

    def _asked(self) -> dict[str, Any]:
        asked: dict[str, Any] = {"timeout": LONG_POLL, "allowed_updates": ALLOWED_UPDATES}
        return asked if self._offset is None else asked | {"offset": self._offset}

    async def _take_in(self, updates: Sequence[dict[str, Any]]) -> None:
        if not updates:
            # All before is confirmed now. Telegram starts new numbers after a quiet week, perhaps lower ones: an offset
            # kept for longer than needed would confirm them unseen.
            self._offset = None
            return
        now = self.clock.now()
        stored = [write for update in updates if (write := to_store(update, _encode(update), now))]
        if stored:
            await self.storage.commit(tuple(stored))
            self.crash_point("after_store_update")
        self._offset = max(update["update_id"] for update in updates) + 1
        await wake(self.wake_ups, stored)

    async def _refused(self, answer: Answer) -> None:
        if answer.status in (401, 404):
            raise ConfigurationProblems(["Telegram does not know GRACE_TELEGRAM_TOKEN any more; was it revoked?"])
        if answer.status == 409:
            await self._conflict(answer.description)
        elif answer.retry_after:
            await self.clock.sleep_until(self.clock.now() + timedelta(seconds=answer.retry_after))
        else:
            await self._rest(f"http_{answer.status}")

    async def _conflict(self, description: str) -> None:
        """Waits a little; raises ChannelUnavailable when there was no end to it.

        Two copies that take turns also get updates now and then, each without the other's: a call that went well in
        between ends nothing.
        """
        now = self.clock.now()
        first, last = self._conflicts or (now, now)
        if now - last > timedelta(seconds=_CONFLICT_MEMORY):
            first = now
        self._conflicts = first, now
        if now - first >= timedelta(seconds=CONFLICT_GRACE):
            raise ChannelUnavailable(
                "Another copy is taking in updates with this token; stop it, or give this one a token of its own."
            )
        _log.warning("polling_conflict", bot_id=self.api.bot_id)
        if "webhook" in description:
            try:
                await self.api.call("deleteWebhook", {})
            except (NeverSent, AnswerLost) as error:
                await self._rest(str(error))
        else:
            await self.clock.sleep_until(now + timedelta(seconds=_CONFLICT_PAUSE))

    async def _rest(self, reason: str) -> None:
        """Longer after each failure in a row, up to half a minute."""
        self._failures += 1
        seconds = min(_LONGEST_PAUSE, 2.0 ** min(self._failures - 1, 10)) * (0.5 + self.jitter() / 2)
        _log.warning("polling_failed", bot_id=self.api.bot_id, reason=reason, failures=self._failures)
        await self.clock.sleep_until(self.clock.now() + timedelta(seconds=seconds))

    async def _wait_for_lease(self) -> None:
        while True:
            now = self.clock.now()
            # A renewal is a write: under load, when calls are short, not every call needs one.
            if self._leased_until is not None and self._leased_until - now > timedelta(seconds=LEASE * 2 / 3):
                return
            if await self.storage.hold_lease(f"polling:{self.api.bot_id}", self.holder, now, LEASE):
                self._leased_until = now + timedelta(seconds=LEASE)
                return
            self._leased_until = None
            await self.clock.sleep_until(now + timedelta(seconds=LEASE / 4))


async def wake(wake_ups: WakeUps, stored: Sequence[StoreUpdate]) -> None:
    """One wake-up for each chat, in the order of the updates."""
    for chat_key in dict.fromkeys(write.chat_key for write in stored):
        await wake_ups.put(WakeUp("inbox", f"{CHANNEL}:{chat_key}"))

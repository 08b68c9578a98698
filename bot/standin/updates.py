"""The queue of updates: made once, kept until the bot confirms them by offset or by a webhook's 2xx.

Two pollers are never served at once: the newer one wins and the older gets 409. Faults may repeat an update or hold it
back behind later ones, as a crash of the bot or of Telegram's own servers does.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.standin.bell import Bell
from bot.standin.faults import Faults
from bot.standin.refusals import Refusal, conflict

Json = dict[str, Any]

#: What a bot gets only when it asks for it by name.
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

_MOST_A_POLL = 100
_LONGEST_POLL = 50


@dataclass(slots=True, eq=False)
class Pending:
    """One update that is not confirmed.

    Repeated and late updates come even where the bot already confirmed a higher id, and go once they were delivered.
    """

    update: Json
    chat_id: int
    stubborn: bool = False
    delivered: bool = False


@dataclass(slots=True)
class _HeldBack:
    pending: Pending
    behind: int
    timer: asyncio.TimerHandle = field(repr=False)


class Updates:
    """Updates of one bot, in the order in which they will be delivered."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._queue: list[Pending] = []
        self._held_back: list[_HeldBack] = []
        self._poller: asyncio.Future[None] | None = None
        self._polled = Bell()
        self.last_id = 0
        self.allowed: frozenset[str] | None = None
        #: Told of every update that may be delivered now; the webhook sets it.
        self.listener: Callable[[Pending], None] | None = None

    @property
    def pending(self) -> list[Pending]:
        """What waits for the bot, in order."""
        return list(self._queue)

    async def until_polled(self, timeout: float | None = 5.0) -> None:  # noqa: ASYNC109
        """Waits until a long poll waits: the bot is up. TimeoutError after `timeout` real seconds."""
        await self._polled.until(lambda: self._poller, timeout)

    def __len__(self) -> int:
        return len(self._queue) + len(self._held_back)

    def put(self, kind: str, body: Json, chat_id: int) -> int | None:
        """Makes an update and returns its id; None where the bot did not ask for this kind."""
        if kind not in self.allowed if self.allowed is not None else kind in ON_REQUEST:
            return None
        self.last_id += 1
        update = {"update_id": self.last_id, kind: body}
        fault = self._faults.for_update(kind, chat_id, update)
        if fault is not None and fault.kind == "late":
            self._hold_back(Pending(update, chat_id, stubborn=True), fault.behind, fault.seconds)
            return self.last_id
        self._deliver(Pending(update, chat_id))
        if fault is not None and fault.kind == "duplicate":
            self._deliver(Pending(update, chat_id, stubborn=True))
        self._let_go()
        return self.last_id

    def _deliver(self, pending: Pending) -> None:
        self._queue.append(pending)
        if self.listener is not None:
            self.listener(pending)
        self._wake()

    def _hold_back(self, pending: Pending, behind: int, seconds: float) -> None:
        timer = asyncio.get_running_loop().call_later(seconds, self.release)
        self._held_back.append(_HeldBack(pending, behind, timer))

    def _let_go(self) -> None:
        for held in self._held_back:
            held.behind -= 1
        self.release(lambda held: held.behind <= 0)

    def release(self, which: Callable[[_HeldBack], bool] = lambda _: True) -> None:
        """Delivers the updates that were held back."""
        ready = [held for held in self._held_back if which(held)]
        self._held_back = [held for held in self._held_back if held not in ready]
        for held in ready:
            held.timer.cancel()
            self._deliver(held.pending)

    def drop_all(self) -> None:
        """Forgets what waits (`drop_pending_updates`)."""
        self._queue.clear()
        for held in self._held_back:
            held.timer.cancel()
        self._held_back.clear()

    def confirm(self, pending: Pending) -> None:
        """One update was taken over by the webhook."""
        self._queue.remove(pending)

    def close(self) -> None:
        """Ends the poll that waits and every timer."""
        for held in self._held_back:
            held.timer.cancel()
        self._wake()

    async def poll(self, offset: int, limit: int, seconds: float, gone: Callable[[], bool]) -> list[Json]:
        """`getUpdates`: what waits after the offset, waiting at most `seconds` real seconds for the first.

        `gone` says that the caller went away, so nothing counts as delivered. Raises `Refusal` (409) when another
        poll begins meanwhile.
        """
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(_other_poller())
        if offset < 0:
            # A negative offset counts from the end and forgets what came before.
            self._queue = self._queue[offset:]
        else:
            self._queue = [pending for pending in self._queue if not _is_confirmed(pending, offset)]
        if not self._queue:
            await self._wait(min(seconds, _LONGEST_POLL))
        if gone():
            return []
        batch = self._queue[: min(max(limit, 1), _MOST_A_POLL)]
        for pending in batch:
            pending.delivered = True
        return [pending.update for pending in batch]

    async def _wait(self, seconds: float) -> None:
        if seconds <= 0:
            return
        self._poller = poller = asyncio.get_running_loop().create_future()
        self._polled.ring()
        try:
            async with asyncio.timeout(seconds):
                await poller
        except TimeoutError:
            pass
        finally:
            if self._poller is poller:
                self._poller = None

    def _wake(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def refuse_poller(self, refusal: Refusal) -> None:
        """Ends the poll that waits with an error."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(refusal)


def _is_confirmed(pending: Pending, offset: int) -> bool:
    below = bool(pending.update["update_id"] < offset)
    return below and (pending.delivered or not pending.stubborn)


def _other_poller() -> Refusal:
    return conflict("terminated by other getUpdates request; make sure that only one bot instance is running")

"""Handle inbound: one stored update becomes one turn, in one transaction.

A chat's updates are taken oldest first, one at a time; whoever loses the race for one (another process, a repeated update)
finds it handled or its version raised, and looks again. Computing a turn twice is free: it is pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from bot.dialog.engine import advance
from bot.dialog.hearing import hearing_context
from bot.dialog.state import DialogState
from bot.dialog.turn import LinkFacts, Turn
from bot.domain.borrower import Address
from bot.domain.errors import Conflict, Duplicate, StorageUnavailable
from bot.domain.events import ChatMoved, LinkOpened, Received, TextReceived
from bot.domain.situation import Situation
from bot.domain.understanding import NOTHING_SAID, HearingContext, Understanding
from bot.services.apologise import apology_batch
from bot.services.apply import Applied, Sign, apply_turn
from bot.services.crash_points import CrashPoint, pass_by
from bot.services.identifiers import fresh_id, fresh_reference
from bot.services.invite import token_hash
from bot.services.live import Live, LiveScripts
from bot.services.ports import Adviser, Clock, Ears, InboxRow, Storage, WakeUp, WakeUps, shard_of
from bot.services.second_opinion import heard_with
from bot.services.writes import MarkHandled
from bot.understanding.phrases import PhraseBook
from bot.understanding.understand import read

_log = structlog.get_logger(__name__)

#: After so many failures an update is put aside, the borrower is told, and a person is called.
MOST_FAILURES = 3
#: How long it waits after each failure: never is it tried again at the same instant, for what goes wrong may need time.
_WAITS = (timedelta(seconds=2), timedelta(seconds=8), timedelta(seconds=30), timedelta(minutes=5))
#: Races for one update that are lost in a row before it counts as failed: nobody loses so many to anybody but a bug.
MOST_LOST_RACES = 20

#: Turns a channel's raw update into an event; None where it means nothing to us.
Read = Callable[[str], Received | None]


class PlainEars:
    """Rules alone: the phrases as they were written."""

    def __init__(self, adviser: Adviser | None = None) -> None:
        self._adviser = adviser

    async def hear(self, text: str, heard: HearingContext, phrases: PhraseBook) -> Understanding:
        return await heard_with(self._adviser, read(text, heard, phrases), phrases)

    def follow(self, phrases: PhraseBook) -> None:
        pass

    async def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class HandleInbound:
    """The service behind every chat. `readers` and `signers` are by channel name."""

    storage: Storage
    scripts: LiveScripts
    clock: Clock
    wake_ups: WakeUps
    readers: Mapping[str, Read]
    signers: Mapping[str, Sign]
    crash_point: CrashPoint = pass_by
    ears: Ears = field(default_factory=PlainEars)

    async def chat(self, key: str) -> None:
        """Handles all that waits for one chat; `key` is `channel:chat key`."""
        channel, _, chat_key = key.partition(":")
        lost_races = 0
        while (row := await self.storage.oldest_update(channel, chat_key)) is not None:
            if row.retry_at is not None and row.retry_at > self.clock.now():
                # What failed gets time; whatever the chat says meanwhile waits behind it.
                return
            try:
                address = await self._one(row, last_race=lost_races == MOST_LOST_RACES)
            except (Conflict, Duplicate):
                # Somebody else moved this conversation on, or a drawn reference was taken: look again at what is there now.
                lost_races += 1
                continue
            lost_races = 0
            if address is not None:
                await self.wake_ups.put(WakeUp("outbox", str(shard_of(address))))

    async def sweep(self, limit: int = 1000) -> int:
        """Wakes every chat that has waiting updates; how many there were."""
        waiting = await self.storage.chats_waiting(limit)
        for channel, chat_key in waiting:
            await self.wake_ups.put(WakeUp("inbox", f"{channel}:{chat_key}"))
        return len(waiting)

    async def _one(self, row: InboxRow, *, last_race: bool) -> Address | None:
        received: Received | None = None
        try:
            received = self.readers[row.channel](row.raw)
            return await self._turn(row, received)
        except (Conflict, Duplicate) as error:
            if not last_race:
                raise
            return await self._failed(row, received, error)
        except StorageUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one turn: roll back, count, and in the end tell the borrower and a person
            return await self._failed(row, received, error)

    async def _turn(self, row: InboxRow, received: Received | None) -> Address | None:
        now = self.clock.now()
        if received is None or await self._moved_before(received):
            await self.storage.commit((MarkHandled(row.inbox_id, fresh_id(now), now, "ignored"),))
            return None
        situation = await self.storage.situation_of_chat(received.address, now)
        link = await self._link(received, situation)
        if link is not None and link.opens_for is not None:
            # The chat is bound in this very turn, so the turn must know whom it is bound to.
            invited = await self.storage.situation_of_borrower(link.opens_for, now)
            situation = replace(invited, conversation=situation.conversation)
            link = replace(link, borrower=invited.borrower)
        live, state = await self.scripts.place_of(situation.conversation)
        heard = await self._heard(received, live, state, situation)
        turn = Turn(
            event=received.event,
            understanding=heard,
            situation=situation,
            programmes=live.programmes,
            contact_policy=live.contact_policy_of(situation),
            now=now,
            fresh_id=fresh_id(now),
            reference=fresh_reference(),
            languages=live.languages,
            script_version=live.number,
            link=link,
            language_hint=received.language,
            approved=self.scripts.approved,
        )
        result = advance(live.script, state, turn)
        by = Applied(live, self.signers[row.channel], lambda: fresh_id(now), now)
        batch = apply_turn(row.inbox_id, received, situation, heard, result, by)
        self.crash_point("before_turn_commit")
        await self.storage.commit(batch)
        self.crash_point("after_turn_commit")
        return received.address

    async def _moved_before(self, received: Received) -> bool:
        """A group that moves to an address with a conversation of its own has nothing to bring along."""
        if not isinstance(received.event, ChatMoved):
            return False
        new = replace(received.address, key=received.event.new_key)
        return await self.storage.conversation(new) is not None

    async def _link(self, received: Received, situation: Situation) -> LinkFacts | None:
        if not isinstance(received.event, LinkOpened) or not received.event.token:
            return None
        link = await self.storage.link(token_hash(received.event.token))
        if link is None:
            return LinkFacts(None, None)
        return LinkFacts(
            link_id=link.link_id,
            borrower_id=link.borrower_id,
            expired=link.used_by is None and link.expires_at <= situation.now,
            used_by_other=link.used_by not in (None, received.address),
            used_here=link.used_by == received.address,
        )

    async def _heard(self, received: Received, live: Live, state: DialogState, situation: Situation) -> Understanding:
        """What was said; nothing where nothing was typed."""
        if not isinstance(received.event, TextReceived):
            return NOTHING_SAID
        context = hearing_context(
            live.script, state, situation, live.programmes, live.languages, situation.now, live.catalogs
        )
        return await self.ears.hear(received.event.text, context, live.phrases)

    async def _failed(self, row: InboxRow, received: Received | None, error: Exception) -> Address | None:
        retry_at = self.clock.now() + _WAITS[min(row.failures, len(_WAITS) - 1)]
        failures = await self.storage.count_failure(row.inbox_id, retry_at)
        _log.error("turn_failed", inbox_id=row.inbox_id, failures=failures, exc_info=error)
        if failures < MOST_FAILURES:
            await self.wake_ups.put(WakeUp("inbox", f"{row.channel}:{row.chat_key}"), at=retry_at)
            return None
        now = self.clock.now()
        address = Address(row.channel, row.chat_key)
        situation = await self.storage.situation_of_chat(address, now)
        live: Live = self.scripts.current
        by = Applied(live, self.signers[row.channel], lambda: fresh_id(now), now)
        await self.storage.commit(apology_batch(row.inbox_id, address, received, situation, error, by))
        return address

"""Pace: when the next message may go to a chat. Telegram allows one a second in a private chat, twenty a minute in a group.

The pace over all chats and processes is kept in the database; this one is a process's own, since one process at a time
serves a chat. A pause that Telegram asked for ends at its instant and at nothing else: what other requests do meanwhile,
sent or refused, never shortens it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.borrower import Address

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` messages at once, then one for each `interval`."""

    interval: timedelta
    burst: int


#: Three at once lets a turn answer in three messages without waiting.
PRIVATE = Rate(timedelta(seconds=1), burst=3)
#: In any sixty seconds at most 4 + 60 / 3.75 = 20.
GROUP = Rate(timedelta(seconds=3.75), burst=4)


@dataclass(slots=True)
class _Chat:
    #: When the bucket is full again; it fills by one message for each interval.
    full_at: datetime = _LONG_AGO
    paused_until: datetime = _LONG_AGO


class Pace:
    """`chats` bounds the memory: chats that may be written to at once are forgotten first."""

    def __init__(self, chats: int = 20_000, private: Rate = PRIVATE, group: Rate = GROUP) -> None:
        self._most = chats
        self._private = private
        self._group = group
        self._chats: OrderedDict[Address, _Chat] = OrderedDict()
        self._everyone_paused_until = _LONG_AGO

    def __len__(self) -> int:
        return len(self._chats)

    def ready_at(self, address: Address, now: datetime) -> datetime:
        """The first instant, not before `now`, at which a message may go to this chat."""
        chat = self._chats.get(address)
        if chat is None:
            return max(now, self._everyone_paused_until)
        rate = self._rate(address)
        # Were the machine's clock set back, nobody would wait longer than an empty bucket takes.
        full_at = min(chat.full_at, now + rate.interval * rate.burst)
        return max(now, full_at - rate.interval * (rate.burst - 1), chat.paused_until, self._everyone_paused_until)

    def sent(self, address: Address, now: datetime) -> None:
        """A message goes to this chat now."""
        rate = self._rate(address)
        chat = self._touch(address, now)
        chat.full_at = min(max(chat.full_at, now), now + rate.interval * rate.burst) + rate.interval

    def pause(self, address: Address | None, until: datetime) -> None:
        """Nothing goes to this chat (None: to any) before `until`. A shorter pause never replaces a longer one."""
        if address is None:
            self._everyone_paused_until = max(self._everyone_paused_until, until)
        else:
            chat = self._touch(address, _LONG_AGO)
            chat.paused_until = max(chat.paused_until, until)

    def _rate(self, address: Address) -> Rate:
        return self._private if address.private else self._group

    def _touch(self, address: Address, now: datetime) -> _Chat:
        chat = self._chats.get(address)
        if chat is None:
            self._make_room(now)
            chat = self._chats[address] = _Chat()
        self._chats.move_to_end(address)
        return chat

    def _make_room(self, now: datetime) -> None:
        if len(self._chats) < self._most:
            return
        for address in [a for a, chat in self._chats.items() if max(chat.full_at, chat.paused_until) <= now]:
            del self._chats[address]
        while len(self._chats) >= self._most:
            self._chats.popitem(last=False)

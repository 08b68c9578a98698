"""The pace that Telegram allows, as token buckets: all messages, one private chat, one group.

A call that finds a bucket empty is refused with the whole seconds until the next token and takes nothing. How fast the
buckets fill is a value (`Limits`), so a load test can scale them or switch them off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from bot.standin.methods import Pace as Kind


@dataclass(frozen=True, slots=True)
class Limits:
    """What a bot may send; None switches a limit off.

    Edits count against all messages and against a group's minute, not against the second of a private chat.
    """

    per_second: float | None = 30
    chat_per_second: float | None = 1
    #: How many messages may go to one private chat at once before its pace holds.
    chat_burst: int = 5
    group_per_minute: float | None = 20
    #: How long an unanswered callback query lives, on the stand-in's own clock.
    callback_seconds: float = 60

    @classmethod
    def off(cls) -> "Limits":
        """No rate limits at all."""
        return cls(per_second=None, chat_per_second=None, group_per_minute=None)


class _Bucket:
    """Full at first; fills by `rate` tokens a second up to `capacity`."""

    __slots__ = ("_at", "_capacity", "_level", "_rate")

    def __init__(self, capacity: float, rate: float, now: float) -> None:
        self._capacity = capacity
        self._rate = rate
        self._level = capacity
        self._at = now

    def wait(self, cost: float, now: float) -> float:
        """Seconds until `cost` tokens are there; 0 when they are."""
        self._level = min(self._capacity, self._level + (now - self._at) * self._rate)
        self._at = now
        # A message of more parts than the bucket holds waits for a full one; it could never go otherwise.
        missing = min(cost, self._capacity) - self._level
        return max(0.0, missing / self._rate)

    def take(self, cost: float) -> None:
        self._level -= cost


class Pace:
    """The buckets of one bot."""

    def __init__(self, limits: Limits, tick: Callable[[], float]) -> None:
        self._tick = tick
        self.limits = limits

    @property
    def limits(self) -> Limits:
        """The limits in force. Setting them fills all buckets anew."""
        return self._limits

    @limits.setter
    def limits(self, limits: Limits) -> None:
        self._limits = limits
        self._chats: dict[int, _Bucket] = {}
        self._all = None if limits.per_second is None else _Bucket(limits.per_second, limits.per_second, self._tick())

    def take(self, kind: Kind, chat_id: int, *, private: bool, cost: int = 1) -> int:
        """0 when the call may go (it is counted then), else Telegram's `retry_after` in seconds."""
        if kind == "free":
            return 0
        now = self._tick()
        buckets = [bucket for bucket in (self._all, self._chat(kind, chat_id, private, now)) if bucket is not None]
        wait = max((bucket.wait(cost, now) for bucket in buckets), default=0.0)
        if wait > 1e-9:
            return ceil(wait)
        for bucket in buckets:
            bucket.take(cost)
        return 0

    def _chat(self, kind: Kind, chat_id: int, private: bool, now: float) -> _Bucket | None:
        limits = self._limits
        if private and kind == "send" and limits.chat_per_second is not None:
            capacity, rate = float(limits.chat_burst), limits.chat_per_second
        elif not private and limits.group_per_minute is not None:
            capacity, rate = limits.group_per_minute, limits.group_per_minute / 60
        else:
            return None
        bucket = self._chats.get(chat_id)
        if bucket is None:
            bucket = self._chats[chat_id] = _Bucket(capacity, rate, now)
        return bucket

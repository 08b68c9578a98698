"""What follows an attempt to send: done, again later, or never. Somebody else carries it out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.delivery import Deferred, Delivered, DeliveryResult, MessageKind, NotSent, OutcomeUnknown, Refused

#: Refusals that mean what was wished for is so already, or no longer matters.
_MOOT = frozenset({"not_modified", "expired"})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a message that provably was not sent is tried, and the waits between: doubling from first to longest."""

    max_attempts: int
    first_wait_seconds: int
    longest_wait_seconds: int

    def wait_after(self, attempt: int) -> timedelta:
        return timedelta(seconds=min(self.longest_wait_seconds, self.first_wait_seconds * 2 ** (attempt - 1)))


@dataclass(frozen=True, slots=True)
class Done:
    message_key: str | None


@dataclass(frozen=True, slots=True)
class RetryAt:
    at: datetime
    reason: str
    counts: bool = True  # False: the channel asked to wait, which is no failed attempt


@dataclass(frozen=True, slots=True)
class GiveUp:
    """`state` is refused, unknown or dead, as in the delivery record."""

    state: str
    reason: str


NextMove = Done | RetryAt | GiveUp


def next_move(kind: MessageKind, attempt: int, result: DeliveryResult, policy: RetryPolicy, now: datetime) -> NextMove:
    """What to do after attempt number `attempt` (1 for the first) ended with `result`.

    An unknown outcome is never taken for "not sent". A reminder or notice then stays unknown; an answer is tried once more,
    since a doubled one harms nobody and a lost one does; an act such as an edit may be repeated freely.
    """
    match result:
        case Delivered():
            return Done(result.message_key)
        case Deferred():
            return RetryAt(max(result.retry_at, now), result.reason, counts=False)
        case Refused():
            return Done(None) if result.reason in _MOOT else GiveUp("refused", result.reason)
        case OutcomeUnknown() if kind is not MessageKind.ACT:
            if kind in (MessageKind.REMINDER, MessageKind.NOTICE) or attempt > 1:
                return GiveUp("unknown", result.reason)
            return RetryAt(now + policy.wait_after(attempt), result.reason)
        case NotSent() | OutcomeUnknown():
            if attempt >= policy.max_attempts:
                return GiveUp("dead", result.reason)
            return RetryAt(now + policy.wait_after(attempt), result.reason)
        case _:  # pragma: no cover -- every answer of a channel is named above
            assert_never(result)

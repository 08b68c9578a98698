"""What to do after an attempt to send: a decision by the message's kind and the channel's answer, carried out by others.

A reminder or notice whose outcome is unknown is never sent again by itself; a reply may be repeated once, since a doubled
answer harms nobody and a lost one does; acts such as edits are harmless to repeat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.delivery import Delivered, MessageKind, NotSent, OutboxState, OutcomeUnknown, Refused

#: Waiting times in seconds after the first, second, ... attempt that provably did not leave.
_WAITS = (1, 2, 5, 15, 60, 300, 900, 3600)
#: Answers of the channel that mean the wish is already fulfilled or moot.
_MOOT = frozenset({"not_modified", "expired"})


@dataclass(frozen=True, slots=True)
class Done:
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class RetryAt:
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    state: OutboxState
    reason: str


Move = Done | RetryAt | GiveUp


def next_move(
    kind: MessageKind, attempt: int, result: Delivered | Refused | OutcomeUnknown | NotSent, now: datetime
) -> Move:
    """What follows from attempt number `attempt` (1 for the first)."""
    match result:
        case Delivered():
            return Done()
        case Refused(reason=reason):
            return Done(reason) if reason in _MOOT else GiveUp(OutboxState.REFUSED, reason)
        case NotSent(reason=reason):
            return _again(attempt, now, reason)
        case OutcomeUnknown(reason=reason):
            if kind is MessageKind.ACT:
                return _again(attempt, now, reason)
            if kind in (MessageKind.REPLY, MessageKind.OPERATOR) and attempt == 1:
                return RetryAt(now + timedelta(seconds=_WAITS[0]), reason)
            return GiveUp(OutboxState.UNKNOWN, reason)


def _again(attempt: int, now: datetime, reason: str) -> Move:
    if attempt > len(_WAITS):
        return GiveUp(OutboxState.DEAD, reason)
    return RetryAt(now + timedelta(seconds=_WAITS[attempt - 1]), reason)

"""What follows an attempt to send: an unknown outcome is never taken for not sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.delivery import Deferred, Delivered, DeliveryResult, MessageKind, NotSent, OutcomeUnknown, Refused
from bot.policy.retry import Done, GiveUp, NextMove, RetryAt, RetryPolicy, next_move

NOW = datetime(2025, 3, 3, 10, tzinfo=UTC)
POLICY = RetryPolicy(max_attempts=3, first_wait_seconds=10, longest_wait_seconds=15)
REPLY, REMINDER, NOTICE, ACT = MessageKind.REPLY, MessageKind.REMINDER, MessageKind.NOTICE, MessageKind.ACT
LATER = NOW + timedelta(minutes=2)


@pytest.mark.parametrize(
    ("kind", "attempt", "result", "expected"),
    [
        (REMINDER, 1, Delivered("7"), Done("7")),
        (REMINDER, 1, Deferred(LATER), RetryAt(LATER, "rate_limited", counts=False)),
        (REMINDER, 1, Deferred(NOW - timedelta(1)), RetryAt(NOW, "rate_limited", counts=False)),
        (REMINDER, 1, Refused("blocked", unreachable=True), GiveUp("refused", "blocked")),
        (ACT, 1, Refused("not_modified"), Done(None)),
        (ACT, 1, Refused("expired"), Done(None)),
        (REMINDER, 1, OutcomeUnknown("timeout"), GiveUp("unknown", "timeout")),
        (NOTICE, 1, OutcomeUnknown("timeout"), GiveUp("unknown", "timeout")),
        (REPLY, 1, OutcomeUnknown("timeout"), RetryAt(NOW + timedelta(seconds=10), "timeout")),
        (REPLY, 2, OutcomeUnknown("timeout"), GiveUp("unknown", "timeout")),
        (MessageKind.OPERATOR, 1, OutcomeUnknown("timeout"), RetryAt(NOW + timedelta(seconds=10), "timeout")),
        (ACT, 2, OutcomeUnknown("timeout"), RetryAt(NOW + timedelta(seconds=15), "timeout")),
        (ACT, 3, OutcomeUnknown("timeout"), GiveUp("dead", "timeout")),
        (REMINDER, 1, NotSent("no_connection"), RetryAt(NOW + timedelta(seconds=10), "no_connection")),
        (REMINDER, 2, NotSent("no_connection"), RetryAt(NOW + timedelta(seconds=15), "no_connection")),
        (REMINDER, 3, NotSent("no_connection"), GiveUp("dead", "no_connection")),
    ],
)
def test_next_move(kind: MessageKind, attempt: int, result: DeliveryResult, expected: NextMove) -> None:
    assert next_move(kind, attempt, result, POLICY, NOW) == expected

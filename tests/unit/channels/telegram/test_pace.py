"""One a second in a private chat, twenty a minute in a group, and pauses that nobody else can end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.channels.telegram.pace import Pace
from bot.domain.borrower import Address

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
LI = Address("telegram", "77")
WU = Address("telegram", "78")
GROUP = Address("telegram", "-500", private=False)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def send_as_fast_as_allowed(pace: Pace, address: Address, seconds: float) -> list[float]:
    """When messages went, in seconds from the start, by somebody who always has one more."""
    sent, now = [], NOW
    while (now := pace.ready_at(address, now)) < after(seconds):
        pace.sent(address, now)
        sent.append((now - NOW).total_seconds())
    return sent


def test_a_private_chat_takes_three_at_once_and_then_one_a_second() -> None:
    assert send_as_fast_as_allowed(Pace(), LI, 4.5) == [0, 0, 0, 1, 2, 3, 4]


def test_after_a_rest_three_may_go_at_once_again() -> None:
    pace = Pace()
    assert send_as_fast_as_allowed(pace, LI, 0.5) == [0, 0, 0]
    for _ in range(3):
        assert pace.ready_at(LI, after(10)) == after(10)
        pace.sent(LI, after(10))
    assert pace.ready_at(LI, after(10)) == after(11)


def test_a_group_takes_no_more_than_twenty_in_any_minute() -> None:
    times = send_as_fast_as_allowed(Pace(), GROUP, 300)
    assert len(times) > 75
    assert max(sum(start <= t <= start + 60 for t in times) for start in times) == 20


def test_chats_do_not_wait_for_each_other() -> None:
    pace = Pace()
    send_as_fast_as_allowed(pace, LI, 0.5)
    assert pace.ready_at(WU, NOW) == NOW


def test_a_paused_chat_waits_and_the_others_do_not() -> None:
    pace = Pace()
    pace.pause(LI, after(30))
    assert pace.ready_at(LI, NOW) == after(30)
    assert pace.ready_at(WU, NOW) == NOW
    assert pace.ready_at(LI, after(31)) == after(31)


def test_a_pause_for_everyone_holds_known_and_unknown_chats() -> None:
    pace = Pace()
    pace.sent(LI, NOW)
    pace.pause(None, after(30))
    assert pace.ready_at(LI, NOW) == after(30)
    assert pace.ready_at(WU, NOW) == after(30)


def test_neither_a_shorter_pause_nor_a_message_ends_a_pause() -> None:
    pace = Pace()
    pace.pause(LI, after(30))
    pace.pause(LI, after(5))
    pace.sent(LI, NOW)
    assert pace.ready_at(LI, NOW) == after(30)
    pace.pause(None, after(60))
    pace.pause(None, after(1))
    pace.sent(WU, NOW)
    assert pace.ready_at(WU, NOW) == after(60)


def test_a_clock_set_back_delays_nobody_for_long() -> None:
    pace = Pace()
    pace.sent(LI, after(3600))
    assert pace.ready_at(LI, NOW) == after(1)


def test_memory_is_bounded_and_live_pauses_are_kept_longest() -> None:
    pace = Pace(chats=3)
    pace.pause(LI, after(600))
    for number in range(100):
        pace.sent(Address("telegram", str(1000 + number)), after(10 * number))
        if number % 2:
            pace.pause(LI, after(600))
    assert len(pace) <= 3
    assert pace.ready_at(LI, NOW) == after(600)

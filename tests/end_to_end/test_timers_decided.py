"""A reminder on its way is decided once more just before it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels import console
from bot.domain.borrower import Address
from bot.domain.delivery import MessageKind
from bot.jobs.clock import MovableClock
from bot.services.writes import PutTimer
from tests.contracts.storage.builders import a_message
from tests.end_to_end.terminals import Terminals


async def test_a_reminder_for_a_chat_that_the_borrower_has_left_is_not_sent_there(office: Terminals) -> None:
    await office.sit("old", "S-4", "en")
    office.clock.move_to(office.clock.now() + timedelta(minutes=1))
    await office.sit("new", "S-4", "en")
    at, old = office.clock.now(), Address(console.CHANNEL, "old")
    await office.storage.commit(
        (a_message("D1", MessageKind.REMINDER, old, borrower_id="S-4", loan_id="L-4001", run_at=at),)
    )
    await office.sent()
    record = await office.storage.delivery("D1")
    assert record is not None
    assert (record.status, record.reason) == ("withheld", "address_changed")
    assert office.shown["old"] == []


async def test_while_the_clock_stands_before_what_was_written_nothing_goes_and_people_are_told_once(
    office: Terminals,
) -> None:
    await office.sit("t1", "S-4", "en")
    await office.say("t1", "hello")
    at = office.clock.now()
    wrong = MovableClock(at - timedelta(hours=2), standing=True)
    for delivery_id in ("D1", "D2"):
        message = a_message(
            delivery_id, MessageKind.REMINDER, Address(console.CHANNEL, "t1"), borrower_id="S-4", loan_id="L-4001"
        )
        await office.storage.commit((replace(message, at=wrong.now(), run_at=wrong.now()),))
    office.clock = wrong
    await office.sent()
    records = [await office.storage.delivery(delivery_id) for delivery_id in ("D1", "D2")]
    assert [(r.status, r.reason) for r in records if r] == [("withheld", "clock")] * 2
    assert [case.reason async for case in office.storage.cases()] == ["gate_clock"]


@pytest.mark.parametrize(("late", "told"), [(50, []), (51, ["many_late_timers"])])
async def test_people_are_told_once_where_many_timers_are_late(office: Terminals, late: int, told: list[str]) -> None:
    """As after a stop of the system: what is late goes through the gate in order, and somebody should know why."""
    now = office.clock.now()
    for number in range(late):
        due = now - timedelta(hours=2, minutes=number)
        await office.storage.commit((PutTimer(f"old:{number}", "promise_day", due, "S-4", "L-4001", "generic", ()),))
    await office.decide()
    cases = [case async for case in office.storage.cases()]
    assert [case.reason for case in cases] == told
    for case in cases:
        assert dict(case.brief) == {"at_least": "51", "oldest": (now - timedelta(hours=2, minutes=50)).isoformat()}

"""A reminder on its way is decided once more just before it goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.channels import console
from bot.domain.borrower import Address
from bot.domain.delivery import MessageKind
from bot.domain.situation import Situation
from bot.jobs.clock import MovableClock
from bot.services.ports import Storage
from bot.services.writes import FinishTimer, PutTimer
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


class Overtaken:
    """A storage on which another process decides the timer of S-4 first, and then deciding it fails here."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __getattr__(self, name: str) -> object:
        return getattr(self._storage, name)

    async def situation_of_borrower(self, borrower_id: str, now: datetime) -> Situation:
        for timer in await self._storage.timers_of("S-4"):
            await self._storage.commit((FinishTimer(timer.timer_id, now, "done"),))
            raise RecursionError("a bug")
        return await self._storage.situation_of_borrower(borrower_id, now)


async def test_a_timer_that_fails_here_and_was_decided_elsewhere_keeps_no_other_waiting(office: Terminals) -> None:
    now, storage = office.clock.now(), office.storage
    for number, (borrower, loan) in enumerate((("S-4", "L-4001"), ("S-6", "L-6001"))):
        at = now - timedelta(minutes=9 - number)
        await storage.commit((PutTimer(f"t:{borrower}", "promise_day", at, borrower, loan, "generic", ()),))
    office.storage = Overtaken(storage)
    await office.decide()
    assert await storage.due_timers(now, 10) == []


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

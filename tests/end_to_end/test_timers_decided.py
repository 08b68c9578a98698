"""A reminder on its way is decided once more just before it goes."""

from __future__ import annotations

from datetime import timedelta

from bot.channels import console
from bot.domain.borrower import Address
from bot.domain.delivery import MessageKind
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

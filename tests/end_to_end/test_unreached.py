"""A borrower whom no message reaches becomes a task for a person, from the stage that the programme names on, and once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels import console
from bot.domain.borrower import Address
from bot.services.writes import SaveConversation
from tests.end_to_end.terminals import Terminals

#: Half an hour after the hour of reminders, on the days on which L-4001 is due for one: 8, 11 and 15 days late. From 11 days
#: on it is in the stage `severe`, which the programme `generic` names.
MODERATE, SEVERE, LATER = (datetime(2026, 12, day, 10, 30, tzinfo=UTC) for day in (4, 7, 11))


async def leave(office: Terminals, **changed: object) -> None:
    """Sam's chat as it is from now on."""
    await office.sit("sam", "S-4", "en")
    before = await office.storage.conversation(Address(console.CHANNEL, "sam"))
    assert before is not None
    after = replace(before, version=before.version + 1, **changed)  # type: ignore[arg-type]
    await office.storage.commit((SaveConversation(after, before.version, office.clock.now()),))


async def tasks(office: Terminals, at: datetime) -> list[tuple[str, bool]]:
    """Sam's open cases once the day of `at` was planned and its reminders decided."""
    office.clock.move_to(at - timedelta(hours=1))
    await office.day()
    office.clock.move_to(at)
    await office.day()
    return [(case.reason, case.takes_chat) async for case in office.storage.cases() if case.borrower_id == "S-4"]


@pytest.mark.parametrize("reason", ["no_address", "unproven", "blocked"])
async def test_whom_nothing_reaches_is_one_task_from_the_named_stage_on(office: Terminals, reason: str) -> None:
    if reason == "unproven":
        await leave(office, verified_at=None)
    if reason == "blocked":
        await leave(office, reachable=False)
    assert await tasks(office, MODERATE) == []
    assert await tasks(office, SEVERE) == [(f"unreached_{reason}", False)]
    assert await tasks(office, LATER) == [(f"unreached_{reason}", False)]
    withheld = [d.reason async for d in office.storage.deliveries("S-4")]
    assert withheld == [reason] * 3


async def test_who_can_be_reached_is_reminded_and_no_task(office: Terminals) -> None:
    await office.sit("sam", "S-4", "en")
    assert await tasks(office, SEVERE) == []
    assert office.shown["sam"] != []

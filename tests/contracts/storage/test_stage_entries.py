"""The stage history: appended as days pass, set by set, just as each loan by itself would be, and once however often."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from bot.domain.loan import LoanStatus
from bot.policy.stage_history import change_of_loan
from bot.services.stage_days import record_stage_days
from bot.services.writes import EnterStage, EnterStagesOfAnchor, PutSetting
from bot.storage.database import DatabaseStorage
from bot.storage.sealing import Keyring
from tests.contracts.storage.builders import NOW, with_borrower
from tests.contracts.storage.test_planning import OneProgramme, a_book, stored, with_conditions
from tests.databases import SECRET_KEYS, run_sql
from tests.unit.policy.cases import generic

TODAY = date(2026, 11, 21)
MORNING = datetime(2026, 11, 21, 4, tzinfo=UTC)
ENTRIES = "SELECT loan_id, stage, anchor, entered_on, reason FROM stage_entry ORDER BY loan_id, entered_on, at"


async def entries(database_url: str) -> set[tuple[str, ...]]:
    return {tuple(row) for row in await run_sql(database_url, ENTRIES)}


async def test_what_money_changes_back_and_forth_on_one_day_is_all_told(storage, database_url):
    await storage.commit(with_borrower())
    anchor, day = date(2026, 12, 1), date(2026, 12, 4)
    for minute, (stage, reason) in enumerate([("mild", "payment"), ("severe", "reversal"), ("mild", "payment")]):
        entry = EnterStage("L-B1", stage, anchor, day, reason, 3, NOW + timedelta(minutes=minute))
        await storage.commit((entry,))
        await storage.commit((entry,))
    rows = await run_sql(database_url, "SELECT stage, reason FROM stage_entry ORDER BY at")
    assert [tuple(row) for row in rows] == [("mild", "payment"), ("severe", "reversal"), ("mild", "payment")]


@pytest.mark.parametrize("stage", ["severe", None])
async def test_two_processes_that_meet_a_new_policy_tell_it_once(storage, database_url, stage):
    await storage.commit(with_borrower())  # due on 2026-12-01
    anchor, day = date(2026, 12, 1), date(2026, 12, 4)
    found = [
        EnterStagesOfAnchor("generic", anchor, stage, day, "policy_changed", 2, NOW + timedelta(seconds=second))
        for second in range(2)
    ]
    await asyncio.gather(*(storage.commit((entries_of_anchor,)) for entries_of_anchor in found))
    assert [entry.stage for entry in await storage.stage_entries("L-B1")] == [stage]


class Ways:
    """A database that only notes how it was asked to write."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def write(self, _make_program):
        self.asked.append("at once")

    async def write_page(self, _make_program):
        self.asked.append("beside the turns")


async def test_what_a_whole_book_enters_is_written_beside_the_turns():
    ways = Ways()
    storage = DatabaseStorage(ways, Keyring(SECRET_KEYS))
    anchor, day = date(2026, 12, 1), date(2026, 12, 4)
    await storage.commit((EnterStage("L-B1", "mild", anchor, day, "payment", 3, NOW),))
    await storage.commit((EnterStagesOfAnchor("generic", anchor, "mild", day, "day_passed", 3, NOW),))
    assert ways.asked == ["at once", "beside the turns"]


@pytest.mark.parametrize("conditional", [False, True])
async def test_a_day_appends_for_the_book_what_it_would_for_each_loan(storage, database_url, conditional):
    programme = with_conditions(generic()) if conditional else generic()
    random = Random(7)
    loans = a_book(random, 60)
    await stored(storage, loans, {loan.borrower_id: "Asia/Shanghai" for loan in loans})
    for _ in range(2):
        await record_stage_days(storage, OneProgramme(programme), programme, MORNING)
    changes = {
        loan.loan_id: change
        for loan in loans
        if loan.status is LoanStatus.OPEN and (change := change_of_loan(programme, loan, TODAY)) is not None
    }
    assert changes
    assert await entries(database_url) == {
        (loan_id, c.stage, c.anchor.isoformat() if c.anchor else None, "2026-11-21", "day_passed")
        for loan_id, c in changes.items()
    }


async def test_days_without_the_program_are_told_afterwards(storage, database_url):
    programme = generic()
    await storage.commit(with_borrower())  # due on 2026-12-01
    await storage.commit((PutSetting("staged:generic", "2026-11-27 1"),))
    await record_stage_days(storage, OneProgramme(programme), programme, datetime(2026, 12, 5, 4, tzinfo=UTC))
    rows = await run_sql(database_url, "SELECT stage, entered_on FROM stage_entry ORDER BY entered_on")
    assert [tuple(row) for row in rows] == [
        ("upcoming", "2026-11-28"),
        ("due", "2026-12-01"),
        ("mild", "2026-12-02"),
        ("moderate", "2026-12-05"),
    ]


async def test_the_history_of_a_loan_is_read_oldest_first(storage):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2")))
    first = EnterStage("L-B1", "mild", date(2026, 12, 1), date(2026, 12, 2), "day_passed", 3, NOW)
    paid = EnterStage("L-B1", None, None, date(2026, 12, 3), "payment", 4, NOW + timedelta(days=1))
    other = EnterStage("L-B2", "mild", date(2026, 12, 1), date(2026, 12, 2), "day_passed", 3, NOW)
    await storage.commit((paid, other, first))
    assert list(await storage.stage_entries("L-B1")) == [first, paid]
    assert list(await storage.stage_entries("L9")) == []

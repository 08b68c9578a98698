"""Timers set by one day's plan and decided by what the books say when they are due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.commitments import CommitmentStatus, DuePayment
from bot.domain.money import Money
from bot.loanbook.sources import BookMapping
from bot.services.import_loan_book import import_loan_book
from bot.services.writes import AppendCommitment, PutTimer
from bot.spreadsheets.importing import book_items, options_of
from tests.contracts.storage.builders import a_commitment
from tests.end_to_end.terminals import Terminals
from tests.unit.loanbook.books import a_row

#: The due date of the loans here is a Thursday; its day begins so.
MORNING = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
#: The hour of reminders is just over in London.
AT_TEN = datetime(2026, 11, 26, 10, 1, tzinfo=UTC)


async def imports(office: Terminals, folder: Path, *changes: dict[str, str], complete: bool = False) -> None:
    """Imports a book with loans of one borrower, due on MORNING's day but for what is changed."""
    rows = [a_row(**{"due_date": "2026-11-26", **changed}) for changed in changes]
    path = folder / "refreshed.csv"
    path.write_text("\n".join([",".join(rows[0]), *(",".join(r.values()) for r in rows)]) + "\n", encoding="utf-8")
    live, now = office.scripts.current, office.clock.now()
    items = book_items(path, BookMapping(), options_of(live, now))
    await import_loan_book(office.storage, live, items, now, complete)


async def test_a_book_refreshed_after_the_plan_changes_the_amount_and_not_the_reminder(
    office: Terminals, tmp_path: Path
) -> None:
    office.clock.move_to(MORNING)
    await imports(office, tmp_path, {})
    await office.sit("t1", "B1", "en")
    await office.day()
    await imports(office, tmp_path, {"principal": "90.00"})
    assert office.shown["t1"] == []
    office.clock.move_to(AT_TEN)
    await office.day()
    told = "\n".join(office.shown["t1"])
    assert told.count("£100.00") == 1, told
    assert "£110.00" not in told


async def test_the_promise_of_a_closed_loan_is_decided_all_the_same(office: Terminals, tmp_path: Path) -> None:
    office.clock.move_to(MORNING)
    await imports(office, tmp_path, {}, {"loan_id": "L2"})
    promise = a_commitment(
        loan_id="L2",
        made_at=MORNING - timedelta(hours=1),
        payments=(DuePayment(date(2026, 11, 26), Money(3000, "GBP")),),
        cost=Money(0, "GBP"),
        paid_before=Money(0, "GBP"),
    )
    about = (("commitment_id", promise.commitment_id),)
    check = PutTimer("check", "promise_check", MORNING + timedelta(days=7), "B1", "L2", "generic", about)
    await office.storage.commit((AppendCommitment(promise), check))
    await imports(office, tmp_path, {}, complete=True)
    office.clock.move_to(MORNING + timedelta(days=7))
    await office.day()
    decided = await office.storage.commitment(promise.commitment_id)
    assert decided is not None
    assert decided.status is CommitmentStatus.BROKEN

"""Timers set by one day's plan and decided by what the books say when they are due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.domain.commitments import CommitmentStatus, DuePayment
from bot.domain.loan import Payment
from bot.domain.money import Money
from bot.loanbook.sources import BookMapping
from bot.services.import_loan_book import import_loan_book
from bot.services.post_payments import Posted, post_payment
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


async def posts(office: Terminals, reference: str, minor: int, reverses: str | None = None) -> None:
    today = office.clock.now().date()
    payment = Payment(reference, "L-4001", Money(minor, "GBP"), today, reverses=reverses)
    posted = await post_payment(office.storage, office.scripts.current, payment, office.clock.now(), "test")
    assert posted is Posted.NOW


async def promises(office: Terminals) -> None:
    await office.sit("sam", "S-4", "en")
    await office.say("sam", "I'll pay 95 on Friday")
    await office.say("sam", "1")
    office.shown["sam"].clear()


async def test_the_outcome_of_a_promise_that_was_reopened_is_not_told(office: Terminals) -> None:
    await promises(office)
    await posts(office, "R1", 9500)
    await posts(office, "R2", -9500, reverses="R1")
    pending = {timer.kind for timer in await office.storage.timers_of("S-4")}
    assert pending == {"promise_day_before", "promise_day", "promise_check"}
    await office.day()
    assert office.shown["sam"] == []


async def test_only_the_outcome_that_a_promise_has_now_is_told(office: Terminals) -> None:
    await promises(office)
    await posts(office, "R1", 9500)
    (kept,) = [timer for timer in await office.storage.timers_of("S-4") if timer.kind == "promise_outcome"]
    about = (("commitment_id", dict(kept.about)["commitment_id"]), ("status", "broken"))
    older = PutTimer("older", "promise_outcome", kept.due_at, "S-4", "L-4001", "generic", about)
    await office.storage.commit((older,))
    await office.day()
    (told,) = [d async for d in office.storage.deliveries("S-4") if d.kind == "notice"]
    assert (told.rule, told.status) == ("promise_outcome", "sent")

"""Importing a loan book: the same file twice changes nothing, a refreshed one changes what it says, money is never counted twice."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import Any, cast

import pytest

from bot.domain.commitments import CommitmentStatus, DuePayment
from bot.domain.errors import Conflict
from bot.domain.loan import LoanStatus
from bot.domain.money import Money
from bot.loanbook.sources import BookMapping
from bot.services.import_loan_book import import_loan_book
from bot.services.ports import Storage
from bot.services.writes import AppendCommitment, Batch, PutTimer
from bot.spreadsheets.importing import book_items, options_of
from tests.contracts.books.lender import NOW, Lender, a_payment, instalments
from tests.contracts.storage.builders import a_commitment
from tests.unit.loanbook.books import a_row


async def test_a_first_book_stores_borrowers_loans_instalments_and_what_was_paid(lender: Lender) -> None:
    report = await lender.imports(*instalments(2, paid="60.00", paid_at="2026-03-01"))
    assert (report.new_borrowers, report.new_loans, report.adjustments) == (1, 1, 2)
    loan = await lender.loan()
    assert (loan.borrower_id, loan.programme, loan.currency, loan.status) == ("B1", "generic", "GBP", LoanStatus.OPEN)
    assert [(part.number, part.due_on, part.amount.minor) for part in loan.instalments] == [
        (1, date(2026, 3, 31), 11000),
        (2, date(2026, 4, 30), 11000),
    ]
    assert await lender.paid() == [6000, 6000]
    assert await lender.references() == ["book:L1:1:2026-03-01:6000", "book:L1:2:2026-03-01:6000"]
    borrower = (await lender.storage.situation_of_borrower("B1", NOW)).borrower
    assert borrower is not None
    assert (borrower.name, borrower.identity.phone, borrower.identity.id_last4) == ("Ana", "+447700900001", "0042")


async def test_the_same_file_twice_changes_nothing(lender: Lender) -> None:
    rows = instalments(2, paid="60.00", paid_at="2026-03-01")
    await lender.imports(*rows)
    before = await lender.storage.ledger("L1")
    report = await lender.imports(*rows, now=NOW + timedelta(days=1))
    assert report.changed_nothing
    assert await lender.storage.ledger("L1") == before


async def test_a_refreshed_book_changes_only_what_it_says_differently(lender: Lender) -> None:
    await lender.imports(*instalments(2), *instalments(1, loan_id="L2", borrower_id="B2"))
    report = await lender.imports(
        *instalments(1, principal="200.00", borrower_name="Anna", risk="C"),
        *instalments(1, loan_id="L2", borrower_id="B2"),
    )
    assert (report.new_loans, report.changed_loans, report.new_borrowers, report.changed_borrowers) == (0, 1, 0, 1)
    loan = await lender.loan()
    assert [part.amount.minor for part in loan.instalments] == [21000, 11000]
    assert loan.risk == "C"
    borrower = (await lender.storage.situation_of_borrower("B1", NOW)).borrower
    assert borrower is not None
    assert borrower.name == "Anna"


async def test_only_the_difference_between_the_books_total_and_the_ledger_is_posted(lender: Lender) -> None:
    await lender.imports(*instalments(2))
    await lender.posts(a_payment("P1", amount="50.00"))
    report = await lender.imports(*instalments(1, paid="60.00", paid_at="2026-03-02"))
    assert report.adjustments == 1
    assert await lender.paid() == [6000, 0]
    assert await lender.references() == ["P1", "book:L1:1:2026-03-02:6000"]


async def test_a_payment_after_the_day_of_the_total_stays_and_is_no_difference(lender: Lender) -> None:
    await lender.imports(*instalments(1, paid="60.00", paid_at="2026-03-02"))
    await lender.posts(a_payment("P2", amount="10.00", paid_on="2026-03-04"))
    report = await lender.imports(*instalments(1, paid="60.00", paid_at="2026-03-02"))
    assert report.changed_nothing
    assert await lender.paid() == [7000]


async def test_a_lower_total_takes_money_back(lender: Lender) -> None:
    await lender.imports(*instalments(1, paid="60.00", paid_at="2026-03-01"))
    await lender.imports(*instalments(1, paid="45.00", paid_at="2026-03-02"))
    assert await lender.paid() == [4500]
    state = await lender.storage.ledger("L1")
    assert state is not None
    assert [payment.amount for payment in state.payments] == [Money(6000, "GBP"), Money(-1500, "GBP")]


async def test_a_loan_that_was_paid_in_full_is_settled_and_no_longer_due(lender: Lender) -> None:
    await lender.imports(*instalments(1, paid="110.00", paid_at="2026-03-01"))
    assert (await lender.loan()).status is LoanStatus.SETTLED


async def test_an_adjustment_keeps_the_promise_it_fulfils(lender: Lender) -> None:
    await lender.imports(*instalments(1))
    zero = Money(0, "GBP")
    promise = a_commitment(
        loan_id="L1",
        made_at=NOW - timedelta(days=1),
        payments=(DuePayment(date(2026, 3, 6), Money(3000, "GBP")),),
        cost=zero,
        paid_before=zero,
    )
    await lender.storage.commit((AppendCommitment(promise),))
    await lender.imports(*instalments(1, paid="30.00", paid_at="2026-03-05"))
    kept = await lender.storage.commitment("C1")
    assert kept is not None
    assert kept.status is CommitmentStatus.KEPT


async def test_a_planned_reminder_stays_to_be_decided_by_the_changed_loan(lender: Lender) -> None:
    await lender.imports(*instalments(1))
    await lender.storage.commit((PutTimer("k", "reminder", NOW + timedelta(days=1), "B1", "L1", "generic"),))
    await lender.imports(*instalments(1, principal="90.00"))
    assert [timer.key for timer in await lender.storage.timers_of("B1")] == ["k"]


async def test_closing_a_loan_ends_its_reminders_and_leaves_its_promise_to_be_decided(lender: Lender) -> None:
    await lender.imports(*instalments(1), *instalments(1, loan_id="L2", borrower_id="B2"))
    kinds = ("reminder", "promise_day_before", "promise_day", "promise_check", "promise_outcome")
    await lender.storage.commit(tuple(PutTimer(k, k, NOW + timedelta(days=1), "B2", "L2", "generic") for k in kinds))
    await lender.imports(*instalments(1), complete=True)
    assert [timer.kind for timer in await lender.storage.timers_of("B2")] == ["promise_check"]


# -- loans that are not in the book -----------------------------------------------------------------------------------


async def test_a_loan_that_the_book_no_longer_has_is_left_alone_and_reported(lender: Lender) -> None:
    await lender.imports(*instalments(1), *instalments(1, loan_id="L2", borrower_id="B2"))
    report = await lender.imports(*instalments(1))
    assert (report.absent, report.closed) == (["L2"], 0)
    assert (await lender.loan("L2")).status is LoanStatus.OPEN


async def test_a_complete_book_closes_the_loans_it_does_not_have_and_a_later_one_opens_them_again(
    lender: Lender,
) -> None:
    both = (*instalments(1), *instalments(1, loan_id="L2", borrower_id="B2"))
    await lender.imports(*both)
    report = await lender.imports(*instalments(1), complete=True)
    assert (report.absent, report.closed) == (["L2"], 1)
    assert (await lender.loan("L2")).status is LoanStatus.CLOSED
    assert (await lender.imports(*instalments(1), complete=True)).changed_nothing
    await lender.imports(*both)
    assert (await lender.loan("L2")).status is LoanStatus.OPEN


async def test_a_complete_book_with_a_bad_row_closes_nothing(lender: Lender) -> None:
    await lender.imports(*instalments(1), *instalments(1, loan_id="L2", borrower_id="B2"))
    report = await lender.imports(*instalments(1), a_row(loan_id="L2", borrower_id="B2", principal="x"), complete=True)
    assert (report.absent, report.closed, lender.codes) == (["L2"], 0, ["not_an_amount"])


async def test_settled_loans_are_not_missed(lender: Lender) -> None:
    await lender.imports(
        *instalments(1), *instalments(1, loan_id="L2", borrower_id="B2", paid="110", paid_at="2026-03-01")
    )
    assert (await lender.imports(*instalments(1))).absent == []


# -- bad rows ---------------------------------------------------------------------------------------------------------


async def test_good_rows_are_stored_beside_bad_ones(lender: Lender) -> None:
    report = await lender.imports(*instalments(1), a_row(loan_id="L2", currency="XXZ"), *instalments(1, loan_id="L3"))
    assert lender.codes == ["unknown_currency"]
    assert (report.summary.good, report.summary.bad) == (2, 1)
    assert [loan_id async for loan_id in lender.storage.loan_ids()] == ["L1", "L3"]


@pytest.mark.parametrize(("column", "value"), [("borrower_id", "B9"), ("currency", "EUR")])
async def test_a_stored_loan_never_becomes_somebody_elses_or_other_money(
    lender: Lender, column: str, value: str
) -> None:
    await lender.imports(*instalments(2))
    before = await lender.storage.ledger("L1")
    report = await lender.imports(*instalments(2, **{column: value}), *instalments(1, loan_id="L2", **{column: value}))
    assert [(p.line, p.column, p.code, p.value) for p in lender.problems] == [(2, column, "stored_otherwise", "L1")]
    assert (report.refused_loans, report.new_loans) == (1, 1)
    assert await lender.storage.ledger("L1") == before


async def test_a_file_that_cannot_be_read_stores_nothing(lender: Lender) -> None:
    report = await lender.imports({"loan": "L1"})
    assert report.summary.refused
    assert report.changed_nothing
    assert "missing_column" in lender.codes


class Meddling:
    """The storage, with somebody else posting a payment just before each of the first commits."""

    def __init__(self, lender: Lender, times: int) -> None:
        self._lender = lender
        self._left = times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._lender.storage, name)

    async def commit(self, batch: Batch) -> tuple[int, ...]:
        if self._left:
            self._left -= 1
            await self._lender.posts(a_payment(f"M{self._left}", amount="1.00", paid_on="2026-03-04"))
        return await self._lender.storage.commit(batch)


async def imports_while_meddled_with(lender: Lender, times: int) -> None:
    rows = instalments(1, principal="90.00", paid="60.00", paid_at="2026-03-01")
    items = list(book_items(lender.write(rows), BookMapping(), options_of(lender.live, NOW)))
    await import_loan_book(cast(Storage, Meddling(lender, times)), lender.live, items, NOW)


async def test_a_payment_posted_meanwhile_is_reckoned_in(lender: Lender) -> None:
    await lender.imports(*instalments(1))
    await imports_while_meddled_with(lender, 2)
    assert await lender.references() == ["M0", "M1", "book:L1:1:2026-03-01:6000"]
    assert await lender.paid() == [6200]


async def test_a_loan_that_never_comes_to_rest_stops_the_import(lender: Lender) -> None:
    await lender.imports(*instalments(1))
    with pytest.raises(Conflict):
        await imports_while_meddled_with(lender, 100)
    assert await lender.paid() == [500]


# -- size -------------------------------------------------------------------------------------------------------------


async def test_rows_in_any_order_over_many_transactions_come_to_the_same_ledgers(lender: Lender) -> None:
    rows = [
        row
        for loan in range(5)
        for row in instalments(4, loan_id=f"L{loan}", borrower_id=f"B{loan}", paid="10.00", paid_at="2026-03-01")
    ]
    shuffled = sorted(rows, key=lambda row: (row["instalment"], row["loan_id"]), reverse=True)
    report = await lender.imports(*shuffled, batch_rows=3)
    assert (report.new_loans, report.changed_loans, report.new_borrowers, report.adjustments) == (5, 0, 5, 20)
    for loan in range(5):
        assert await lender.paid(f"L{loan}") == [1000, 1000, 1000, 1000]
    assert (await lender.imports(*rows)).changed_nothing


async def test_an_import_that_was_cut_off_is_simply_run_again(lender: Lender) -> None:
    rows = [row for loan in range(4) for row in instalments(2, loan_id=f"L{loan}", paid="10.00", paid_at="2026-03-01")]
    items = book_items(lender.write(rows), BookMapping(), options_of(lender.live, NOW))
    half = list(islice(items, 5))
    await import_loan_book(lender.storage, lender.live, half, NOW, batch_rows=2)
    report = await lender.imports(*rows)
    assert (report.new_loans, report.changed_loans, report.adjustments) == (1, 1, 3)
    assert [await lender.paid(f"L{loan}") for loan in range(4)] == [[1000, 1000]] * 4

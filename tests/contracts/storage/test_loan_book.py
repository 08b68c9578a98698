"""The loan book: a refresh changes what changed, money is never posted twice, the plan's candidates come by anchor day."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.errors import Conflict, Duplicate, StorageError
from bot.domain.loan import Instalment, LoanStatus, Payment
from bot.services.writes import (
    AppendPayment,
    EnterStage,
    SaveLedger,
    UpsertBorrower,
    UpsertInstalment,
    UpsertLoan,
)
from tests.contracts.storage.builders import NOW, a_borrower, a_loan, after, an_instalment, cny, with_borrower
from tests.databases import run_sql


def a_payment(reference: str = "P1", minor: int = 400, loan_id: str = "L-B1", **changed) -> AppendPayment:
    values = {"instalment": None, "reverses": None} | changed
    return AppendPayment(Payment(reference, loan_id, cny(minor), date(2026, 11, 20), **values), NOW, "file")


async def test_a_ledger_has_the_loan_its_payments_and_its_version(storage):
    await storage.commit(with_borrower())
    await storage.commit(
        (
            a_payment("P1", 400, instalment=1),
            a_payment("P2", -400, reverses="P1"),
            SaveLedger("L-B1", ((1, 0),), date(2026, 12, 1), 1000, LoanStatus.OPEN, NOW),
        )
    )
    ledger = await storage.ledger("L-B1")
    assert ledger.loan.instalments == (an_instalment(),)
    assert ledger.payments == (
        Payment("P1", "L-B1", cny(400), date(2026, 11, 20), 1, None),
        Payment("P2", "L-B1", cny(-400), date(2026, 11, 20), None, "P1"),
    )
    assert ledger.version == 2
    assert await storage.ledger("L9") is None


async def test_many_ledgers_come_at_once_and_unknown_loans_are_left_out(storage):
    await storage.commit((*with_borrower("B1"), *with_borrower("B2"), a_payment("P1", 10), a_payment("P2", 20, "L-B2")))
    found = await storage.ledgers(["L-B2", "L9", "L-B1"])
    assert {loan_id: [p.reference for p in state.payments] for loan_id, state in found.items()} == {
        "L-B1": ["P1"],
        "L-B2": ["P2"],
    }
    assert await storage.ledgers([]) == {}


async def test_a_ledger_is_saved_only_over_the_version_it_was_computed_from(storage):
    await storage.commit(with_borrower())
    save = SaveLedger("L-B1", ((1, 400),), date(2026, 12, 1), 600, LoanStatus.OPEN, NOW, expected_version=1)
    await storage.commit((a_payment("P1"), save))
    with pytest.raises(Conflict):
        await storage.commit((a_payment("P2"), save))
    assert [p.reference for p in (await storage.ledger("L-B1")).payments] == ["P1"]


async def test_a_payment_is_posted_once(storage):
    await storage.commit((*with_borrower(), a_payment("P1")))
    with pytest.raises(Duplicate):
        await storage.commit((a_payment("P2"), a_payment("P1")))
    assert await storage.payment("P1") == Payment("P1", "L-B1", cny(400), date(2026, 11, 20))
    assert await storage.payment("P2") is None


async def test_a_payment_for_an_unknown_loan_is_refused(storage):
    with pytest.raises(StorageError):
        await storage.commit((a_payment("P1", loan_id="L9"),))


async def test_an_instalment_is_updated_in_place(storage):
    await storage.commit(with_borrower())
    changed = Instalment(1, date(2026, 12, 5), cny(900), cny(50), cny(30), cny(20), cny(0))
    await storage.commit((UpsertInstalment("L-B1", changed, after(days=1)),))
    assert (await storage.ledger("L-B1")).loan.instalments == (changed,)


async def test_an_instalment_that_became_smaller_than_what_was_paid_is_no_fault(storage):
    await storage.commit((*with_borrower(), a_payment("P1", 900)))
    await storage.commit((SaveLedger("L-B1", ((1, 900),), date(2026, 12, 1), 100, LoanStatus.OPEN, NOW),))
    await storage.commit(
        (
            UpsertInstalment("L-B1", an_instalment(minor=500), NOW),
            SaveLedger("L-B1", ((1, 500),), None, 0, LoanStatus.SETTLED, NOW),
        )
    )
    (part,) = (await storage.ledger("L-B1")).loan.instalments
    assert (part.amount, part.paid) == (cny(500), cny(500))


async def test_a_refreshed_loan_keeps_its_ledger(storage):
    await storage.commit((*with_borrower(), *with_borrower("B2")))
    await storage.commit((UpsertLoan("L-B1", "premium", "B2", "CNY", None, frozenset(), after(days=1)),))
    ledger = await storage.ledger("L-B1")
    loan = ledger.loan
    assert (loan.programme, loan.borrower_id, loan.risk, loan.flags) == ("premium", "B2", None, frozenset())
    assert (ledger.version, loan.outstanding) == (1, cny(1000))


async def test_the_same_book_twice_writes_nothing_the_second_time(storage, database_url):
    book = (UpsertBorrower(a_borrower(), NOW), *a_loan()[:2])
    await storage.commit(book)
    later = (UpsertBorrower(a_borrower(), after(days=1)), *a_loan(at=after(days=1))[:2])
    await storage.commit(later)
    changed = await run_sql(database_url, "SELECT b.changed_at, l.changed_at FROM borrower b, loan l")
    moment = 1_795_262_400_000_000  # NOW
    assert changed == [(moment, moment)]


async def test_rows_of_a_book_may_come_loan_by_loan(storage):
    """A payment before its loan in the batch, an instalment before its loan: kinds are put into their order."""
    loan, instalment, ledger = a_loan()
    await storage.commit((a_payment("P1", loan_id="L1"), ledger, instalment, loan, UpsertBorrower(a_borrower(), NOW)))
    assert (await storage.ledger("L1")).payments[0].reference == "P1"


async def test_known_borrowers_are_told_apart_by_digest(storage):
    stored, other = UpsertBorrower(a_borrower("B1"), NOW), UpsertBorrower(a_borrower("B2"), NOW)
    await storage.commit((stored,))
    assert await storage.known_borrowers(["B1", "B2"]) == {"B1": storage.borrower_digest(stored)}
    renamed = UpsertBorrower(a_borrower("B1", name="Li"), after(days=1))
    assert storage.borrower_digest(renamed) != storage.borrower_digest(stored)
    assert storage.borrower_digest(UpsertBorrower(a_borrower("B1"), after(days=1))) == storage.borrower_digest(stored)
    assert storage.borrower_digest(other) != storage.borrower_digest(stored)


async def candidates(storage, *anchors, programme="generic"):
    return [c.loan.loan_id async for c in storage.loans_by_anchor(programme, anchors)]


async def test_candidates_are_open_loans_of_the_programme_with_that_anchor(storage):
    first, second, third = date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 3)
    await storage.commit(
        (
            UpsertBorrower(a_borrower(timezone="America/Bogota", region="CO"), NOW),
            *a_loan("L1", due=first),
            *a_loan("L2", due=second),
            *a_loan("L3", due=third),
            *a_loan("L4", due=first, programme="other"),
            *a_loan("L5", due=first, status=LoanStatus.CLOSED),
            *a_loan("L6", due=first, status=LoanStatus.SETTLED),
        )
    )
    assert await candidates(storage, third, first) == ["L1", "L3"]
    assert await candidates(storage, date(2020, 1, 1)) == []
    (found,) = [c async for c in storage.loans_by_anchor("generic", [second])]
    assert (found.timezone, found.region) == ("America/Bogota", "CO")
    assert found.loan == (await storage.ledger("L2")).loan


async def test_candidates_come_over_many_pages_each_once(by_threes):
    day = date(2026, 11, 1)
    writes = [UpsertBorrower(a_borrower(), NOW)]
    for n in range(8):
        writes += a_loan(f"L{n}", due=day)
    await by_threes.commit(tuple(writes))
    assert await candidates(by_threes, day) == [f"L{n}" for n in range(8)]
    assert [loan_id async for loan_id in by_threes.loan_ids()] == [f"L{n}" for n in range(8)]


async def test_loan_ids_of_one_programme_or_of_all(storage):
    await storage.commit(
        (UpsertBorrower(a_borrower(), NOW), *a_loan("L2", programme="x"), *a_loan("L1"), *a_loan("L3"))
    )
    assert [loan_id async for loan_id in storage.loan_ids()] == ["L1", "L2", "L3"]
    assert [loan_id async for loan_id in storage.loan_ids("generic")] == ["L1", "L3"]


async def test_a_stage_is_entered_once_a_day(storage, database_url):
    await storage.commit(with_borrower())
    entry = EnterStage("L-B1", "mild", date(2026, 12, 1), date(2026, 12, 4), "r1", 3, NOW)
    none = EnterStage("L-B1", None, None, date(2026, 12, 5), "paid", 3, NOW)
    await storage.commit((entry, none))
    await storage.commit((entry, none))
    rows = await run_sql(database_url, "SELECT loan_id, stage, anchor, entered_on FROM stage_entry ORDER BY entered_on")
    assert rows == [("L-B1", "mild", "2026-12-01", "2026-12-04"), ("L-B1", None, None, "2026-12-05")]

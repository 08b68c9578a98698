"""The risk of a stored loan: its payments, all broken promises of its borrower, and the band that came with the book."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.domain.commitments import CommitmentStatus
from bot.services.ports import LedgerState
from bot.services.risk import score_of
from tests.unit.policy.cases import DUE, a_loan, a_payment, a_promise, generic, programme

XINERFU = programme("xinerfu")
TODAY = DUE + timedelta(days=12)
LEDGER = LedgerState(a_loan(), (), 1)
BROKEN = a_promise(status=CommitmentStatus.BROKEN)


def test_broken_promises_count_on_whatever_loan_and_open_ones_do_not() -> None:
    promises = (BROKEN, replace(BROKEN, loan_id="L2"), a_promise())
    found = score_of(LEDGER, XINERFU, promises, TODAY)
    assert found is not None
    assert found.sentence() == (
        "Band high: 65 points: 2 broken promises (30), 1 instalment past due (10), 1 payment missed or late (5), "
        "1200.00 CNY past due (15), first payment due 12 days ago (5)."
    )


def test_a_part_that_was_paid_late_stays_missed() -> None:
    paid = (a_payment("1200.00", DUE + timedelta(days=3)),)
    found = score_of(LedgerState(a_loan(payments=paid), paid, 2), XINERFU, (), TODAY)
    assert found is not None
    assert (found.band, found.parts) == ("low", (("1 payment missed or late", 5), ("first payment due 12 days ago", 5)))


def test_the_band_of_the_book_wins() -> None:
    found = score_of(replace(LEDGER, loan=replace(a_loan(), risk="low")), XINERFU, (BROKEN, BROKEN), TODAY)
    assert found is not None
    assert (found.band, found.imported) == ("low", True)


def test_without_a_scorecard_or_a_loan_there_is_no_score() -> None:
    assert score_of(LEDGER, generic(), (BROKEN,), TODAY) is None
    assert score_of(None, XINERFU, (), TODAY) is None

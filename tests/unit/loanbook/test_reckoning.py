"""What a book changes of a stored loan: the ledger is brought to the lender's totals, once, and never guessed beyond."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.loan import Instalment, Loan, LoanStatus, Payment, with_payments
from bot.domain.money import Money
from bot.loanbook.heads import BookLoan
from bot.loanbook.problems import Fault
from bot.loanbook.reckoning import adjustments, check_payment, check_stored, merged_loan
from bot.loanbook.rows import BookRow

ZERO = Money(0, "USD")
INTRODUCED = BookLoan("L1", "generic", "B1", "USD", "B", frozenset())


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def a_loan(*principals: int, status: LoanStatus = LoanStatus.OPEN) -> Loan:
    parts = [
        Instalment(n, date(2026, n, 1), usd(minor), ZERO, ZERO, ZERO, ZERO)
        for n, minor in enumerate(principals, start=1)
    ]
    return Loan("L1", "generic", "B1", "USD", tuple(parts), status, "B")


def a_row(
    number: int, principal: int, paid: int | None = None, at: date = date(2026, 3, 1), loan: BookLoan | None = None
) -> BookRow:
    total = None if paid is None else usd(paid)
    return BookRow(
        2,
        "L1",
        number,
        date(2026, number, 1),
        usd(principal),
        ZERO,
        ZERO,
        ZERO,
        total,
        None if total is None else at,
        loan,
        None,
    )


def a_payment(
    reference: str, minor: int, on: date, instalment: int | None = None, reverses: str | None = None
) -> Payment:
    return Payment(reference, "L1", usd(minor), on, instalment, reverses)


# -- totals -----------------------------------------------------------------------------------------------------------


def test_a_total_is_posted_with_a_reference_made_of_itself() -> None:
    assert adjustments(a_loan(100, 100), (), [a_row(1, 100, paid=60)]) == (
        Payment("book:L1:1:2026-03-01:60", "L1", usd(60), date(2026, 3, 1), instalment=1),
    )


def test_only_the_difference_to_the_ledger_is_posted() -> None:
    known = [a_payment("P1", 40, date(2026, 2, 10))]
    (made,) = adjustments(a_loan(100, 100), known, [a_row(1, 100, paid=60), a_row(2, 100, paid=0)])
    assert (made.amount, made.instalment) == (usd(20), 1)


def test_the_same_statement_again_posts_nothing() -> None:
    first = adjustments(a_loan(100), (), [a_row(1, 100, paid=60)])
    assert adjustments(a_loan(100), first, [a_row(1, 100, paid=60)]) == ()


def test_a_statement_that_was_posted_is_not_posted_again_when_older_money_turns_up() -> None:
    first = adjustments(a_loan(100), (), [a_row(1, 100, paid=60)])
    later = a_payment("P1", 10, date(2026, 2, 10))
    assert adjustments(a_loan(100), (*first, later), [a_row(1, 100, paid=60)]) == ()


def test_a_payment_after_the_day_of_the_statement_is_no_difference() -> None:
    known = [a_payment("P1", 60, date(2026, 2, 10)), a_payment("P2", 40, date(2026, 3, 2))]
    assert adjustments(a_loan(100), known, [a_row(1, 100, paid=60)]) == ()


def test_a_lower_total_takes_money_back() -> None:
    first = adjustments(a_loan(100), (), [a_row(1, 100, paid=60)])
    (made,) = adjustments(a_loan(100), first, [a_row(1, 100, paid=50, at=date(2026, 3, 2))])
    assert (made.reference, made.amount) == ("book:L1:1:2026-03-02:50", usd(-10))
    assert with_payments(a_loan(100), (*first, made)).instalments[0].paid == usd(50)


def test_nothing_stated_posts_nothing() -> None:
    assert adjustments(a_loan(100), (), [a_row(1, 100)]) == ()


def test_a_whole_statement_brings_the_ledger_to_the_lenders_total() -> None:
    known = [a_payment("P1", 200, date(2026, 2, 10))]
    rows = [a_row(1, 100, paid=60), a_row(2, 100, paid=100)]
    made = adjustments(a_loan(100, 100), known, rows)
    assert with_payments(a_loan(100, 100), (*known, *made)).outstanding == usd(40)


def test_a_statement_read_in_two_pieces_comes_to_the_same_total() -> None:
    known = [a_payment("P1", 200, date(2026, 2, 10))]
    first = adjustments(a_loan(100, 100), known, [a_row(1, 100, paid=60)])
    made = {payment.reference for payment in first}
    second = adjustments(a_loan(100, 100), (*known, *first), [a_row(2, 100, paid=100)], made)
    assert with_payments(a_loan(100, 100), (*known, *first, *second)).outstanding == usd(40)


# -- loans ------------------------------------------------------------------------------------------------------------


def test_a_new_loan_is_what_its_rows_say() -> None:
    loan = merged_loan(None, [a_row(2, 50), a_row(1, 100, loan=INTRODUCED)])
    assert loan == Loan("L1", "generic", "B1", "USD", a_loan(100, 50).instalments, LoanStatus.OPEN, "B")


def test_the_same_rows_again_change_nothing_about_a_loan_whatever_was_paid() -> None:
    stored = with_payments(a_loan(100, 50), [a_payment("P1", 100, date(2026, 1, 1))])
    assert merged_loan(stored, [a_row(1, 100, loan=INTRODUCED), a_row(2, 50)]) == stored


def test_new_amounts_and_instalments_are_taken_and_the_others_stay() -> None:
    loan = merged_loan(a_loan(100, 50), [a_row(2, 70, loan=INTRODUCED), a_row(3, 30)])
    assert [part.principal.minor for part in loan.instalments] == [100, 70, 30]


def test_rows_that_come_later_keep_what_the_first_ones_stored() -> None:
    assert merged_loan(a_loan(100), [a_row(2, 50)]) == a_loan(100, 50)


def test_a_loan_that_nothing_introduces_is_a_bug() -> None:
    with pytest.raises(ValueError, match="nothing introduces the loan L1"):
        merged_loan(None, [a_row(1, 100)])


@pytest.mark.parametrize(
    ("stored", "closed", "status"),
    [
        (LoanStatus.OPEN, True, LoanStatus.CLOSED),
        (LoanStatus.CLOSED, True, LoanStatus.CLOSED),
        (LoanStatus.CLOSED, False, LoanStatus.OPEN),
        (LoanStatus.SETTLED, False, LoanStatus.SETTLED),
    ],
)
def test_the_book_closes_loans_and_opens_them_again(stored: LoanStatus, closed: bool, status: LoanStatus) -> None:
    row = a_row(1, 100, loan=INTRODUCED._replace(closed=closed))
    assert merged_loan(a_loan(100, status=stored), [row]).status is status


@pytest.mark.parametrize(("column", "value"), [("borrower_id", "B2"), ("currency", "EUR")])
def test_a_stored_loan_stays_its_borrowers_and_in_its_currency(column: str, value: str) -> None:
    with pytest.raises(Fault, match="stored_otherwise") as caught:
        check_stored(a_loan(100), INTRODUCED._replace(**{column: value}))
    assert caught.value.facts["column"] == column


def test_other_facts_of_a_stored_loan_may_change() -> None:
    check_stored(a_loan(100), INTRODUCED._replace(programme="other", risk="Z", closed=True))


# -- payments ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("payment", "code"),
    [
        (Payment("P2", "L1", Money(5, "EUR"), date(2026, 3, 1)), "other_currency"),
        (a_payment("P2", 5, date(2026, 3, 1), instalment=9), "unknown_instalment"),
        (a_payment("P2", -5, date(2026, 3, 1), reverses="P9"), "reverses_unknown"),
        (a_payment("P2", -31, date(2026, 3, 1), reverses="P1"), "reverses_too_much"),
    ],
)
def test_what_a_loan_cannot_take_is_refused(payment: Payment, code: str) -> None:
    posted = [a_payment("P1", 50, date(2026, 2, 1)), a_payment("R1", -20, date(2026, 2, 2), reverses="P1")]
    with pytest.raises(Fault, match=code):
        check_payment(payment, a_loan(100), posted)


def test_what_is_left_of_a_payment_can_be_taken_back() -> None:
    posted = [a_payment("P1", 50, date(2026, 2, 1)), a_payment("R1", -20, date(2026, 2, 2), reverses="P1")]
    check_payment(a_payment("R2", -30, date(2026, 3, 1), reverses="P1"), a_loan(100), posted)

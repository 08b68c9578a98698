"""A loan's ledger: money fills the oldest instalment first, order does not matter, reversals undo."""

from datetime import date

from bot.domain.delinquency import days_past_due
from bot.domain.loan import Instalment, Loan, LoanStatus, Payment, with_payments
from bot.domain.money import Money


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def a_loan(*due: date, amount: str = "100.00") -> Loan:
    parts = tuple(
        Instalment(n, day, cny(amount), cny("0"), cny("0"), cny("0"), cny("0")) for n, day in enumerate(due, 1)
    )
    return Loan("L-1", "generic", "B-1", "CNY", parts)


def paid(amount: str, reference: str = "P-1", **more: object) -> Payment:
    return Payment(reference, "L-1", cny(amount), date(2026, 3, 1), **more)  # type: ignore[arg-type]


JANUARY, FEBRUARY, MARCH = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)


def paid_parts(loan: Loan) -> list[str]:
    return [str(i.paid.decimal) for i in loan.instalments]


def test_money_fills_the_oldest_instalment_first() -> None:
    loan = with_payments(a_loan(JANUARY, FEBRUARY), [paid("150.00")])
    assert paid_parts(loan) == ["100.00", "50.00"]
    assert loan.oldest_unpaid is not None
    assert loan.oldest_unpaid.number == 2


def test_money_named_for_an_instalment_goes_there_and_the_rest_to_the_oldest() -> None:
    loan = with_payments(a_loan(JANUARY, FEBRUARY), [paid("120.00", instalment=2)])
    assert paid_parts(loan) == ["20.00", "100.00"]


def test_the_order_of_payments_does_not_matter() -> None:
    payments = [paid("70.00", "P-1"), paid("60.00", "P-2", instalment=2), paid("-20.00", "P-3", reverses="P-1")]
    forward = with_payments(a_loan(JANUARY, FEBRUARY), payments)
    assert forward == with_payments(a_loan(JANUARY, FEBRUARY), payments[::-1])
    assert paid_parts(forward) == ["50.00", "60.00"]


def test_a_reversal_takes_the_money_back() -> None:
    loan = with_payments(a_loan(JANUARY), [paid("100.00", "P-1"), paid("-100.00", "P-2", reverses="P-1")])
    assert paid_parts(loan) == ["0.00"]
    assert loan.status is LoanStatus.OPEN


def test_a_loan_that_is_paid_up_is_settled_and_too_much_money_changes_nothing() -> None:
    loan = with_payments(a_loan(JANUARY), [paid("130.00")])
    assert loan.status is LoanStatus.SETTLED
    assert (paid_parts(loan), loan.oldest_unpaid, loan.outstanding.minor) == (["100.00"], None, 0)


def test_a_closed_loan_stays_closed_whatever_comes_in() -> None:
    closed = Loan("L-1", "generic", "B-1", "CNY", a_loan(JANUARY).instalments, status=LoanStatus.CLOSED)
    assert with_payments(closed, [paid("100.00")]).status is LoanStatus.CLOSED


def test_a_payment_for_an_unknown_instalment_counts_for_the_oldest() -> None:
    assert paid_parts(with_payments(a_loan(JANUARY), [paid("40.00", instalment=9)])) == ["40.00"]


def test_new_instalment_does_not_make_old_debt_younger() -> None:
    loan = a_loan(JANUARY, FEBRUARY, MARCH)
    assert days_past_due(loan, date(2026, 3, 11)) == 60


def test_nothing_is_past_due_on_the_due_date_itself() -> None:
    loan = a_loan(JANUARY, FEBRUARY)
    assert days_past_due(loan, JANUARY) == 0
    assert loan.past_due(JANUARY) == cny("0")
    assert loan.due_by(JANUARY) == cny("100.00")
    assert loan.past_due(date(2026, 1, 11)) == cny("100.00")


def test_what_is_paid_up_is_not_late() -> None:
    assert days_past_due(with_payments(a_loan(JANUARY), [paid("100.00")]), MARCH) == 0


def test_the_next_due_instalment_is_the_first_unpaid_one_from_today_on() -> None:
    loan = with_payments(a_loan(JANUARY, FEBRUARY, MARCH), [paid("100.00", instalment=2)])
    found = loan.next_due(date(2026, 1, 20))
    assert found is not None
    assert found.number == 3

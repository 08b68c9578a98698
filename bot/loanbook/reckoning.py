"""What a loan book changes of a loan that is already stored, and whether a payment can be posted to it.

The book's word on money is a total per instalment as of a day. What the ledger lacks to that total becomes an adjustment,
a payment with a reference made of the statement itself, so that saying the same again changes nothing.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import date

from bot.domain.loan import Instalment, Loan, LoanStatus, Payment, with_payments
from bot.domain.money import Money
from bot.loanbook.heads import BookLoan
from bot.loanbook.problems import Fault
from bot.loanbook.rows import BookRow


def merged_loan(stored: Loan | None, rows: Sequence[BookRow]) -> Loan:
    """The loan as the book has it now; instalments that the rows do not name stay as they are.

    `rows` are of one loan, and one of them introduces it where nothing is stored. A loan that stands in the book again
    is open again, unless the book itself says that it is closed.
    """
    parts = {part.number: part for part in stored.instalments} if stored else {}
    for row in rows:
        known = parts.get(row.number)
        if known is None or _stated(known) != _stated(row):
            parts[row.number] = row.instalment
    instalments = tuple(sorted(parts.values(), key=_in_order))
    facts = next((row.loan for row in rows if row.loan is not None), None)
    if facts is None:
        if stored is None:
            raise ValueError(f"nothing introduces the loan {rows[0].loan_id}")
        return replace(stored, instalments=instalments)
    stands = stored.status if stored and stored.status is not LoanStatus.CLOSED else LoanStatus.OPEN
    return Loan(
        loan_id=facts.loan_id,
        programme=facts.programme,
        borrower_id=facts.borrower_id,
        currency=facts.currency,
        instalments=instalments,
        status=LoanStatus.CLOSED if facts.closed else stands,
        risk=facts.risk,
        flags=facts.flags,
    )


def _stated(part: Instalment | BookRow) -> tuple[object, ...]:
    """What a book says of an instalment, apart from what was paid."""
    return part.due_on, part.principal, part.interest, part.fees, part.late_fees


def check_stored(stored: Loan, said: BookLoan) -> None:
    """Raises Fault where a book says that a stored loan is somebody else's or in other money.

    Then it is another loan under the same id, and a person would be told of a debt that is not theirs.
    """
    for column in ("borrower_id", "currency"):
        other = getattr(stored, column)
        if getattr(said, column) != other:
            raise Fault("stored_otherwise", column=column, other=f"{column} {other}")


def _in_order(part: Instalment) -> tuple[date, int]:
    return part.due_on, part.number


def adjustments(
    loan: Loan, payments: Sequence[Payment], rows: Iterable[BookRow], made: Container[str] = ()
) -> tuple[Payment, ...]:
    """The payments that bring the ledger to the totals that the rows state; negative where a total is lower.

    A statement counts what was paid up to its own day only, so money that came later is not mistaken for a difference.
    All rows are held against the same ledger, without what `made` names (references of this very import): the ledger
    moves money that names no instalment to the oldest one, and must not answer to its own corrections.
    """
    known = {payment.reference for payment in payments}
    before = [payment for payment in payments if payment.reference not in made]
    found: list[Payment] = []
    paid_by_day: dict[date, dict[int, int]] = {}
    for row in rows:
        if row.paid is None or row.paid_at is None:
            continue
        reference = f"book:{row.loan_id}:{row.number}:{row.paid_at}:{row.paid.minor}"
        if reference in known:
            continue
        if row.paid_at not in paid_by_day:
            paid_by_day[row.paid_at] = _paid_on(loan, before, row.paid_at)
        difference = row.paid.minor - paid_by_day[row.paid_at].get(row.number, 0)
        if difference:
            amount = Money(difference, loan.currency)
            found.append(Payment(reference, row.loan_id, amount, row.paid_at, instalment=row.number))
    return tuple(found)


def _paid_on(loan: Loan, payments: Sequence[Payment], day: date) -> dict[int, int]:
    """Minor units paid per instalment by the end of that day."""
    relevant = [payment for payment in payments if payment.paid_on <= day]
    if not relevant:
        return {}
    return {part.number: part.paid.minor for part in with_payments(loan, relevant).instalments}


def check_payment(payment: Payment, loan: Loan, payments: Sequence[Payment]) -> None:
    """Raises Fault where this payment cannot be posted to the loan with these payments."""
    if payment.amount.currency != loan.currency:
        raise Fault("other_currency", currency=loan.currency)
    if payment.instalment is not None and payment.instalment not in {part.number for part in loan.instalments}:
        raise Fault("unknown_instalment", number=payment.instalment)
    if payment.reverses is None:
        return
    original = next((p for p in payments if p.reference == payment.reverses), None)
    if original is None:
        raise Fault("reverses_unknown", reference=payment.reverses)
    taken = sum(p.amount.minor for p in payments if p.reverses == payment.reverses)
    if original.amount.minor + taken + payment.amount.minor < 0:
        left = Money(original.amount.minor + taken, loan.currency)
        raise Fault("reverses_too_much", left=left)

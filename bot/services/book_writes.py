"""The writes by which a stored loan becomes what a loan book says: only what differs, and always with its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.loan import Loan, LoanStatus, Payment, with_payments
from bot.policy.programme import Programme
from bot.services.ports import LedgerState
from bot.services.stage_entries import stage_entries
from bot.services.writes import (
    AppendAudit,
    AppendPayment,
    CancelOutbox,
    CancelTimers,
    SaveLedger,
    UpsertInstalment,
    UpsertLoan,
    Write,
)

#: Timers behind which there is a message.
_SPEAKING = ("reminder", "promise_day_before", "promise_day", "promise_outcome")


def new_loan(loan: Loan, payments: Sequence[Payment], programme: Programme | None, now: datetime) -> list[Write]:
    """A loan that was never stored, with what had been paid on it before."""
    paid = with_payments(loan, payments)
    return [
        *described(None, loan, now),
        *(AppendPayment(payment, now, "book") for payment in payments),
        _ledger(paid, None, now),
        *stage_entries(None, paid, programme, now, "import"),
    ]


def changed_loan(before: LedgerState, loan: Loan, programme: Programme | None, now: datetime) -> list[Write]:
    """A stored loan that is described anew. What was queued about it is no longer true and is withdrawn.

    Its timers stay: each is decided from the loan as it stands when the timer is due.
    """
    paid = with_payments(loan, before.payments)
    return [
        *described(before.loan, loan, now),
        _ledger(paid, before.version, now),
        *stage_entries(before.loan, paid, programme, now, "schedule_changed"),
        CancelOutbox(loan.borrower_id, loan.loan_id, "loan_changed", now),
    ]


def closed_loan(before: LedgerState, programme: Programme | None, now: datetime) -> list[Write]:
    """A loan that the lender took out of the book: nothing more is said about it, but its promise is still decided."""
    loan = replace(before.loan, status=LoanStatus.CLOSED)
    return [
        _ledger(loan, before.version, now),
        *stage_entries(before.loan, loan, programme, now, "closed"),
        CancelOutbox(loan.borrower_id, loan.loan_id, "loan_closed", now),
        CancelTimers(loan.borrower_id, loan.loan_id, "loan_closed", now, _SPEAKING),
        AppendAudit(now, "book", "loan_closed", loan.loan_id),
    ]


def described(before: Loan | None, loan: Loan, now: datetime) -> list[Write]:
    """The loan's own row and those of its instalments, where they differ from what is stored."""
    writes: list[Write] = []
    if before is None or _facts(before) != _facts(loan):
        writes.append(
            UpsertLoan(loan.loan_id, loan.programme, loan.borrower_id, loan.currency, loan.risk, loan.flags, now)
        )
    stored = {part.number: part for part in before.instalments} if before else {}
    writes += [
        UpsertInstalment(loan.loan_id, part, now) for part in loan.instalments if stored.get(part.number) != part
    ]
    return writes


def _facts(loan: Loan) -> tuple[object, ...]:
    return loan.programme, loan.borrower_id, loan.currency, loan.risk, loan.flags


def _ledger(loan: Loan, expected_version: int | None, now: datetime) -> SaveLedger:
    anchor = loan.oldest_unpaid
    return SaveLedger(
        loan_id=loan.loan_id,
        paid=tuple((part.number, part.paid.minor) for part in loan.instalments),
        oldest_unpaid_due_on=anchor.due_on if anchor else None,
        outstanding_minor=loan.outstanding.minor,
        status=loan.status,
        at=now,
        expected_version=expected_version,
    )

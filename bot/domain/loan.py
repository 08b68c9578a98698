"""Loans and their ledger: what is due on which day, what was paid, and what is therefore still open.

A payment is an appended fact with a reference of the lender's; what an instalment has received is always derived from
the payments, never stored by hand. Nothing here knows stages, messages or storage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bot.domain.money import Money


class LoanStatus(StrEnum):
    OPEN = "open"
    SETTLED = "settled"  # everything was paid
    CLOSED = "closed"  # the lender took it out of the book


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of a loan's schedule. `paid` is derived from the ledger and may exceed nothing but `amount`."""

    number: int
    due_on: date
    principal: Money
    interest: Money
    fees: Money
    late_fees: Money
    paid: Money

    @property
    def amount(self) -> Money:
        # Summed as integers: this is asked for at every step of every ledger, and an instalment has one currency.
        parts = (self.principal, self.interest, self.fees, self.late_fees)
        return Money(sum(part.minor for part in parts), self.principal.currency)

    @property
    def unpaid(self) -> Money:
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Payment:
    """A fact about money received. `amount` is negative for a reversal or a lowered total in a loan book."""

    reference: str
    loan_id: str
    amount: Money
    paid_on: date
    instalment: int | None = None  # the lender's own allocation, where it says so
    reverses: str | None = None  # reference of the payment that this one takes back


#: The flag of a loan book for a debt that is too old to be enforced.
TIME_BARRED = "time_barred"


@dataclass(frozen=True, slots=True)
class Loan:
    """One loan with its schedule, ordered by due date and number."""

    loan_id: str
    programme: str
    borrower_id: str
    currency: str
    instalments: tuple[Instalment, ...]
    status: LoanStatus = LoanStatus.OPEN
    risk: str | None = None
    flags: frozenset[str] = frozenset()

    @property
    def time_barred(self) -> bool:
        """A promise or a payment may bring such a debt back to life, so the bot asks for neither promise nor agreement."""
        return TIME_BARRED in self.flags

    @property
    def outstanding(self) -> Money:
        """All that is not yet paid, due or not."""
        return _sum((i.unpaid for i in self.instalments), self.currency)

    def due_by(self, day: date) -> Money:
        """Unpaid money of all instalments due on or before `day`."""
        return _sum((i.unpaid for i in self.instalments if i.due_on <= day), self.currency)

    def past_due(self, today: date) -> Money:
        """Unpaid money whose due date has passed. On the due date itself nothing is past due."""
        return _sum((i.unpaid for i in self.instalments if i.due_on < today), self.currency)

    @property
    def oldest_unpaid(self) -> Instalment | None:
        """The anchor of every stage: the first instalment that still has money open."""
        return next((i for i in self.instalments if i.unpaid.minor > 0), None)

    def next_due(self, today: date) -> Instalment | None:
        """The first unpaid instalment that is due today or later."""
        return next((i for i in self.instalments if i.unpaid.minor > 0 and i.due_on >= today), None)


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return Money(sum(a.minor for a in amounts), currency)


def with_payments(loan: Loan, payments: Sequence[Payment]) -> Loan:
    """The loan with `paid` of each instalment derived anew from all its payments.

    Money named for an instalment goes there first, up to its amount; all else fills the oldest instalment first.
    What exceeds the whole loan stays unallocated (the ledger keeps it; the lender settles it). The order of payments
    does not matter, so a late-arriving or reversed payment gives the same loan as one that came in order.
    """
    named: dict[int, int] = {}
    free = 0
    known = {i.number for i in loan.instalments}
    for payment in payments:
        if payment.instalment is not None and payment.instalment in known:
            named[payment.instalment] = named.get(payment.instalment, 0) + payment.amount.minor
        else:
            free += payment.amount.minor
    paid: dict[int, int] = {}
    for part in loan.instalments:
        wanted = named.get(part.number, 0)
        paid[part.number] = max(0, min(wanted, part.amount.minor))
        free += wanted - paid[part.number]
    for part in loan.instalments:
        more = max(0, min(free, part.amount.minor - paid[part.number]))
        paid[part.number] += more
        free -= more
    parts = tuple(replace(p, paid=Money(paid[p.number], loan.currency)) for p in loan.instalments)
    return replace(loan, instalments=parts, status=_status(loan.status, parts))


def _status(before: LoanStatus, parts: tuple[Instalment, ...]) -> LoanStatus:
    if before is LoanStatus.CLOSED:
        return before
    return LoanStatus.OPEN if any(p.unpaid.minor > 0 for p in parts) else LoanStatus.SETTLED

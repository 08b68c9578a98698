"""Ledger: what the books say about a borrower's loans today, as a turn reads them.

Which loan is meant, where it stands and what is asked for now; how that is said is `facts`'s and `speech`'s work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.domain.calendar import local_day
from bot.domain.commitments import Commitment, CommitmentKind, CommitmentStatus
from bot.domain.delinquency import Delinquency
from bot.domain.loan import Instalment, Loan, LoanStatus
from bot.domain.money import Money
from bot.domain.situation import Situation
from bot.policy.ladder import classify
from bot.policy.programme import Programme


def loan_mark(loan_id: str) -> str:
    """A loan's short name in buttons: the same for ever, and it tells a stranger nothing."""
    return hashlib.sha256(loan_id.encode()).hexdigest()[:8]


def open_loans(situation: Situation) -> tuple[Loan, ...]:
    """Loans with money still open, the one that is due first at the front."""
    still = [loan for loan in situation.loans if loan.status is LoanStatus.OPEN and loan.oldest_unpaid is not None]
    return tuple(sorted(still, key=lambda loan: (_anchor_day(loan), loan.loan_id)))


def _anchor_day(loan: Loan) -> date:
    return loan.oldest_unpaid.due_on if loan.oldest_unpaid else date.max


def open_promise(situation: Situation, loan_id: str | None) -> Commitment | None:
    """The newest open promise about a loan (or any of the borrower's, with None)."""
    found = [
        c
        for c in situation.commitments
        if c.kind is CommitmentKind.PROMISE and c.status is CommitmentStatus.OPEN and loan_id in (None, c.loan_id)
    ]
    return max(found, key=lambda c: c.made_at, default=None)


@dataclass(frozen=True)
class Ledger:
    """What the books say about one loan today, worked out once for all sentences of a turn.

    `about` (an id or a mark) narrows to one loan; else the most pressing one is meant.
    """

    situation: Situation
    programmes: tuple[Programme, ...]
    about: str | None = None

    @cached_property
    def loan(self) -> Loan | None:
        if self.about is not None:
            for loan in self.situation.loans:
                if self.about in (loan.loan_id, loan_mark(loan.loan_id)):
                    return loan
        return next(iter(self.open_loans), None)

    @cached_property
    def open_loans(self) -> tuple[Loan, ...]:
        return open_loans(self.situation)

    @cached_property
    def programme(self) -> Programme | None:
        """That of the loan, or of one that is paid; the first for somebody without any.

        None where it is not published any more: what another programme lays down, and its accounts, are not this loan's.
        """
        loan = self.loan or next(iter(self.situation.loans), None)
        return next((p for p in self.programmes if loan is None or p.programme_id == loan.programme), None)

    @cached_property
    def today(self) -> date:
        """The lender's calendar day, so that borrower, operator and server count alike."""
        return local_day(self.situation.now, self.programme.timezone if self.programme else "UTC")

    @cached_property
    def delinquency(self) -> Delinquency | None:
        if self.loan is None or self.programme is None:
            return None
        return classify(self.loan, self.today, self.programme.ladder)

    @cached_property
    def bill(self) -> tuple[Instalment, ...]:
        """What is asked for now: unpaid instalments due today or before; the next one where none is."""
        if self.loan is None:
            return ()
        unpaid = [i for i in self.loan.instalments if i.unpaid.minor > 0]
        due = tuple(i for i in unpaid if i.due_on <= self.today)
        return due or tuple(unpaid[:1])

    @cached_property
    def payable(self) -> Money | None:
        return self.sum_of(lambda i: i.unpaid)

    def sum_of(self, part: Callable[[Instalment], Money]) -> Money | None:
        """One part of the bill over all its instalments."""
        if self.loan is None or not self.bill:
            return None
        return Money(sum(part(i).minor for i in self.bill), self.loan.currency)

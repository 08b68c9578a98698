"""Commitments: what both sides agreed, and the states it goes through. Deciding kept or broken is `bot.policy.promises`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.money import Money


class CommitmentKind(StrEnum):
    PROMISE = "promise"
    EXTENSION = "extension"
    INSTALMENT_PLAN = "instalment_plan"
    WAIVER = "waiver"


class CommitmentStatus(StrEnum):
    PROPOSED = "proposed"
    OPEN = "open"
    KEPT = "kept"
    PARTLY_KEPT = "partly_kept"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    AWAITING_APPROVAL = "awaiting_approval"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class DuePayment:
    """One payment that was agreed."""

    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Commitment:
    """An agreement as it stands now. Its history is the appended status entries behind it.

    `reference` is the 8 characters on the borrower's receipt. `paid_before` is the loan's total of payments at the moment
    of agreement, so that only later money counts towards it.
    """

    commitment_id: str
    reference: str
    kind: CommitmentKind
    status: CommitmentStatus
    loan_id: str
    borrower_id: str
    payments: tuple[DuePayment, ...]
    cost: Money
    made_at: datetime
    channel: str
    policy_version: int
    script_version: int
    paid_before: Money
    supersedes: str | None = None
    message_id: str | None = None

    @property
    def total(self) -> Money:
        return Money(sum(p.amount.minor for p in self.payments), self.cost.currency)

    @property
    def last_due_on(self) -> date:
        return max(p.due_on for p in self.payments)


@dataclass(frozen=True, slots=True)
class PromiseRules:
    """A programme's rules for promises. Days are those of the lender's zone `timezone`; shares are whole percents."""

    timezone: str
    grace_days: int
    kept_at_percent: int
    max_open: int
    max_days_ahead: int
    min_amount_percent: int
    max_broken: int

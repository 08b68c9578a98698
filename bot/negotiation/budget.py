"""What may still be given up this month: the programme's budget, less what was given up and what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.domain.commitments import CommitmentStatus
from bot.domain.money import Money

_USED = frozenset({CommitmentStatus.OPEN, CommitmentStatus.KEPT, CommitmentStatus.PARTLY_KEPT})
_IN_PROCESS = frozenset({CommitmentStatus.PROPOSED, CommitmentStatus.AWAITING_APPROVAL})


@dataclass(frozen=True, slots=True)
class Concession:
    """What one arrangement of the programme gives up (not what it costs the borrower), and the lender's day it was made."""

    made_on: date
    forgone: Money
    status: CommitmentStatus


@dataclass(frozen=True, slots=True)
class Budget:
    """One month in one currency. `available` is never below zero, also where the limit was lowered meanwhile."""

    limit: Money
    used: Money
    in_process: Money

    @property
    def available(self) -> Money:
        return max(self.limit - self.used - self.in_process, Money.zero(self.limit.currency))


def budget_of(limit: Money, concessions: Iterable[Concession], today: date) -> Budget:
    """The budget of the calendar month of `today`, over the concessions of the programme in the limit's currency.

    What was withdrawn, declined, replaced or broken gives up nothing. What waits for a decision counts whenever it was asked
    for, since it is given up in the month in which it is approved.
    """
    used = in_process = 0
    for concession in concessions:
        if concession.forgone.currency != limit.currency:
            continue
        if concession.status in _IN_PROCESS:
            in_process += concession.forgone.minor
        elif concession.status in _USED and _month(concession.made_on) == _month(today):
            used += concession.forgone.minor
    return Budget(limit, Money(used, limit.currency), Money(in_process, limit.currency))


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month

"""How late a loan is, as facts: stage, days past due, amounts. Deciding the stage is `bot.policy.ladder`'s work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.loan import Loan
from bot.domain.money import Money


@dataclass(frozen=True, slots=True)
class Delinquency:
    """Where a loan stands on one lender-local day.

    `days_past_due` is 0 on the due date and before; `days_to_due` counts down to the next unpaid instalment and is None
    where none is to come. `stage` is the id of a stage of the programme's ladder, or None where no stage applies.
    """

    loan_id: str
    on: date
    stage: str | None
    days_past_due: int
    days_to_due: int | None
    past_due: Money
    due_now: Money  # past due and due today
    anchor: date | None  # due date of the oldest unpaid instalment


def days_past_due(loan: Loan, today: date) -> int:
    """Whole days since the oldest unpaid instalment fell due; 0 on its due date and before, and with nothing unpaid.

    `today` is the lender's calendar day, so borrower, operator and server count alike.
    """
    # The oldest, not the latest: a new instalment falling due must not make an old debt look young.
    oldest = loan.oldest_unpaid
    return 0 if oldest is None else max(0, (today - oldest.due_on).days)

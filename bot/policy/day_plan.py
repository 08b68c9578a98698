"""The plan of a day for all loans of a due date at once: what `plan_reminders` says of each of them, asked once.

Where neither amount nor number of unpaid instalments has a say, a loan's reminder follows from the due date of its anchor and
the borrower's zone alone. Storage then sets the timers of all these loans as a set; only the others are looked at one by one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from bot.domain.calendar import local_day
from bot.domain.loan import Instalment, Loan
from bot.domain.money import Money
from bot.policy.ladder import classify
from bot.policy.programme import Programme
from bot.policy.reminders import PlannedReminder, plan_reminders

#: ISO 4217 for "no currency": no amount of a ladder is ever in it.
_NO_CURRENCY = "XXX"


def decided_by_anchor(programme: Programme, anchor: date, today: date) -> bool:
    """Whether all loans of this anchor have come to the same stages by the lender's day `today`, whatever is unpaid."""
    days = (today - anchor).days
    mandatory = (touch for stage in programme.reminders.stages if stage.mandatory for touch in stage.touches)
    asked = {days, *(touch for touch in mandatory if touch <= days)}
    return not any(stage.conditional and stage.covers(day) for stage in programme.ladder.stages for day in asked)


def reminders_of_anchor(
    programme: Programme, anchor: date, borrower_zone: str | None, now: datetime
) -> tuple[PlannedReminder, ...]:
    """The messages and tasks of every loan of this anchor where `decided_by_anchor` holds; its ids are left blank.

    They come from `plan_reminders` itself, asked about a loan of which nothing but the anchor is known.
    """
    today = local_day(now, programme.timezone)
    loan = loan_due_on(programme, anchor)
    plan = plan_reminders(loan, classify(loan, today, programme.ladder), (), programme, borrower_zone, now)
    return (*plan.due, *plan.tasks)


def latest_anchor(programme: Programme, today: date) -> date:
    """No loan whose anchor is due later is in any stage of the ladder yet."""
    return today - timedelta(days=min(stage.first for stage in programme.ladder.stages))


def loan_due_on(programme: Programme, day: date) -> Loan:
    """A loan of which nothing is known but that something is unpaid since `day`; no condition on amounts holds for it."""
    nothing = Money(0, _NO_CURRENCY)
    part = Instalment(1, day, Money(1, _NO_CURRENCY), nothing, nothing, nothing, nothing)
    return Loan("", programme.programme_id, "", _NO_CURRENCY, (part,))

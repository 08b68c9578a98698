"""A loan's schedule from its amount, its number of months, its monthly payment and its first due date.

The rule: each instalment is the monthly payment, due on the first due date's day of each month. The principal is spread
evenly, in parts that differ by one minor unit at most and the larger ones last; the rest of each payment is interest.
Where the payment was rounded down and falls short of the amount by less than one unit a month, the last instalment takes
the odd units. So principal always sums to the amount and nothing is made up or lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.calendar import add_months
from bot.domain.money import Money
from bot.loanbook.problems import Fault

MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Part:
    """One instalment of a generated schedule; amounts in minor units."""

    number: int
    due_on: date
    principal: int
    interest: int

    @property
    def due(self) -> int:
        return self.principal + self.interest


def generate_schedule(amount: Money, months: int, payment: Money, first_due: date) -> tuple[Part, ...]:
    """The loan's instalments, 1 to `months`; raises Fault where the payments cannot repay the amount."""
    short = amount.minor - payment.minor * months
    if short >= months:
        raise Fault("schedule_short", months=months, payment=payment, amount=amount)
    small, odd = divmod(amount.minor, months)
    parts = []
    for number in range(1, months + 1):
        principal = small + (1 if number > months - odd else 0)
        due = payment.minor + (short if short > 0 and number == months else 0)
        if short > 0:
            principal = due
        parts.append(Part(number, add_months(first_due, number - 1), principal, due - principal))
    return tuple(parts)


def spread_paid(parts: Sequence[Part], paid: int) -> tuple[int, ...]:
    """A loan's total paid, in minor units, spread over its instalments, oldest first."""
    shares = []
    for part in parts:
        share = min(paid, part.due)
        shares.append(share)
        paid -= share
    return tuple(shares)

"""Shares of amounts that the limits speak of: the least that must be paid, and what is given up at most. Exact, in minor units."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from bot.domain.limits import InstalmentsLimit, Limit, SettlementLimit, WaiverLimit
from bot.domain.loan import Loan
from bot.domain.money import Money


def share_up(amount: Money, percent: int | Fraction) -> Money:
    """A share of an amount, rounded up to the minor unit: what must at least be paid."""
    share = Fraction(percent) / 100
    return Money(-(-amount.minor * share.numerator // share.denominator), amount.currency)


def share_down(amount: Money, percent: int) -> Money:
    """A share of an amount, rounded down to the minor unit: what may at most be given up."""
    return Money(amount.minor * percent // 100, amount.currency)


def forgone_by(limit: Limit, loan: Loan, today: date) -> Money:
    """What a waiver or a settlement by this row gives up, rounded down; nothing for any other.

    A waiver is of what is unpaid of the late fees and the interest of the instalments due by today: late fees are taken to
    be paid last, and interest before them, so that no more is given up than is still owed.
    """
    match limit:
        case SettlementLimit():
            return loan.outstanding - share_up(loan.outstanding, limit.least_percent)
        case WaiverLimit():
            due = [i for i in loan.instalments if i.due_on <= today]
            late = [min(i.late_fees.minor, i.unpaid.minor) for i in due]
            interest = [min(i.interest.minor, i.unpaid.minor - fees) for i, fees in zip(due, late, strict=True)]
            fees = share_down(Money(sum(late), loan.currency), limit.late_fees_percent)
            return fees + share_down(Money(sum(interest), loan.currency), limit.interest_percent)
        case _:
            return Money.zero(loan.currency)


def least_part(limit: InstalmentsLimit, amount: Money) -> Money:
    """The least that a part after the down payment may be."""
    by_share = max(share_up(amount, limit.min_part_percent), Money(1, amount.currency))
    return max(by_share, limit.min_part.get(amount.currency, by_share))


def least_down(limit: InstalmentsLimit, amount: Money) -> Money:
    """The least down payment; zero where none is asked for."""
    return share_up(amount, limit.down_payment_percent)

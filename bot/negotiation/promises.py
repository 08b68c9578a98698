"""Promises to pay: what a borrower may promise, and what comes nearest where they said something else.

Everything agreed is made here from the programme's rules; nothing a borrower says or a script holds reaches a commitment
but through these values. Whether a promise was kept is the policy's question.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from bot.domain.calendar import add_months
from bot.domain.commitments import Commitment, CommitmentKind, CommitmentStatus, DuePayment, PromiseRules
from bot.domain.loan import Loan, LoanStatus
from bot.domain.money import Money

#: As many as fit under a question without scrolling.
MOST_CHOICES = 4

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SaidPromise:
    """What a borrower said. Neither `amount` nor `share`: all that is asked for. `share` is a part of that, as in a half."""

    due_on: date | None = None
    amount: Money | None = None
    share: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PromiseAccepted:
    payment: DuePayment
    reason: str = "within_limits"
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class PromiseRefused:
    """`reason` is the rule that forbids it: nothing_due, time_barred, too_many_broken, too_many_open, other_currency,
    day_missing, no_amount, amount_too_small, amount_too_large, day_past, day_too_late. `nearest` is what would be accepted.
    """

    reason: str
    nearest: DuePayment | None = None
    facts: Facts = ()


def asked_for(loan: Loan, today: date) -> Money:
    """The amount a promise is about: all that is due by today; before anything is due, the next unpaid instalment."""
    due = loan.due_by(today)
    oldest = loan.oldest_unpaid
    return due if due or oldest is None else oldest.unpaid


def propose_promise(
    loan: Loan,
    rules: PromiseRules,
    said: SaidPromise,
    today: date,
    commitments: Iterable[Commitment] = (),
) -> PromiseAccepted | PromiseRefused:
    """Whether the programme accepts what was said on the lender's day `today`; the first rule that does not is named.

    `commitments` are those of the loan, open and past. An amount lies above zero, at least at the least share of what is
    asked for, at most at all that is unpaid; a day lies from today to the last day ahead.
    """
    barred = _barred(loan, rules, today, tuple(commitments))
    if barred is not None:
        return barred
    if said.amount is not None and said.amount.currency != loan.currency:
        return PromiseRefused("other_currency", facts=(("currency", loan.currency),))
    amount = _amount_said(loan, said, today)
    least, most = _least(loan, rules, today), loan.outstanding
    last = today + timedelta(days=rules.max_days_ahead)
    day = said.due_on if said.due_on is not None else today
    nearest = DuePayment(min(max(day, today), last), min(max(amount, least), most))
    facts = (("least", str(least)), ("most", str(most)), ("last_day", last.isoformat()))
    for broken, reason in (
        (said.due_on is None, "day_missing"),
        (amount.minor <= 0, "no_amount"),
        (amount < least, "amount_too_small"),
        (amount > most, "amount_too_large"),
        (day < today, "day_past"),
        (day > last, "day_too_late"),
    ):
        if broken:
            return PromiseRefused(reason, None if reason == "day_missing" else nearest, facts)
    return PromiseAccepted(DuePayment(day, amount), facts=facts)


def _barred(loan: Loan, rules: PromiseRules, today: date, commitments: tuple[Commitment, ...]) -> PromiseRefused | None:
    """Rules that no amount and no day can meet."""
    if loan.status is not LoanStatus.OPEN or not loan.outstanding:
        return PromiseRefused("nothing_due")
    if loan.time_barred:
        return PromiseRefused("time_barred")
    promises = [c for c in commitments if c.kind is CommitmentKind.PROMISE and c.loan_id == loan.loan_id]
    broken = sum(c.status is CommitmentStatus.BROKEN for c in promises)
    if broken >= rules.max_broken:
        return PromiseRefused("too_many_broken", facts=(("broken", str(broken)),))
    still_open = sum(c.status is CommitmentStatus.OPEN for c in promises)
    if still_open >= rules.max_open:
        return PromiseRefused("too_many_open", facts=(("open", str(still_open)),))
    return None


def _amount_said(loan: Loan, said: SaidPromise, today: date) -> Money:
    if said.amount is not None:
        return said.amount
    asked = asked_for(loan, today)
    return asked if said.share is None else _part(asked, said.share)


def _least(loan: Loan, rules: PromiseRules, today: date) -> Money:
    """The least share of what is asked for, at least one minor unit, and never more than all that is unpaid."""
    least = _part(asked_for(loan, today), Fraction(rules.min_amount_percent, 100))
    return min(max(least, Money(1, loan.currency)), loan.outstanding)


def _part(amount: Money, share: Fraction) -> Money:
    """A share of an amount, rounded up to the minor unit, so that two halves are never less than the whole."""
    return Money(-(-amount.minor * share.numerator // share.denominator), amount.currency)


def promise_choices(
    loan: Loan, rules: PromiseRules, today: date, commitments: Iterable[Commitment] = ()
) -> tuple[DuePayment, ...]:
    """At most four promises that would be accepted, earliest first: all that is asked for, on days people plan by.

    Today, in three days, next Friday, and the next usual pay days (the 1st, the 10th, the 15th, the month's last day).
    Empty where no promise is possible now.
    """
    known = tuple(commitments)
    offered = (propose_promise(loan, rules, SaidPromise(day), today, known) for day in _days_to_offer(today))
    accepted = [answer.payment for answer in offered if isinstance(answer, PromiseAccepted)]
    return tuple(sorted(accepted[:MOST_CHOICES], key=lambda payment: payment.due_on))


def _days_to_offer(today: date) -> tuple[date, ...]:
    friday = today + timedelta(days=(4 - today.weekday() - 1) % 7 + 1)
    month_ends = (add_months(today.replace(day=1), 1 + n) - timedelta(days=1) for n in range(2))
    pay_days = {add_months(today.replace(day=day), n) for day in (1, 10, 15) for n in range(2)} | set(month_ends)
    later = sorted(day for day in pay_days if day > max(friday, today + timedelta(days=3)))
    return tuple(dict.fromkeys((today, today + timedelta(days=3), friday, *later)))

"""Promises to pay: kept, partly kept, broken or still open, and when to ask. What may be promised is negotiation's work.

Only money received after the agreement counts, oldest promised payment first; a reversal takes it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from bot.domain.calendar import instant_of, local_day
from bot.domain.commitments import Commitment, PromiseRules
from bot.domain.loan import Payment

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    facts: Facts = ()
    reason: str = "paid_as_promised"


@dataclass(frozen=True, slots=True)
class PartlyKept:
    facts: Facts = ()
    reason: str = "paid_in_part"


@dataclass(frozen=True, slots=True)
class Broken:
    facts: Facts = ()
    reason: str = "not_paid"


@dataclass(frozen=True, slots=True)
class StillOpen:
    """Not decided yet; `check_on` is the lender's day to ask again, the first after the grace days."""

    check_on: date
    facts: Facts = ()
    reason: str = "not_due_yet"


PromiseOutcome = Kept | PartlyKept | Broken | StillOpen


def decide_promise(
    commitment: Commitment, payments: tuple[Payment, ...], rules: PromiseRules, today: date
) -> PromiseOutcome:
    """What became of a promise by the lender's day `today`, from all payments of its loan in any order.

    Each promised payment must be covered, up to the kept-at share of the running total, by money paid no later than its
    day and the grace days. The promise is kept as soon as its whole total is covered, and decided otherwise on the first
    uncovered payment whose grace is over. Money paid later than that changes nothing, even if it is posted before.
    """
    wanted = 0
    facts: Facts = ()
    for due in sorted(commitment.payments, key=lambda p: p.due_on):
        wanted += due.amount.minor
        last_day = due.due_on + timedelta(days=rules.grace_days)
        received = _received(commitment, payments, rules, last_day)
        facts = (("promised", str(wanted)), ("received", str(received)), ("until", last_day.isoformat()))
        if received * 100 >= wanted * rules.kept_at_percent:
            continue
        if today <= last_day:
            return StillOpen(last_day + timedelta(days=1), facts)
        return PartlyKept(facts) if received > 0 else Broken(facts)
    return Kept(facts)


def _received(commitment: Commitment, payments: tuple[Payment, ...], rules: PromiseRules, last_day: date) -> int:
    """Minor units paid after the agreement and up to `last_day`."""
    made_on = local_day(commitment.made_at, rules.timezone)
    days = {p.reference: p.paid_on for p in payments}
    counted = 0
    for payment in payments:
        # The reversal of money from before the agreement is a new debt, not a failure to keep the promise.
        undoes_older = payment.reverses is not None and days.get(payment.reverses, made_on) < made_on <= payment.paid_on
        if payment.paid_on <= last_day and not undoes_older:
            counted += payment.amount.minor
    return max(0, counted - commitment.paid_before.minor)


class PromiseTimer(NamedTuple):
    kind: str  # promise_day_before, promise_day, promise_check
    at: datetime


def promise_timers(
    commitment: Commitment, rules: PromiseRules, borrower_zone: str, hour: time
) -> tuple[PromiseTimer, ...]:
    """When to remind of each promised payment, at `hour` in the borrower's zone, and when to decide, in the lender's.

    A reminder that would come no later than the promise itself is left out.
    """
    return tuple(sorted(_timers(commitment, rules, borrower_zone, hour), key=lambda timer: timer.at))


def _timers(commitment: Commitment, rules: PromiseRules, borrower_zone: str, hour: time) -> Iterator[PromiseTimer]:
    for due in commitment.payments:
        for kind, day in (("promise_day_before", due.due_on - timedelta(days=1)), ("promise_day", due.due_on)):
            at = instant_of(day, hour, borrower_zone)
            if at > commitment.made_at:
                yield PromiseTimer(kind, at)
        check_on = due.due_on + timedelta(days=rules.grace_days + 1)
        yield PromiseTimer("promise_check", instant_of(check_on, time(), rules.timezone))


def reminder_ends(at: datetime, borrower_zone: str) -> datetime:
    """Until when a promise's reminder planned for `at` makes sense: the end of that day of the borrower's.

    "Tomorrow is the day" is wrong a day later, so a reminder that finds no open hour on its day is not made up for.
    """
    return instant_of(local_day(at, borrower_zone) + timedelta(days=1), time(), borrower_zone)

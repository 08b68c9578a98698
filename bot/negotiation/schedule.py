"""Arithmetic of schedules: days that exist and suit, and what deferring costs. Exact, and never a float."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from bot.domain.calendar import add_months
from bot.domain.commitments import DuePayment

#: Whether a payment may be agreed for a day.
WorkingDay = Callable[[date], bool]

#: A gap of so many days means a month: the day of the month stays the same.
A_MONTH = range(28, 32)


def cost_of_deferring(payments: Iterable[DuePayment], start: date, daily: Fraction, free_days: int) -> int:
    """Minor units for every day after `start` and the free days, on what is paid on each day; rounded down at the end."""
    deferred = sum(p.amount.minor * max(0, (p.due_on - start).days - free_days) for p in payments)
    return deferred * daily.numerator // daily.denominator


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When parts may fall: on days that suit, each at most `largest_gap` after the one before, none after `last`.

    `gap` is what is aimed at, from the first part on; 28 to 31 days mean a month.
    """

    suits: WorkingDay
    gap: int
    largest_gap: int
    last: date

    def days(self, start: date, count: int, first: date | None = None) -> tuple[date, ...]:
        """At most `count` days after `start`, in order; fewer where the rules leave room for no more.

        The first falls on `first`, else one gap after `start`. A day that does not suit is moved to an earlier one that does,
        or where there is none after the day before, to a later one.
        """
        found: list[date] = []
        before = start
        anchor, ahead = (start, 1) if first is None else (first, 0)
        for number in range(count):
            day = self._near(self._step(anchor, number + ahead), before)
            if day is None:
                break
            found.append(day)
            before = day
        return tuple(found)

    def _step(self, day: date, times: int) -> date:
        return add_months(day, times) if self.gap in A_MONTH else day + timedelta(days=self.gap * times)

    def _near(self, wanted: date, before: date) -> date | None:
        latest = min(before + timedelta(days=self.largest_gap), self.last)
        day = min(wanted, latest)
        while day > before and not self.suits(day):
            day -= timedelta(days=1)
        if day > before:
            return day
        day = before + timedelta(days=1)
        while day <= latest and not self.suits(day):
            day += timedelta(days=1)
        return day if day <= latest else None

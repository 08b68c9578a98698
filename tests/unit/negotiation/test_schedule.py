"""Schedules: days that suit, in order and in time; shares and costs rounded the one way that is fair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from bot.domain.commitments import DuePayment
from bot.domain.loan import Instalment
from bot.negotiation.schedule import Rhythm, cost_of_deferring
from bot.negotiation.shares import forgone_by, least_down, least_part, share_down, share_up
from tests.unit.negotiation.limit_cases import (
    EXTENSION,
    INSTALMENTS,
    LOAN,
    SETTLEMENT,
    TODAY,
    WAIVER,
    a_late_loan,
    weekday,
)
from tests.unit.policy.cases import DUE, cny


def days(found: tuple[date, ...]) -> list[str]:
    return [day.isoformat() for day in found]


def a_rhythm(gap: int = 31, largest: int = 31, last: date = date(2025, 12, 31)) -> Rhythm:
    return Rhythm(lambda _: True, gap, largest, last)


def test_a_month_keeps_its_day_and_the_last_stands_for_days_that_a_month_lacks() -> None:
    found = a_rhythm().days(date(2025, 1, 31), 4)
    assert days(found) == ["2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31"]


def test_other_gaps_count_days_from_the_first() -> None:
    assert days(a_rhythm(14).days(TODAY, 3)) == ["2025-03-18", "2025-04-01", "2025-04-15"]
    assert days(a_rhythm(14).days(TODAY, 3, date(2025, 3, 7))) == ["2025-03-07", "2025-03-21", "2025-04-04"]


def test_a_gap_is_never_longer_than_the_largest() -> None:
    assert days(a_rhythm(31, largest=30).days(date(2025, 3, 4), 3)) == ["2025-04-03", "2025-05-03", "2025-06-02"]


def test_no_day_lies_after_the_last() -> None:
    assert days(a_rhythm(10, last=date(2025, 3, 20)).days(TODAY, 4)) == ["2025-03-14", "2025-03-20"]


def test_a_day_that_does_not_suit_is_moved_to_the_one_before_and_the_next_keeps_its_own() -> None:
    monthly = replace(a_rhythm(), suits=weekday)
    assert days(monthly.days(date(2025, 4, 8), 3)) == ["2025-05-08", "2025-06-06", "2025-07-07"]


def test_where_none_before_suits_it_is_moved_to_the_next_within_the_gap() -> None:
    daily = Rhythm(weekday, 1, 3, date(2025, 3, 31))
    assert days(daily.days(date(2025, 3, 6), 3)) == ["2025-03-07", "2025-03-10", "2025-03-11"]
    assert days(replace(daily, largest_gap=2).days(date(2025, 3, 6), 3)) == ["2025-03-07"]


def test_deferring_costs_by_the_day_on_what_is_deferred_and_is_rounded_down_once() -> None:
    payments = [DuePayment(date(2025, 3, 14), cny("600.00")), DuePayment(date(2025, 3, 24), cny("600.00"))]
    # 600 for 10 days and 600 for 20 at 0.05 %: 3.00 + 6.00; with one free day 2.70 + 5.70.
    assert cost_of_deferring(payments, TODAY, Fraction("0.0005"), 0) == 900
    assert cost_of_deferring(payments, TODAY, Fraction("0.0005"), 1) == 840
    # Each 0.0099 of a minor unit short of the next is dropped only once.
    odd = [DuePayment(date(2025, 3, 5), cny("0.99")), DuePayment(date(2025, 3, 5), cny("0.99"))]
    assert cost_of_deferring(odd, TODAY, Fraction("0.0101"), 0) == 1


def test_days_before_the_start_and_free_days_cost_nothing() -> None:
    payments = [DuePayment(TODAY, cny("600.00")), DuePayment(date(2025, 3, 7), cny("600.00"))]
    assert cost_of_deferring(payments, date(2025, 3, 6), Fraction("0.01"), 1) == 0
    assert cost_of_deferring(payments, date(2025, 3, 6), Fraction("0.01"), 0) == 600


@pytest.mark.parametrize(
    ("amount", "percent", "up", "down"),
    [("100.00", 30, "30.00", "30.00"), ("0.01", 30, "0.01", "0.00"), ("33.33", 50, "16.67", "16.66")],
)
def test_the_least_is_rounded_up_and_what_is_given_up_is_rounded_down(
    amount: str, percent: int, up: str, down: str
) -> None:
    assert (share_up(cny(amount), percent), share_down(cny(amount), percent)) == (cny(up), cny(down))


def test_the_least_part_is_the_larger_of_both_minimums_and_never_nothing() -> None:
    assert least_part(INSTALMENTS, cny("1200.00")) == cny("240.00")
    assert least_part(replace(INSTALMENTS, min_part={"CNY": cny("300.00")}), cny("1200.00")) == cny("300.00")
    assert least_part(replace(INSTALMENTS, min_part_percent=0), cny("1200.00")) == cny("0.01")
    assert least_down(replace(INSTALMENTS, down_payment_percent=10), cny("1200.05")) == cny("120.01")
    assert least_down(INSTALMENTS, cny("1200.00")) == cny("0.00")


def test_a_waiver_gives_up_late_fees_and_interest_of_what_is_due_and_unpaid() -> None:
    loan = a_late_loan()
    assert forgone_by(WAIVER, loan, TODAY) == cny("70.00")
    assert forgone_by(replace(WAIVER, late_fees_percent=50), loan, TODAY) == cny("50.00")
    assert forgone_by(WAIVER, loan, date(2025, 3, 2)) == cny("0.00")


@pytest.mark.parametrize(
    ("paid", "forgone"),
    [("1000.00", "70.00"), ("1050.00", "55.00"), ("1110.00", "30.00"), ("1139.99", "0.01")],
)
def test_late_fees_are_taken_to_be_paid_last_and_no_more_is_given_up_than_is_owed(paid: str, forgone: str) -> None:
    [part] = a_late_loan().instalments
    loan = replace(a_late_loan(), instalments=(replace(part, paid=cny(paid)),))
    assert forgone_by(WAIVER, loan, TODAY) == cny(forgone)


def test_a_settlement_gives_up_the_rest_of_all_that_is_unpaid_due_or_not() -> None:
    zero = cny("0")
    second = Instalment(2, date(2025, 4, 3), cny("0.01"), zero, zero, zero, zero)
    loan = replace(LOAN, instalments=(*LOAN.instalments, second))
    # 70 % of 1200.01 is 840.007, so at least 840.01 is paid.
    assert forgone_by(SETTLEMENT, loan, DUE) == cny("360.00")
    assert forgone_by(EXTENSION, loan, DUE) == cny("0.00")

"""Generated schedules sum exactly, and the last instalment takes the odd units."""

from datetime import date

import pytest

from bot.domain.money import Money
from bot.loanbook.problems import Fault
from bot.loanbook.schedule import generate_schedule, spread_paid

FIRST = date(2026, 1, 31)


def parts(amount: str, months: int, payment: str) -> list[tuple[int, int]]:
    made = generate_schedule(Money.of(amount, "USD"), months, Money.of(payment, "USD"), FIRST)
    return [(part.principal, part.interest) for part in made]


def test_a_payment_above_the_principal_is_principal_and_interest() -> None:
    assert parts("300.00", 3, "110.00") == [(10000, 1000), (10000, 1000), (10000, 1000)]


def test_odd_units_of_principal_come_last_and_every_payment_stays_the_same() -> None:
    assert parts("1.01", 3, "0.34") == [(33, 1), (34, 0), (34, 0)]


def test_a_payment_rounded_down_leaves_the_odd_units_to_the_last_instalment() -> None:
    assert parts("100.00", 3, "33.33") == [(3333, 0), (3333, 0), (3334, 0)]


@pytest.mark.parametrize("amount", ["100.02", "120.00"])
def test_payments_that_fall_short_by_a_unit_a_month_are_refused(amount: str) -> None:
    with pytest.raises(Fault, match="schedule_short"):
        parts(amount, 3, "33.33")


def test_due_dates_keep_the_first_ones_day_of_the_month() -> None:
    made = generate_schedule(Money.of("300", "USD"), 3, Money.of("100", "USD"), FIRST)
    assert [part.due_on for part in made] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]


def test_a_total_paid_fills_the_oldest_instalments_first() -> None:
    made = generate_schedule(Money.of("300", "USD"), 3, Money.of("100", "USD"), FIRST)
    assert spread_paid(made, 15000) == (10000, 5000, 0)

"""Money is exact, refuses to mix currencies, and splits without losing a unit."""

import pytest

from bot.domain.errors import MoneyError
from bot.domain.money import Money, minor_digits, parse_money


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [("12.50", "USD", 1250), ("10", "JPY", 10), ("1.234", "KWD", 1234), ("-3.10", "EUR", -310), ("0", "CNY", 0)],
)
def test_amounts_become_minor_units_of_their_currency(text: str, currency: str, minor: int) -> None:
    assert Money.of(text, currency).minor == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.005", "USD"),
        ("1.5", "JPY"),
        ("abc", "USD"),
        ("1", "XYZ"),
        ("1", "usd"),
        ("NaN", "USD"),
        ("1e30", "USD"),
        ("", "USD"),
    ],
)
def test_what_cannot_be_an_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(MoneyError):
        Money.of(text, currency)


def test_the_exchange_form_goes_there_and_back() -> None:
    assert str(Money.of("500", "CNY")) == "500.00 CNY"
    assert parse_money("500.00 CNY") == Money(50000, "CNY")
    assert str(Money(7, "JPY")) == "7 JPY"
    assert str(Money(-5, "USD")) == "-0.05 USD"


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(MoneyError, match="CNY and USD"):
        _ = Money(1, "CNY") + Money(1, "USD")
    with pytest.raises(MoneyError):
        _ = Money(1, "CNY") < Money(1, "USD")


def test_parts_sum_to_the_whole_and_larger_ones_come_first() -> None:
    assert [m.minor for m in Money(1000, "CNY").split(3)] == [334, 333, 333]
    assert [m.minor for m in Money(2, "CNY").split(3)] == [1, 1, 0]
    with pytest.raises(MoneyError):
        Money(1, "CNY").split(0)


def test_decimals_follow_the_currency() -> None:
    assert (minor_digits("CNY"), minor_digits("JPY"), minor_digits("KWD")) == (2, 0, 3)

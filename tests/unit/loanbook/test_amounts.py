"""Amounts are read exactly or not at all; what has two readings is never guessed."""

import pytest

from bot.loanbook.amounts import mark_proved, read_exact, read_minor
from bot.loanbook.problems import Fault


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12.50", 1250),
        ("0.500", 50),
        ("1234.567000", None),
        ("83333.330000", 8333333),
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("1 234,50", 123450),
        ("1'234.50", 123450),
        ("1 234.5", 123450),
        ("12,34,567.00", 123456700),
        ("1,234,567", 123456700),
        ("1.234.567", 123456700),
        ("12,5", 1250),
        ("5.", 500),
    ],
)
def test_an_amount_whose_marks_prove_themselves_is_read_exactly(text: str, minor: int | None) -> None:
    if minor is None:
        with pytest.raises(Fault, match="too_many_decimals"):
            read_minor(text, "USD", 2)
    else:
        assert read_minor(text, "USD", 2) == minor


@pytest.mark.parametrize("text", ["1,234", "1.234", "999.000"])
def test_one_group_of_three_digits_is_ambiguous(text: str) -> None:
    with pytest.raises(Fault, match="ambiguous_amount"):
        read_minor(text, "USD", 2)


def test_an_ambiguous_amount_names_both_readings() -> None:
    with pytest.raises(Fault) as caught:
        read_minor("1,234", "KWD", 3)
    assert caught.value.facts["readings"] == "1234 or 1.234"


@pytest.mark.parametrize(("decimal", "minor"), [(".", 123400), (",", None)])
def test_a_named_decimal_mark_decides(decimal: str, minor: int | None) -> None:
    if minor is None:
        with pytest.raises(Fault, match="too_many_decimals"):
            read_minor("1,234", "USD", 2, decimal)
    else:
        assert read_minor("1,234", "USD", 2, decimal) == minor


def test_with_a_comma_as_decimal_mark_a_point_only_groups() -> None:
    assert read_minor("1.234", "USD", 2, ",") == 123400
    with pytest.raises(Fault, match="not_an_amount"):
        read_minor("12.50", "USD", 2, ",")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-1.00", "negative_amount"),
        ("(1.00)", "negative_amount"),
        ("−5", "negative_amount"),
        ("abc", "not_an_amount"),
        ("1.2.3", "not_an_amount"),
        ("1,23.4,5", "not_an_amount"),
        ("12 USD", "not_an_amount"),
        ("=1+1", "not_an_amount"),
        ("--5", "negative_amount"),
        ("1.23E+17", "shortened_number"),
        ("99999999999999999999", "absurd_amount"),
        ("1.005", "ambiguous_amount"),
        ("12.005", "ambiguous_amount"),
        ("1234.005", "too_many_decimals"),
    ],
)
def test_what_is_no_possible_amount_has_its_own_code(text: str, code: str) -> None:
    with pytest.raises(Fault, match=code):
        read_minor(text, "USD", 2)


def test_decimals_follow_the_currency() -> None:
    assert read_minor("1234", "JPY", 0) == 1234
    assert read_minor("1234.567", "KWD", 3) == 1234567
    with pytest.raises(Fault, match="too_many_decimals"):
        read_minor("12.5", "JPY", 0)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("12.50", "."),
        ("12,50", ","),
        ("1,234", "?"),
        ("1.234.567", ","),
        ("1,234.5", "."),
        ("0,500", ","),
        ("12", ""),
        ("x", ""),
    ],
)
def test_a_value_proves_a_decimal_mark_only_where_it_has_one_reading(text: str, mark: str) -> None:
    assert mark_proved(text) == mark


@pytest.mark.parametrize(
    ("text", "code"), [("0." + "1" * 19, "not_an_amount"), ("1" * 19, "absurd_amount"), ("-1", "negative_amount")]
)
def test_an_exact_amount_has_its_limits_too(text: str, code: str) -> None:
    with pytest.raises(Fault, match=code):
        read_exact(text)


def test_an_exact_amount_keeps_every_decimal() -> None:
    assert read_exact("83333.33") == 83333_330000000000000000

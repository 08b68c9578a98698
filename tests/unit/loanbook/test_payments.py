"""Payment files: the same care as a loan book, and each reference once."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.loan import Payment
from bot.domain.money import Money
from bot.loanbook.mapping import read_mapping
from bot.loanbook.payments import PLAIN_PAYMENTS, read_payments
from bot.loanbook.sources import BookMapping
from tests.unit.loanbook.books import OPTIONS, read_payment_rows

GOOD = {
    "reference": "P1",
    "loan_id": "L1",
    "instalment": "",
    "amount": "50.00",
    "currency": "GBP",
    "paid_on": "2026-03-01",
    "reverses": "",
}


def test_a_good_row_is_a_payment() -> None:
    (row,) = read_payment_rows({**GOOD, "instalment": "2"}).rows
    assert row.payment == Payment("P1", "L1", Money(5000, "GBP"), date(2026, 3, 1), instalment=2)


@pytest.mark.parametrize("amount", ["50.00", "-50.00", "(50.00)"])
def test_a_row_that_reverses_takes_money_back_whichever_way_it_is_written(amount: str) -> None:
    (row,) = read_payment_rows({**GOOD, "reference": "R1", "amount": amount, "reverses": "P1"}).rows
    assert (row.payment.amount, row.payment.reverses) == (Money(-5000, "GBP"), "P1")


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("reference", "", "missing_value"),
        ("reference", "2.02E+15", "shortened_number"),
        ("loan_id", "", "missing_value"),
        ("instalment", "0", "not_a_number"),
        ("amount", "0.00", "zero_amount"),
        ("amount", "-5", "reversal_unnamed"),
        ("amount", "five", "not_an_amount"),
        ("amount", "1,234", "ambiguous_amount"),
        ("amount", "5.005", "ambiguous_amount"),
        ("amount", "1000.005", "too_many_decimals"),
        ("currency", "pound", "unknown_currency"),
        ("paid_on", "03/02/2026", "ambiguous_date"),
        ("paid_on", "2026-03-08", "future_date"),
        ("reverses", "P1", "reverses_itself"),
    ],
)
def test_each_bad_value_is_told_with_its_line_and_column(column: str, text: str, code: str) -> None:
    reading = read_payment_rows({**GOOD, column: text})
    assert reading.rows == []
    assert reading.places == [(2, column, code)]
    assert reading.summary.bad == 1


def test_several_problems_of_a_row_are_told_at_once() -> None:
    reading = read_payment_rows({**GOOD, "loan_id": "", "amount": "x", "currency": "?", "paid_on": "?"})
    assert sorted(reading.places) == [
        (2, "amount", "not_an_amount"),
        (2, "currency", "unknown_currency"),
        (2, "loan_id", "missing_value"),
        (2, "paid_on", "not_a_date"),
    ]


def test_the_same_row_twice_is_one_payment() -> None:
    reading = read_payment_rows(GOOD, GOOD)
    assert (len(reading.rows), reading.summary.repeated, reading.summary.bad, reading.problems) == (1, 1, 0, [])


def test_one_reference_with_two_contents_is_told() -> None:
    reading = read_payment_rows(GOOD, {**GOOD, "amount": "60.00"})
    assert reading.places == [(3, "reference", "reference_conflict")]
    assert reading.problems[0].sentence == "Line 2 has this reference with other content."


def test_a_day_that_proves_the_order_of_its_column_decides_the_others() -> None:
    reading = read_payment_rows({**GOOD, "paid_on": "03/02/2026"}, {**GOOD, "reference": "P2", "paid_on": "13/02/2026"})
    assert [row.payment.paid_on for row in reading.rows] == [date(2026, 2, 3), date(2026, 2, 13)]


def test_a_row_of_the_wrong_width_is_told() -> None:
    reading = read_payment_rows(GOOD, {"reference": "P2", "loan_id": "L1"})
    assert reading.places == [(3, "", "too_few_fields")]


def test_rows_that_can_be_read_only_once_are_refused_to_the_programmer() -> None:
    with pytest.raises(TypeError, match="more than once"):
        next(iter(read_payments(list(GOOD), iter([]), PLAIN_PAYMENTS, OPTIONS)))


def test_missing_columns_refuse_the_file() -> None:
    reading = read_payment_rows({"reference": "P1", "loan": "L1"})
    assert reading.summary.refused
    assert [found.column for found in reading.problems if found.code == "missing_column"] == [
        "loan_id",
        "amount",
        "currency",
        "paid_on",
    ]


def test_a_mapping_names_the_columns_of_another_system() -> None:
    text = 'columns: {reference: ref, loan_id: loan, amount: sum, paid_on: day}\ndefaults: {currency: CNY}\nformats: {date: "%d/%m/%Y", decimal: ","}'
    mapping = read_mapping(text, "m.yaml", payments=True)
    assert isinstance(mapping, BookMapping)
    (row,) = read_payment_rows(
        {"ref": "P1", "loan": "L1", "sum": "1.234,50", "day": "03/02/2026"}, mapping=mapping
    ).rows
    assert row.payment == Payment("P1", "L1", Money(123450, "CNY"), date(2026, 2, 3))

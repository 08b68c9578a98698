"""Mapping files: every mistake at once, at its place, with the near word named."""

import pytest

from bot.loanbook.mapping import read_mapping
from bot.loanbook.sources import BookMapping, Join, Term, joined_file
from tests.unit.loanbook.books import a_mapping

COLUMNS = """\
columns:
  programme: product
  borrower_id: client
  loan_id: id
  currency: ccy
  instalment: no
  due_date: due
  principal: [part, -open]
"""


def mistakes(text: str, payments: bool = False) -> list[tuple[str, int, int]]:
    found = read_mapping(text, "m.yaml", payments)
    assert isinstance(found, tuple)
    return [(problem.code, problem.place.line, problem.place.column) for problem in found]


def test_columns_name_their_sources_and_amounts_may_be_sums() -> None:
    mapping = a_mapping(COLUMNS)
    assert mapping.columns is not None
    assert mapping.columns["loan_id"] == (Term("id"),)
    assert mapping.columns["principal"] == (Term("part"), Term("open", -1))


def test_all_the_rest_is_read_too() -> None:
    mapping = a_mapping(
        COLUMNS
        + """\
book: "*schedule.csv"
formats: {date: "%y%m%d", birth_date: czech_birth_number, thousands: ".", excess_decimals: carry}
defaults: {currency: CZK, paid_at: 1998-12-31}
values: {status: {A: paid, "*": open}}
null: ['\\N', NULL]
join:
  - {file: "*loans.csv", on: {id: key}, as: loan, where: {type: OWNER}}
  - {file: places.csv, on: loan.place}
"""
    )
    assert mapping.format_of("due_date") == "%y%m%d"
    assert mapping.format_of("birth_date") == "czech_birth_number"
    assert (mapping.decimal, mapping.carry) == (",", True)
    assert mapping.defaults == {"currency": "CZK", "paid_at": "1998-12-31"}
    assert mapping.values == {"status": {"A": "paid", "*": "open"}}
    assert mapping.nulls == {"", "\\N", "NULL"}
    assert mapping.joins == (
        Join("*loans.csv", "loan", "id", "key", (("type", "OWNER"),)),
        Join("places.csv", "places", "loan.place", "place"),
    )


def test_a_star_in_a_joined_file_stands_for_what_it_matched_in_the_book() -> None:
    mapping = BookMapping(book="*schedule.csv")
    join = Join("*loans.csv", "loan", "id", "id")
    assert joined_file(mapping, "north.schedule.csv", join) == "north.loans.csv"
    assert joined_file(mapping, "schedule.csv", join) == "loans.csv"
    assert joined_file(mapping, "other.csv", join) is None


def test_every_mistake_is_reported_at_once_at_its_place() -> None:
    text = """\
colums: {}
columns:
  lone_id: id
  loan_id: [a, b]
formats:
  dat: "%Y"
  date: "%Q"
  decimal: "x"
  excess_decimals: maybe
join:
  - {on: id}
  - {file: a.csv, on: id, as: x, were: {}}
  - {file: b.csv, on: id, as: x}
"""
    assert mistakes(text) == [
        ("M002", 1, 1),
        ("M003", 3, 3),
        *[("M012", 3, 3)] * 5,
        ("M005", 4, 12),
        ("M002", 6, 3),
        ("M007", 7, 9),
        ("M008", 8, 12),
        ("M009", 9, 20),
        ("M011", 11, 5),
        ("M002", 12, 34),
        ("M011", 13, 5),
    ]


def test_a_near_word_is_named() -> None:
    found = read_mapping("colums: {}", "m.yaml")
    assert isinstance(found, tuple)
    assert str(found[0]) == (
        'm.yaml:1:1 M002 "colums" is not known here. Did you mean "columns"? '
        "Use one of: book, columns, defaults, formats, join, null, schedule, values."
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "M001"),
        ("- a", "M001"),
        ("columns: [a]", "M001"),
        ("null: x", "M001"),
        ("join: {}", "M001"),
        ("join: [x]", "M001"),
        ("values: {status: paid}", "M001"),
        ("defaults: {loan: x}", "M003"),
        ('book: "*a*"', "M004"),
        ("columns: {loan_id: other.id}\njoin: [{file: loan.csv, on: id}]", "M006"),
        ('formats: {decimal: ".", thousands: "."}', "M008"),
        ("schedule: {amount: a, months: b, payment: c}", "M010"),
        ("schedule: {amount: a, months: b, payment: c, first_due: {column: d, months_later: many}}", "M010"),
        ("schedule: {amount: a, months: b, payment: c, first_due: d, rate: e}", "M002"),
        ("schedule: {amount: a, months: b, payment: c, first_due: d}\nformats: {excess_decimals: carry}", "M009"),
        ("columns: {due_date: x}\nschedule: {amount: a, months: b, payment: c, first_due: d}", "M003"),
        ("columns: {amount: x}\nschedule: {amount: a, months: b, payment: c, first_due: d}", "M003"),
        ("columns: {loan_id: {a: b}}", "M001"),
        ("join: [{file: a.csv, on: [x]}]", "M011"),
        ("columns: {loan_id: a", "Y002"),
    ],
)
def test_each_mistake_has_its_code(text: str, code: str) -> None:
    assert code in [found[0] for found in mistakes(text)]


def test_a_mapping_for_payments_knows_their_columns_and_no_schedule() -> None:
    good = "columns: {reference: r, loan_id: l, amount: a, currency: c, paid_on: d}"
    assert isinstance(read_mapping(good, "m.yaml", payments=True), BookMapping)
    assert ("M003", 1, 11) in mistakes("columns: {due_date: d}", payments=True)
    assert "M010" in [code for code, _, _ in mistakes("schedule: {}", payments=True)]
    assert "M005" in [code for code, _, _ in mistakes("columns: {amount: [a, b]}", payments=True)]

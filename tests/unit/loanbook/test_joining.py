"""Joined files lend their columns; a row without a partner, or with two, is told and the others stay."""

from __future__ import annotations

from bot.loanbook.joining import join_tables
from bot.loanbook.problems import problem
from bot.loanbook.raw import RawRow, RawTable
from tests.unit.loanbook.books import a_mapping

MAPPING = a_mapping(
    """\
columns:
  borrower_id: owner.client
  loan_id: id
  currency: place.money
  instalment: no
  due_date: due
  principal: part
join:
  - {file: owners.csv, on: {id: loan}, as: owner, where: {type: OWNER}}
  - {file: places.csv, on: owner.town, as: place}
"""
)


def table(columns: str, *rows: str) -> RawTable:
    return RawTable(tuple(columns.split()), [RawRow(n, row.split()) for n, row in enumerate(rows, start=2)])


BOOK = table("id no due part", "L1 1 2026-03-31 5", "L2 1 2026-03-31 5", "L3 1 2026-03-31 5", "L4 1 2026-03-31 5")
OWNERS = table(
    "loan client type town",
    "L1 C1 OWNER T1",
    "L1 C9 USER T9",
    "L2 C2 OWNER T2",
    "L2 C3 OWNER T2",
    "L4 C4 OWNER T7",
)
PLACES = table("town money", "T1 CZK", "T2 EUR")


def test_columns_of_joined_files_stand_beside_the_books_own() -> None:
    joined = join_tables(BOOK, {"owner": OWNERS, "place": PLACES}, MAPPING)
    assert joined.columns == ("id", "no", "due", "part", "owner.client", "owner.town", "place.money")
    rows = list(joined.rows)
    assert rows[0] == RawRow(2, ["L1", "1", "2026-03-31", "5", "C1", "T1", "CZK"])
    assert [row.fault for row in rows] == ["", "join_ambiguous:owner", "join_missing:owner", "join_missing:place"]
    assert list(joined.rows) == rows


def test_a_row_of_the_wrong_width_keeps_that_as_its_fault() -> None:
    book = table("id no due part", "L1 1", "L1 1 2026-03-31 5 6")
    joined = join_tables(book, {"owner": OWNERS, "place": PLACES}, MAPPING)
    assert [row.fault for row in joined.rows] == ["too_few_fields", "too_many_fields"]


def test_a_column_to_join_on_that_is_missing_is_told_and_nothing_is_read() -> None:
    joined = join_tables(BOOK, {"owner": table("lone client town"), "place": PLACES}, MAPPING)
    assert [(found.column, found.code) for found in joined.problems] == [
        ("loan", "missing_column"),
        ("type", "missing_column"),
        ("owner.town", "missing_column"),
    ]
    assert not joined.readable
    assert list(joined.rows) == []


def test_a_joined_file_that_cannot_be_read_is_named() -> None:
    broken = RawTable((), (), (problem("unreadable_file", why="No such file"),))
    joined = join_tables(BOOK, {"owner": OWNERS, "place": broken}, MAPPING)
    assert [(found.column, found.code) for found in joined.problems] == [("place", "unreadable_file")]
    assert not joined.readable

"""A loan book streams: memory grows with its loans by some hundred bytes each, never with its rows.

GRACE_TEST_LONG=1 reads a million rows.
"""

from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from datetime import date

from bot.loanbook.raw import RawRow
from bot.loanbook.rows import BookRow, BookSummary, ReadOptions, read_loan_book
from bot.loanbook.sources import BookMapping
from tests.unit.loanbook.books import GOOD

LOANS = 83_334 if os.environ.get("GRACE_TEST_LONG") else 400
PER_LOAN = 12
#: Dictionaries of values read, whatever the size of the book.
FIXED = 8 * 1024 * 1024


class Book:
    """Rows made while they are read."""

    def __init__(self, loans: int) -> None:
        self.loans = loans
        self.made = 0

    def __iter__(self) -> Iterator[RawRow]:
        for loan in range(self.loans):
            for number in range(1, PER_LOAN + 1):
                self.made += 1
                row = {
                    **GOOD,
                    "borrower_id": f"B{loan}",
                    "phone": f"+4477{loan:08d}",
                    "loan_id": f"L{loan}",
                    "instalment": str(number),
                    "due_date": f"2026-{number:02d}-28",
                    "principal": f"{loan % 1000}.{number:02d}",
                }
                yield RawRow(self.made + 1, list(row.values()))


def test_a_book_of_any_length_is_read_with_little_memory() -> None:
    book = Book(LOANS)
    tracemalloc.start()
    good = 0
    summary = None
    for item in read_loan_book(tuple(GOOD), book, BookMapping(), ReadOptions(today=date(2026, 3, 5))):
        good += isinstance(item, BookRow)
        summary = item
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(summary, BookSummary)
    assert (good, summary.good, summary.loans) == (LOANS * PER_LOAN, LOANS * PER_LOAN, LOANS)

    assert peak < FIXED + LOANS * 1_000


def test_the_first_rows_come_before_the_last_are_made() -> None:
    book = Book(100)
    items = read_loan_book(tuple(GOOD), book, BookMapping(), ReadOptions(today=date(2026, 3, 5)))
    next(items)
    # Once through for the survey, and then one row.
    assert book.made == 100 * PER_LOAN + 1

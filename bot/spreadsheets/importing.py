"""From a file to what the import services take: opened, read by its mapping, problems and the summary among the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from bot.domain.calendar import local_day
from bot.loanbook.payments import PaymentRow, PaymentSummary, read_payments
from bot.loanbook.problems import RowProblem
from bot.loanbook.raw import RawTable
from bot.loanbook.rows import BookRow, BookSummary, ReadOptions, read_loan_book
from bot.loanbook.sources import BookMapping
from bot.policy.programme_reading import DEFAULT
from bot.services.live import Live
from bot.spreadsheets.opening import open_book, open_rows


def book_items(
    path: Path, mapping: BookMapping, options: ReadOptions, encoding: str | None = None
) -> Iterator[BookRow | RowProblem | BookSummary]:
    """All of a loan book: its good rows, its problems, and the summary last."""
    table = open_book(path, mapping, encoding)
    yield from table.problems
    if not table.readable:
        yield BookSummary(refused=True, problems=_counted(table))
        return
    yield from read_loan_book(table.columns, table.rows, mapping, options)


def payment_items(
    path: Path, mapping: BookMapping, options: ReadOptions, encoding: str | None = None
) -> Iterator[PaymentRow | RowProblem | PaymentSummary]:
    """All of a payment file: its good rows, its problems, and the summary last."""
    table = open_rows(path, encoding)
    yield from table.problems
    if not table.readable:
        yield PaymentSummary(refused=True, problems=_counted(table))
        return
    yield from read_payments(table.columns, table.rows, mapping, options)


def _counted(table: RawTable) -> Counter[str]:
    return Counter(found.code for found in table.problems)


def options_of(live: Live, now: datetime, programme: str | None = None, as_of: date | None = None) -> ReadOptions:
    """How a file is read for these programmes; rows without a programme belong to the only one there is, else to
    the one for products without a file of their own.

    `now` becomes the day it is where the first programme is.
    """
    known = frozenset(p.programme_id for p in live.programmes)
    today = local_day(now, live.programmes[0].timezone)
    otherwise = next(iter(known)) if len(known) == 1 else DEFAULT if DEFAULT in known else None
    return ReadOptions(today, programme or otherwise, known, as_of)

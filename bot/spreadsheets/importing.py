"""From a file to the database: opens it, reads it by its mapping, and hands the rows to the import services.

This is what the commands, the demo and the tests call; everything it decides is decided in `bot.loanbook`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

from bot.domain.calendar import local_day
from bot.loanbook.payments import PLAIN_PAYMENTS, PaymentRow, PaymentSummary, read_payments
from bot.loanbook.problems import RowProblem
from bot.loanbook.raw import RawTable
from bot.loanbook.rows import BookRow, BookSummary, ReadOptions, read_loan_book
from bot.loanbook.sources import BookMapping
from bot.services.import_loan_book import ImportReport, import_loan_book
from bot.services.live import Live
from bot.services.ports import Storage
from bot.services.post_payments import PaymentReport, post_payments
from bot.spreadsheets.opening import open_book, open_rows

#: A file in the canonical columns needs no mapping.
PLAIN_BOOK = BookMapping()


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
    """How a file is read for these programmes; rows without a programme belong to the only one there is.

    `now` becomes the day it is where the first programme is.
    """
    known = frozenset(p.programme_id for p in live.programmes)
    today = local_day(now, live.programmes[0].timezone)
    only = next(iter(known)) if len(known) == 1 else None
    return ReadOptions(today, programme or only, known, as_of)


async def import_file(
    storage: Storage,
    live: Live,
    path: Path,
    now: datetime,
    mapping: BookMapping = PLAIN_BOOK,
    on_problem: Callable[[RowProblem], None] = lambda _: None,
) -> ImportReport:
    """Imports a loan book with nothing asked: good rows are stored, bad ones handed to `on_problem`."""
    items = book_items(path, mapping, options_of(live, now))
    return await import_loan_book(storage, live, items, now, on_problem=on_problem)


async def post_file(
    storage: Storage,
    live: Live,
    path: Path,
    now: datetime,
    mapping: BookMapping = PLAIN_PAYMENTS,
    on_problem: Callable[[RowProblem], None] = lambda _: None,
) -> PaymentReport:
    """Posts a payment file: good rows are posted, bad ones handed to `on_problem`."""
    items = payment_items(path, mapping, options_of(live, now))
    return await post_payments(storage, live, items, now, on_problem)

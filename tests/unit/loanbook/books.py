"""Builders for loan book tests: a good book with one thing changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.loanbook.mapping import read_mapping
from bot.loanbook.payments import PLAIN_PAYMENTS, PaymentRow, PaymentSummary, read_payments
from bot.loanbook.problems import RowProblem
from bot.loanbook.raw import RawRow
from bot.loanbook.rows import BookRow, BookSummary, ReadOptions, read_loan_book
from bot.loanbook.sources import BookMapping

TODAY = date(2026, 3, 5)
OPTIONS = ReadOptions(today=TODAY)
PLAIN = BookMapping()

#: One good instalment in the canonical columns.
GOOD = {
    "programme": "generic",
    "borrower_id": "B1",
    "borrower_name": "Ana",
    "language": "en",
    "timezone": "Europe/London",
    "region": "GB",
    "phone": "+447700900001",
    "email": "ana@example.org",
    "birth_date": "1990-05-17",
    "id_last4": "0042",
    "loan_id": "L1",
    "currency": "GBP",
    "instalment": "1",
    "due_date": "2026-03-31",
    "principal": "100.00",
    "interest": "10.00",
    "fees": "",
    "late_fees": "",
    "paid": "",
    "paid_at": "",
    "risk": "",
    "flags": "",
}


class Reading:
    """What became of a book: its rows, its problems, and its summary."""

    def __init__(self, items: Sequence[Any]) -> None:
        self.rows = [item for item in items if isinstance(item, BookRow | PaymentRow)]
        self.problems = [item for item in items if isinstance(item, RowProblem)]
        assert isinstance(items[-1], BookSummary | PaymentSummary)
        self.summary: Any = items[-1]

    @property
    def codes(self) -> list[str]:
        return [found.code for found in self.problems]

    @property
    def places(self) -> list[tuple[int, str, str]]:
        return [(found.line, found.column, found.code) for found in self.problems]


def a_row(**changed: str) -> dict[str, str]:
    return {**GOOD, **changed}


def read_rows(rows: Sequence[dict[str, str]], mapping: BookMapping = PLAIN, options: ReadOptions = OPTIONS) -> Reading:
    """Reads rows that have the same columns; the first stands in line 2."""
    columns = tuple(rows[0])
    raw = [RawRow(line, [row[name] for name in columns]) for line, row in enumerate(rows, start=2)]
    return Reading(list(read_loan_book(columns, raw, mapping, options)))


def read_one(mapping: BookMapping = PLAIN, options: ReadOptions = OPTIONS, **changed: str) -> Reading:
    return read_rows([a_row(**changed)], mapping, options)


def read_columns(columns: Sequence[str], *rows: Sequence[str], mapping: BookMapping = PLAIN) -> Reading:
    raw = [RawRow(line, list(row)) for line, row in enumerate(rows, start=2)]
    return Reading(list(read_loan_book(columns, raw, mapping, replace(OPTIONS, programme="generic"))))


def a_mapping(text: str) -> BookMapping:
    mapping = read_mapping(text, "mapping.yaml")
    assert isinstance(mapping, BookMapping), "\n".join(map(str, mapping))
    return mapping


def read_payment_rows(*rows: dict[str, str], mapping: BookMapping = PLAIN_PAYMENTS) -> Reading:
    columns = tuple(rows[0])
    raw = [RawRow(line, [row[name] for name in columns if name in row]) for line, row in enumerate(rows, start=2)]
    return Reading(list(read_payments(columns, raw, mapping, OPTIONS)))
